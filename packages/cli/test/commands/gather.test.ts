import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { UsageError, writeContainer } from '@apf/core';
import { command } from '../../src/commands/gather.js';
import { ELASTICC, elasticcNight, writeGathered } from '../simulate/elasticc-alerts.js';
import { runCommand, type Ran } from './run-command.js';

/** `apf gather` does what the document's two scripts do (fink 1.2). */
describe('apf gather', () => {
  let folder: string;
  const alerts = elasticcNight(9);
  const gather = async (...args: string[]): Promise<Ran & { summary: object; bad: object[] }> => {
    const ran = await runCommand('gather [paths..]', command, '--json', ...args);
    const records = ran.stdout
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as { event: string });
    return { ...ran, summary: records.at(-1)!, bad: records.filter(({ event }) => event === 'bad') };
  };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'apf-gather-'));
    for (const night of [0, 1, 2]) {
      writeGathered(join(folder, `NITE${night}`), alerts.slice(night * 3, night * 3 + 3));
      execFileSync('tar', ['czf', `NITE${night}.tar.gz`, `NITE${night}`], { cwd: folder });
      rmSync(join(folder, `NITE${night}`), { recursive: true });
    }
    const cut = join(folder, 'NITE2.tar.gz');
    writeFileSync(cut, readFileSync(cut).subarray(0, 150));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('unpacks the archives into one folder, prints the number of alerts, and moves a bad archive where it is told', async () => {
    const { summary, bad } = await gather(folder, '--bad', join(folder, 'bad'));
    expect(summary).toMatchObject({ alerts: 6, files: 6, bad: 1 });
    expect(bad).toMatchObject([
      { file: join(folder, 'NITE2.tar.gz'), moved: join(folder, 'bad/NITE2.tar.gz') },
    ]);
    expect(readdirSync(join(folder, 'gathered'))).toHaveLength(6);
    expect(readdirSync(folder).sort()).toEqual(['NITE0.tar.gz', 'NITE1.tar.gz', 'bad', 'gathered']);
  });

  it('moves nothing unless it is told to, and writes nothing in a dry run', async () => {
    expect((await gather(folder, '--dry-run', '--bad', join(folder, 'bad'))).summary).toMatchObject({
      alerts: 6,
      bad: 1,
    });
    expect(readdirSync(folder).sort()).toEqual(['NITE0.tar.gz', 'NITE1.tar.gz', 'NITE2.tar.gz']);
    await gather(folder);
    expect(readdirSync(folder).sort()).toEqual(['NITE0.tar.gz', 'NITE1.tar.gz', 'NITE2.tar.gz', 'gathered']);
  });

  it('may be repeated, and keeps both of two files that have the same name', async () => {
    await gather(folder);
    const name = readdirSync(join(folder, 'gathered'))[0]!;
    mkdirSync(join(folder, 'again'));
    copyFileSync(join(folder, 'gathered', name), join(folder, 'again', name));
    mkdirSync(join(folder, 'other'));
    writeFileSync(join(folder, 'other', name), gzipSync(writeContainer(ELASTICC, alerts.slice(0, 2))));
    const { summary } = await gather(folder);
    expect(summary).toMatchObject({ alerts: 9, files: 8, already: 7, renamed: 1 });
    const other = readFileSync(join(folder, 'gathered', name.replace('.avro', '~2.avro')));
    expect(other).toEqual(readFileSync(join(folder, 'other', name)));
    expect((await gather(folder)).summary).toMatchObject({ already: 8, renamed: 0 });
  });

  it('leaves an alert that cannot be read out, and takes no path from an archive', async () => {
    mkdirSync(join(folder, 'x'));
    writeFileSync(
      join(folder, 'x/bad.avro'),
      'version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 5\n',
    );
    writeFileSync(join(folder, 'x/good.avro'), writeContainer(ELASTICC, alerts.slice(0, 1)));
    const out = ['--transform', 's,^x/,../../,', '-P'];
    execFileSync('tar', ['cf', 'NITE9.tar', ...out, 'x/bad.avro', 'x/good.avro'], {
      cwd: folder,
      stdio: 'ignore',
    });
    rmSync(join(folder, 'x'), { recursive: true });
    const { bad, summary } = await gather(join(folder, 'NITE9.tar'), '--to', join(folder, 'a/b/to'));
    expect(bad).toMatchObject([{ code: 'APF_LFS_POINTER', file: `${folder}/NITE9.tar#../../bad.avro` }]);
    expect(summary).toMatchObject({ alerts: 1 });
    expect(readdirSync(join(folder, 'a/b/to'))).toEqual(['good.avro']);
    expect(readdirSync(join(folder, 'a'))).toEqual(['b']);
  });

  it('refuses what is not there', async () => {
    for (const args of [
      [join(folder, 'none')],
      [join(folder, 'NITE0.tar.gz')],
      ['--to', join(folder, 'to'), join(folder, 'none*')],
    ]) {
      expect((await gather(...args).catch((error: unknown) => ({ error }))).error).toBeInstanceOf(UsageError);
    }
  });
});
