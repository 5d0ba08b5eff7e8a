import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FatalError, systemClock } from '@apf/core';
import { processExists, type BrokerProcess } from './broker-process.js';
import type { Credentials, Ports } from './server-properties.js';

/** What is written down of a cluster, so that another process can find, stop or restart it. */
export interface ClusterState {
  readonly kafka: string;
  /** 'Java 17' or 'Docker'. */
  readonly runsOn: string;
  readonly clusterId: string;
  readonly host: string;
  readonly ports: Ports;
  /** Of a secured cluster only. */
  readonly admin?: Credentials | undefined;
  /** The broker last started; whether it still runs is for the process table to say. */
  readonly broker: BrokerProcess;
}

const FILE = 'cluster.json';
const LOCK = 'starting';
/** A first start fetches Kafka, which takes minutes on a slow line. */
const LOCK_PATIENCE = 15 * 60_000;

/** The state of the cluster in `dir`, or undefined where none was ever started. */
export async function readState(dir: string): Promise<ClusterState | undefined> {
  try {
    const state = JSON.parse(await readFile(join(dir, FILE), 'utf8')) as Partial<ClusterState> | null;
    return state?.broker && state.ports ? (state as ClusterState) : undefined;
  } catch (error) {
    // Damaged counts as absent: the broker it told of can no longer be known, and its data is only a trial's.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT' || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

export async function writeState(dir: string, state: ClusterState): Promise<void> {
  const draft = join(dir, `${FILE}.draft`);
  await writeFile(draft, `${JSON.stringify(state, null, 2)}\n`, { mode: 0o600 });
  await rename(draft, join(dir, FILE));
}

/** Runs `use` while no other process starts a cluster in `dir`. A lock whose owner is dead is taken over. */
export async function withLock<T>(dir: string, use: () => Promise<T>): Promise<T> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const lock = join(dir, LOCK);
  const end = systemClock.now() + LOCK_PATIENCE;
  for (;;) {
    try {
      await writeFile(lock, String(process.pid), { flag: 'wx' });
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      const owner = Number(await readFile(lock, 'utf8').catch(() => '0'));
      if (owner > 0 && !processExists(owner)) await rm(lock, { force: true });
      else if (systemClock.now() < end) await systemClock.sleep(100);
      else {
        throw new FatalError(
          `process ${owner} has been starting a cluster in ${dir} for ${LOCK_PATIENCE / 60_000} minutes; end it, or delete ${lock}`,
          { code: 'APF_KAFKA_START' },
        );
      }
    }
  }
  try {
    return await use();
  } finally {
    await rm(lock, { force: true });
  }
}
