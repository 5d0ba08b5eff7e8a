import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { apf } from '../apf';
import { apfHere } from '../in-process';

describe('apf new-filter', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'apf-new-filter-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('makes filters that run, with tests that pass, for each survey, as function and as class', async () => {
    const names = ['one', 'two-words', 'Stateful', 'ours', 'theirs'];
    const options = [
      [],
      ['--survey', 'ztf'],
      ['--class'],
      ['--survey', 'lsst', '--class'],
      ['--survey', 'elasticc'],
    ];
    for (const [i, name] of names.entries()) {
      const made = await apfHere(['new-filter', name, '--filters', join(folder, 'filters'), ...options[i]!]);
      expect(made).toMatchObject({ code: 0, stderr: '' });
      expect(made.stdout).toContain(`Made ${name} in `);
    }
    const tested = await apf(['filters', 'test'], folder);
    expect(tested.stdout).toContain('pass 5');
    expect(tested).toMatchObject({ code: 0 });
    const listed = await apfHere(['filters', 'list', '--filters', join(folder, 'filters'), '--json']);
    const rows = listed.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { name: string });
    expect(rows.slice(0, 5)).toMatchObject([
      { number: 1, name: 'Stateful', survey: [], reads: ['snr', 'mag', 'mjd'], cap: null, error: null },
      { name: 'one', survey: [], reads: ['snr', 'mag', 'positive'], cap: 20 },
      { name: 'ours', survey: ['lsst'] },
      { name: 'theirs', survey: ['elasticc'] },
      { name: 'two-words', survey: ['ztf'] },
    ]);
  });

  it('a test fails once its filter lets pass what it should not', async () => {
    const place = ['--filters', join(folder, 'filters')];
    await apfHere(['new-filter', 'wide', ...place]);
    const file = join(folder, 'filters', 'wide.ts');
    await writeFile(file, (await readFile(file, 'utf8')).replace('mag < 20', 'mag < 22'));
    const tested = await apf(['filters', 'test', 'wide'], folder);
    expect(tested).toMatchObject({ code: 1 });
    expect(tested.stdout).toContain('not ok 1 - wide');
    expect((await apfHere(['filters', 'test', 'other', ...place])).code).toBe(2);
  });

  it('--count 100 makes Filter001 to Filter100, and nothing is overwritten', async () => {
    const place = ['--filters', join(folder, 'filters')];
    expect(await apfHere(['new-filter', '--count', '100', ...place])).toMatchObject({ code: 0 });
    const { stdout } = await apfHere(['filters', 'list', ...place]);
    expect(stdout).toMatch(/^ *1 +Filter001/m);
    expect(stdout).toMatch(/^ *100 +Filter100/m);
    const again = await apfHere(['new-filter', 'Filter100', ...place]);
    expect(again.code).toBe(2);
    expect(again.stderr).toContain('Filter100.ts is there already; nothing was written');
  });

  it.each([['../up'], ['a/b'], ['class'], ['1st'], ['a b'], ['']])('refuses the name %j', async (name) => {
    const made = await apfHere(['new-filter', name, '--filters', join(folder, 'filters')]);
    expect(made).toMatchObject({ code: 2, stdout: '' });
    expect(made.stderr).toContain('cannot name a filter');
  });

  it('refuses a name that is too long once it is numbered', async () => {
    const place = join(folder, 'filters');
    const made = await apfHere(['new-filter', 'a'.repeat(100), '--count', '2', '--filters', place]);
    expect(made).toMatchObject({ code: 2, stdout: '' });
    expect(made.stderr).toContain('aaa002');
    expect(await readdir(folder)).toEqual([]);
  });

  it('names a folder that cannot be one', async () => {
    const file = join(folder, 'file');
    await writeFile(file, 'as it was');
    for (const place of [file, join(file, 'below'), ...(process.platform === 'linux' ? ['/proc/x'] : [])]) {
      const made = await apfHere(['new-filter', 'one', '--filters', place]);
      expect(made).toMatchObject({ code: 2, stdout: '' });
      expect(made.stderr).toContain(`apf: filters cannot be written to ${place}: `);
      expect(made.stderr).toMatch(/; choose another --filters\n$/);
    }
    const unnamed = await apfHere(['new-filter', 'one', '--filters', '']);
    expect(unnamed.code).toBe(2);
    expect(unnamed.stderr).toContain('--filters needs a folder');
  });

  it('writes through no link that leads nowhere', async () => {
    await mkdir(join(folder, 'filters'));
    await symlink(join(folder, 'elsewhere.ts'), join(folder, 'filters', 'one.ts'));
    const made = await apfHere(['new-filter', 'one', '--filters', join(folder, 'filters')]);
    expect(made).toMatchObject({ code: 2, stdout: '' });
    expect(made.stderr).toContain('one.ts is there already; nothing was written');
    expect(await readdir(folder)).toEqual(['filters']);
  });
});
