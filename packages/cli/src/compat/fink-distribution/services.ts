import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { cannotWrite } from '@apf/connectors';
import { FatalError } from '@apf/core';

/** What `fink start` can run. */
export const SERVICES = ['distribution', 'distribution_test'] as const;
export type Service = (typeof SERVICES)[number];

export interface RunningService {
  readonly service: Service;
  readonly pid: number;
  /** ISO time. */
  readonly started: string;
  readonly conf: string;
}

/** How long a service may take to finish what is in hand, in ms, and between two looks. */
const PATIENCE = 45_000;
const LOOK = 100;

const folder = (env: NodeJS.ProcessEnv): string =>
  join(env.XDG_STATE_HOME || join(homedir(), '.local', 'state'), 'apf', 'fink');

/**
 * Notes that this process is a service, until what is given back is called.
 * @throws FatalError that names the folder where that cannot be noted
 */
export function registerService(service: Service, conf: string, env = process.env): () => void {
  const path = join(folder(env), `${service}-${process.pid}.json`);
  const entry: RunningService = { service, pid: process.pid, started: new Date().toISOString(), conf };
  try {
    mkdirSync(folder(env), { recursive: true });
    writeFileSync(path, JSON.stringify(entry));
  } catch (error) {
    throw cannotWrite('the note of a running service', folder(env), 'APF_FILE', error);
  }
  return () => rmSync(path, { force: true });
}

/** The services that run; notes of those that ended without a word are removed. */
export async function runningServices(env = process.env): Promise<RunningService[]> {
  let names: string[];
  try {
    const entries = readdirSync(folder(env), { withFileTypes: true });
    names = entries
      .filter((entry) => entry.isFile())
      .map(({ name }) => name)
      .sort();
  } catch {
    return [];
  }
  const running: RunningService[] = [];
  for (const name of names) {
    const path = join(folder(env), name);
    const entry = entryIn(path);
    if (entry && (await isService(entry))) running.push(entry);
    else rmSync(path, { force: true });
  }
  return running;
}

/** Ends a service properly. @throws FatalError where it does not end */
export async function stopService(entry: RunningService): Promise<void> {
  const deadline = Date.now() + PATIENCE;
  process.kill(entry.pid, 'SIGTERM');
  while (await isService(entry)) {
    if (Date.now() > deadline)
      throw new FatalError(
        `${entry.service} (process ${entry.pid}) has not ended within ${PATIENCE / 1000} s`,
      );
    await sleep(LOOK);
  }
}

function entryIn(path: string): RunningService | undefined {
  try {
    const entry = JSON.parse(readFileSync(path, 'utf8')) as Partial<RunningService>;
    const { service, pid, started, conf } = entry;
    const known = SERVICES.find((each) => each === service);
    if (!known || !Number.isSafeInteger(pid) || typeof started !== 'string' || typeof conf !== 'string')
      return undefined;
    return { service: known, pid: pid!, started, conf };
  } catch {
    return undefined;
  }
}

/** The number of a process that has ended may be another's by now. */
async function isService({ pid, service }: RunningService): Promise<boolean> {
  try {
    const { stdout } = await promisify(execFile)('ps', ['-o', 'stat=,args=', '-p', String(pid)]);
    const [stat = '', ...args] = stdout.trim().split(/\s+/);
    return !stat.startsWith('Z') && args.some((arg) => arg.includes('fink')) && args.includes(service);
  } catch {
    return false;
  }
}
