import { mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '@apf/connectors';
import type { DatabaseSettings } from '@apf/core';
import { startPostgres, type TestPostgres } from '../../../scripts/test/postgres-for-tests';
import { apf, start, type Ended } from './apf';

/** What a step that was made without a schema keeps of our sample alerts. */
const ROWS = [
  { objectId: 'ZTF25aaaaaaa', candid: 2970123456715015001n },
  { objectId: 'ZTF25aaaaaab', candid: 2970123456715015002n },
  { objectId: 'ZTF25aaaaaac', candid: 2970123456715015003n },
];

async function rowsOf(config: DatabaseSettings, table = 'sn_process'): Promise<unknown[]> {
  const database = await openDatabase(config);
  try {
    return await database.kysely.selectFrom(table).selectAll().orderBy('candid').execute();
  } finally {
    await database.close();
  }
}

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
  let postgres: TestPostgres | undefined;
  const npm = (...args: string[]): Promise<Ended> => start('npm', args, project).ended;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'apf-project-'));
    project = join(folder, 'sn_process');
    const options = ['--source', 'avro', '--producer', 'csv', '--db', 'sqlite'];
    const made = await apf(['new-step', 'sn_process', ...options], folder);
    expect(made).toMatchObject({ code: 0, stderr: '' });
    const installed = await npm('install');
    expect(installed).toMatchObject({ code: 0 });
    expect(installed.stderr).not.toMatch(/node-gyp|install-scripts/);
  }, 300_000);
  afterAll(async () => {
    await postgres?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('passes its own test', async () => {
    const { code, stderr } = await npm('test');
    expect(stderr).toMatch(/Tests: +1 passed, 1 total/);
    expect(code).toBe(0);
  });

  it('runs by npm start: reads its samples, writes its results to its file and its table, exits with 0', async () => {
    const { code, stderr } = await npm('start');
    expect({ code, stderr: stderr.replace(/^npm warn .*\n/gm, '') }).toEqual({ code: 0, stderr: '' });
    expect(await readFile(join(project, 'output', 'sn_process.csv'), 'utf8')).toBe(
      'objectId,candid\n' +
        'ZTF25aaaaaaa,2970123456715015001\nZTF25aaaaaab,2970123456715015002\nZTF25aaaaaac,2970123456715015003\n',
    );
    const rows = { ENGINE: 'sqlite', FILE_PATH: join(project, 'data', 'sn_process.sqlite') } as const;
    expect(await rowsOf(rows)).toEqual(ROWS);
  });

  it('writes the same rows to PostgreSQL, where it was made for that, and changes nothing the second time', async () => {
    const other = join(folder, 'sn_postgres');
    const made = await apf(['new-step', 'sn_postgres', '--source', 'avro', '--db', 'postgres'], folder);
    expect(made).toMatchObject({ code: 0, stderr: '' });
    // All that it needs is in the first project too.
    await symlink(join(project, 'node_modules'), join(other, 'node_modules'));
    postgres = await startPostgres();
    const PARAMS = await postgres.createDatabase();
    const env = Object.fromEntries(
      Object.entries(PARAMS).map(([key, value]) => [`APF__DB_CONFIG__PARAMS__${key}`, String(value)]),
    );
    for (const time of ['first', 'second']) {
      const { code, stderr, stdout } = await start('npm', ['start'], other, env).ended;
      expect({ time, code, stderr: stderr.replace(/^npm warn .*\n/gm, '') }).toEqual({
        time,
        code: 0,
        stderr: '',
      });
      expect(stdout.includes("made the table 'sn_postgres'")).toBe(time === 'first');
      expect(await rowsOf({ ENGINE: 'postgres', PARAMS }, 'sn_postgres')).toEqual(ROWS);
    }
  });

  it('says what to do where better-sqlite3 was compiled for another machine', async () => {
    const binary = join(project, 'node_modules/better-sqlite3/build/Release/better_sqlite3.node');
    const right = await readFile(binary);
    await writeFile(binary, 'compiled for another machine');
    const { code, stderr } = await start(process.execPath, ['dist/scripts/run_step.js'], project).ended;
    await writeFile(binary, right);
    expect(code).toBe(1);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stderr).toMatch(/better-sqlite3 is not compiled for this machine .*npm install better-sqlite3@/);
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
    const made = await start(bin, ['new-step', 'other', '--db', 'sqlite'], folder).ended;
    expect(made).toMatchObject({ code: 0, stderr: '' });
    expect(await readdir(join(folder, 'other', 'vendor'))).toEqual(await readdir(join(project, 'vendor')));
  });
});
