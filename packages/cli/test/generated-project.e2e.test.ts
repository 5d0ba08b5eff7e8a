import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { apf, start, type Ended } from './apf';

/** Waits until it is told to stop; says so when it is torn down. */
const waiting = (word: string): string => `
  import { Step, type AlertContext } from '@apf/core';
  export default class Waiting extends Step {
    async execute(_message: unknown, { signal }: AlertContext): Promise<void> {
      console.log('${word} executes');
      if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve));
    }
    tearDown(): void {
      console.log('${word} is torn down');
    }
  }`;

describe('a generated project, installed outside of the checkout', () => {
  let folder: string;
  let project: string;
  const npm = (...args: string[]): Promise<Ended> => start('npm', args, project).ended;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'apf-project-'));
    project = join(folder, 'sn_process');
    const made = await apf(['new-step', 'sn_process', '--source', 'avro', '--producer', 'csv'], folder);
    expect(made).toMatchObject({ code: 0, stderr: '' });
    const installed = await npm('install');
    expect(installed).toMatchObject({ code: 0 });
    expect(installed.stderr).not.toMatch(/node-gyp|install-scripts/);
  }, 300_000);
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('passes its own test', async () => {
    const { code, stderr } = await npm('test');
    expect(stderr).toMatch(/Tests: +1 passed, 1 total/);
    expect(code).toBe(0);
  });

  it('runs by npm start: reads its samples, writes its results, exits with 0', async () => {
    const { code, stderr } = await npm('start');
    expect({ code, stderr: stderr.replace(/^npm warn .*\n/gm, '') }).toEqual({ code: 0, stderr: '' });
    expect(await readFile(join(project, 'output', 'sn_process.csv'), 'utf8')).toBe(
      'objectId,candid\n' +
        'ZTF25aaaaaaa,2970123456715015001\nZTF25aaaaaab,2970123456715015002\nZTF25aaaaaac,2970123456715015003\n',
    );
  });

  it('refuses to start with a setting that is misspelt, in one line, with exit code 2', async () => {
    const settings = join(project, 'dist', 'settings.js');
    const right = await readFile(settings, 'utf8');
    await writeFile(settings, right.replace('DIRECTORY_PATH', 'DIRECTORY_PAHT'));
    const { code, stderr } = await start(process.execPath, ['dist/scripts/run_step.js'], project).ended;
    await writeFile(settings, right);
    expect(code).toBe(2);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stderr).toContain('DIRECTORY_PATH');
  });

  it('runs once under apf run --once, and ends as the step does', async () => {
    const run = (): Promise<Ended> =>
      start(join(project, 'node_modules', '.bin', 'apf'), ['run', '--once'], project).ended;
    expect(await run()).toMatchObject({ code: 0, stdout: expect.stringContaining('3 executed') as string });
    const settings = await readFile(join(project, 'settings.ts'), 'utf8');
    await writeFile(join(project, 'settings.ts'), settings.replace('./samples', './nowhere'));
    expect((await run()).code).not.toBe(0);
    await writeFile(join(project, 'settings.ts'), settings);
  });

  it('ends the step when apf run itself is killed', async () => {
    await writeFile(join(project, 'step.ts'), waiting('orphan'));
    const run = start(join(project, 'node_modules', '.bin', 'apf'), ['run'], project);
    await run.saw(/orphan executes/);
    run.child.kill('SIGKILL');
    expect((await run.ended).stdout).toContain('orphan is torn down');
  });

  it('runs again after each change under apf run, once the running step has been torn down', async () => {
    await writeFile(join(project, 'step.ts'), waiting('first'));
    const run = start(join(project, 'node_modules', '.bin', 'apf'), ['run'], project);
    await run.saw(/first executes/);
    await writeFile(join(project, 'step.ts'), waiting('second'));
    const output = await run.saw(/second executes/);
    expect(output).toMatch(/first executes[^]*step\.ts changed[^]*first is torn down[^]*second executes/);

    run.child.kill('SIGTERM');
    const { code, stdout } = await run.ended;
    expect(stdout).toMatch(/second is torn down/);
    expect(code).toBe(0);
  });

  it('waits for a change under apf run when the step fails', async () => {
    await writeFile(join(project, 'step.ts'), 'export default class Broken { this is no TypeScript');
    const run = start(join(project, 'node_modules', '.bin', 'apf'), ['run'], project);
    await run.saw(/waiting for a change/);
    await writeFile(join(project, 'step.ts'), waiting('mended'));
    await run.saw(/mended executes/);
    run.child.kill('SIGINT');
    const { code, stderr } = await run.ended;
    expect(code).toBe(0);
    expect(stderr).toMatch(
      /^apf: step\.ts cannot be loaded: ParseError: .* step\.ts:1:\d+\napf: the step has ended/,
    );
  });

  it('makes further projects from its own packs, without the checkout', async () => {
    const bin = join(project, 'node_modules', '.bin', 'apf');
    expect(await start(bin, ['new-step', 'other'], folder).ended).toMatchObject({ code: 0, stderr: '' });
    expect(await readdir(join(folder, 'other', 'vendor'))).toEqual(await readdir(join(project, 'vendor')));
  });
});
