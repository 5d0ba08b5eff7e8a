import { fork } from 'node:child_process';
import { type Environment, type Logger, type ResolvedSettings, systemClock, UsageError } from '@apf/core';
import { StatusBoard } from '../metrics/status-board.js';
import { serveStatus } from '../metrics/status-server.js';
import { startHeartbeat } from '../wiring/heartbeat.js';
import { WorkerGroup } from './worker-group.js';
import { WORKER } from './worker-identity.js';

/**
 * Runs this very program again `WORKERS` times and serves metrics, health and the heartbeat of all of them.
 * @returns the exit code, see {@link WorkerGroup}
 */
export async function runWorkers(
  settings: ResolvedSettings,
  env: Environment,
  logger: Logger,
  signal: AbortSignal,
): Promise<number> {
  const [, program, ...args] = process.argv;
  if (program === undefined) {
    throw new UsageError('settings: WORKERS needs a program in a file, which can be started several times', {
      code: 'APF_SETTINGS',
    });
  }
  const { WORKERS: count, PROMETHEUS, PROMETHEUS_HOST: host, PROMETHEUS_PORT: port } = settings;
  const { APF_HEARTBEAT: heartbeat, ...inherited } = env;
  const board = PROMETHEUS ? new StatusBoard() : undefined;
  const group = new WorkerGroup({
    count,
    // In a process group of its own: else Ctrl-C would reach it twice, and twice means at once.
    start: (worker) =>
      fork(program, args, { env: { ...inherited, [WORKER]: String(worker) }, detached: true }),
    board,
    clock: systemClock,
    logger,
  });
  const server = board && (await serveStatus({ host, port }, board));
  const endHeartbeat = heartbeat ? startHeartbeat(heartbeat, () => group.alive) : undefined;
  try {
    logger.info({ workers: count }, `${count} workers`);
    if (server) logger.info({ url: server.url }, `metrics and health of all of them at ${server.url}`);
    return await group.run(signal);
  } finally {
    endHeartbeat?.();
    await server?.close();
  }
}
