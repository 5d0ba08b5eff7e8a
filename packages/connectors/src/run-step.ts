import { existsSync } from 'node:fs';
import { join } from 'node:path';
import {
  ApfError,
  type Logger,
  loadSettings,
  type ResolvedSettings,
  type RunSummary,
  secretsIn,
  type Settings,
  toError,
  UsageError,
} from '@apf/core';
import { serveApart } from './metrics/serve-apart.js';
import { buildLoaded, type BuildOptions, type BuiltRun, type StepClass } from './wiring/build-run.js';
import { startHeartbeat } from './wiring/heartbeat.js';
import { createLogger, hider } from './wiring/logger.js';
import { stepPackage } from './wiring/step-package.js';
import { supervise } from './wiring/supervise.js';
import { reportToParent } from './workers/as-worker.js';
import { runWorkers } from './workers/run-workers.js';
import { workerOf } from './workers/worker-identity.js';

/** What closing may take after the drain, in seconds. */
const CLOSING = 5;
/** A step may have left a socket or a timer open; the process does not wait for it longer than this, in ms. */
const LINGER = 2_000;

/**
 * Runs a step as the whole of a process: `.env` and the environment over settings, logs, signals, the heartbeat file
 * that APF_HEARTBEAT names, metrics and health, several processes where WORKERS says so, and the exit code: 0 at the end or after SIGTERM or SIGINT, 2 for wrong settings, 1 for any
 * other failure. An error is one line on standard error (with its stack where LOG_LEVEL is 'debug'). Never rejects.
 * To run a step inside something else use {@link buildRun}.
 * @returns the summary; undefined where the run failed, and in the parent of several workers.
 */
export async function runStep<In, Out>(
  settings: Settings,
  StepClass: StepClass<In, Out>,
  options: BuildOptions = {},
): Promise<RunSummary | undefined> {
  const { folder = process.cwd(), env = process.env } = options;
  let parent: Parent | undefined;
  let built: BuiltRun<In, Out> | undefined;
  let summary: RunSummary | undefined;
  const say = (line: string, error?: Error): void => {
    const { secrets, name, settings: resolved } = { ...parent, ...built };
    const hide = hider(secrets ?? []);
    const stack = resolved?.LOG_LEVEL === 'debug' ? `\n${error?.stack ?? ''}` : '';
    process.stderr.write(`${hide(`${name ?? 'apf'}: ${oneLine(line)}${stack}`)}\n`);
  };
  const orSay = async (work: () => Promise<number>): Promise<number> => {
    try {
      return await work();
    } catch (thrown) {
      const error = toError(thrown);
      say(error instanceof ApfError ? `${error.message} (${error.code})` : error.message, error);
      return isUsage(error) ? 2 : 1;
    }
  };
  let code = await orSay(async () => {
    if (options.env === undefined) loadEnvironmentFile(folder);
    const loaded = loadSettings(settings, env);
    if (workerOf(env) === undefined) parent = parentOf(loaded.settings, folder, StepClass.name);
    if (!parent) built = await buildLoaded(loaded, StepClass, options);
    return 0;
  });
  const ready = parent ?? built;
  if (ready) {
    const start = (signal: AbortSignal): Promise<number> =>
      orSay(async () => {
        if (parent) return runWorkers(parent.settings, env, parent.logger, signal);
        summary = await run(built!, signal, workerOf(env) !== undefined);
        return 0;
      });
    // The parent waits a little longer than those that it waits for.
    const patience = ready.settings.SHUTDOWN_TIMEOUT + CLOSING * (parent ? 2 : 1);
    code = await supervise(start, { patience, say });
  }
  process.exitCode = code;
  setTimeout(() => process.exit(), LINGER).unref();
  return summary;
}

/** What a process needs that runs no step itself, but several workers. */
interface Parent {
  readonly settings: ResolvedSettings;
  readonly name: string;
  readonly secrets: readonly string[];
  readonly logger: Logger;
}

/** @returns undefined where one process is enough */
function parentOf(settings: ResolvedSettings, folder: string, className: string): Parent | undefined {
  if (settings.WORKERS === 1) return undefined;
  const { name } = stepPackage(folder, className);
  const secrets = secretsIn(settings);
  return { settings, name, secrets, logger: createLogger(settings.LOG_LEVEL, name, secrets) };
}

async function run<In, Out>(
  { runner, logger, lines, warnings, metrics, name, settings }: BuiltRun<In, Out>,
  signal: AbortSignal,
  isWorker: boolean,
): Promise<RunSummary> {
  for (const line of lines) logger.info({}, line);
  for (const line of warnings) logger.warn({}, line);
  const heartbeat = process.env.APF_HEARTBEAT;
  const endings: (() => void | Promise<void>)[] = [];
  const begun = performance.now();
  try {
    if (heartbeat) endings.push(startHeartbeat(heartbeat));
    if (isWorker) {
      endings.push(reportToParent(metrics));
    } else if (metrics) {
      const { PROMETHEUS_HOST: host, PROMETHEUS_PORT: port } = settings;
      const server = await serveApart(name, { host, port }, () => metrics.report());
      endings.push(() => server.close());
      logger.info({ url: server.url }, `metrics and health at ${server.url}`);
    }
    const summary = await runner.run(signal);
    const seconds = (performance.now() - begun) / 1_000;
    logger.info(
      { reason: summary.reason, seconds: round(seconds), ...summary.stats },
      said(summary, seconds, settings.DB_CONFIG !== undefined),
    );
    return summary;
  } finally {
    for (const end of endings) await end();
  }
}

const REASONS: Readonly<Record<RunSummary['reason'], string>> = {
  end: 'the source has no more',
  stopped: 'told to stop',
  'shutdown-timeout': 'told to stop, and left the last batch uncommitted',
};

/** The summary in words: alerts read, decoded, executed, produced, and how fast; rows where there is a database. */
function said({ reason, stats }: RunSummary, seconds: number, database: boolean): string {
  const { read, decoded, executed, produced, written, deadLetters, committed } = stats;
  const figures = [
    `${read} read, ${decoded} decoded, ${executed} executed, ${produced} produced`,
    ...(database ? [`${written} rows written`] : []),
    `${deadLetters} dead letters, ${committed} committed`,
  ];
  const rate = Math.round(executed / Math.max(seconds, 0.001));
  return `ended (${REASONS[reason]}): ${figures.join(', ')} in ${round(seconds)} s, ${rate} alerts/s`;
}

const round = (seconds: number): number => Math.round(seconds * 10) / 10;

/** Variables of the real environment win over those of the file. */
function loadEnvironmentFile(folder: string): void {
  const path = join(folder, '.env');
  if (!existsSync(path)) return;
  try {
    process.loadEnvFile(path);
  } catch (error) {
    throw new UsageError(`${path} cannot be read: ${toError(error).message}`, {
      code: 'APF_FILE',
      cause: error,
    });
  }
}

/** A mistake in settings may be found only when something is opened, by then it is the cause of why the run failed. */
function isUsage(error: unknown): boolean {
  for (let at = error; at instanceof Error; at = at.cause) {
    if (at instanceof UsageError) return true;
    if (at instanceof ApfError && (at.code === 'APF_SETTINGS' || at.code === 'APF_USAGE')) return true;
  }
  return false;
}

const oneLine = (text: string): string => text.replaceAll(/\s*[\r\n]+\s*/g, ' ').trim();
