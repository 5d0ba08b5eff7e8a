import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ApfError, type RunStats, type RunSummary, type Settings, toError, UsageError } from '@apf/core';
import { buildRun, type BuildOptions, type BuiltRun, type StepClass } from './wiring/build-run.js';
import { startHeartbeat } from './wiring/heartbeat.js';
import { hider } from './wiring/logger.js';
import { supervise } from './wiring/supervise.js';

/** What closing may take after the drain, in seconds. */
const CLOSING = 5;
/** A step may have left a socket or a timer open; the process does not wait for it longer than this, in ms. */
const LINGER = 2_000;

/**
 * Runs a step as the whole of a process: `.env` and the environment over settings, logs, signals, the heartbeat file
 * that APF_HEARTBEAT names, and the exit code: 0 at the end or after SIGTERM or SIGINT, 2 for wrong settings, 1 for any
 * other failure. An error is one line on standard error (with its stack where LOG_LEVEL is 'debug'). Never rejects.
 * To run a step inside something else use {@link buildRun}.
 * @returns the summary; undefined where the run failed.
 */
export async function runStep<In, Out>(
  settings: Settings,
  StepClass: StepClass<In, Out>,
  options: BuildOptions = {},
): Promise<RunSummary | undefined> {
  let built: BuiltRun<In, Out> | undefined;
  let summary: RunSummary | undefined;
  const say = (line: string, error?: Error): void => {
    const hide = hider(built?.secrets ?? []);
    const stack = built?.settings.LOG_LEVEL === 'debug' ? `\n${error?.stack ?? ''}` : '';
    process.stderr.write(`${hide(`${built?.name ?? 'apf'}: ${oneLine(line)}${stack}`)}\n`);
  };
  const orSay = async (work: () => Promise<void>): Promise<number> => {
    try {
      await work();
      return 0;
    } catch (thrown) {
      const error = toError(thrown);
      say(error instanceof ApfError ? `${error.message} (${error.code})` : error.message, error);
      return isUsage(error) ? 2 : 1;
    }
  };
  let code = await orSay(async () => {
    if (options.env === undefined) loadEnvironmentFile(options.folder ?? process.cwd());
    built = await buildRun(settings, StepClass, options);
  });
  if (built) {
    const ready = built;
    const patience = ready.settings.SHUTDOWN_TIMEOUT + CLOSING;
    const start = (signal: AbortSignal): Promise<number> =>
      orSay(async () => {
        summary = await run(ready, signal);
      });
    code = await supervise(start, { patience, say });
  }
  process.exitCode = code;
  setTimeout(() => process.exit(), LINGER).unref();
  return summary;
}

async function run<In, Out>(
  { runner, logger, lines, warnings }: BuiltRun<In, Out>,
  signal: AbortSignal,
): Promise<RunSummary> {
  for (const line of lines) logger.info({}, line);
  for (const line of warnings) logger.warn({}, line);
  const heartbeat = process.env.APF_HEARTBEAT;
  const endHeartbeat = heartbeat ? startHeartbeat(heartbeat) : undefined;
  const begun = performance.now();
  try {
    const summary = await runner.run(signal);
    const seconds = (performance.now() - begun) / 1_000;
    logger.info(
      { reason: summary.reason, seconds: round(seconds), ...summary.stats },
      said(summary, seconds),
    );
    return summary;
  } finally {
    endHeartbeat?.();
  }
}

const REASONS: Readonly<Record<RunSummary['reason'], string>> = {
  end: 'the source has no more',
  stopped: 'told to stop',
  'shutdown-timeout': 'told to stop, and left the last batch uncommitted',
};

/** The summary in words: alerts read, decoded, executed, produced, and how fast. */
function said({ reason, stats }: RunSummary, seconds: number): string {
  const counts: (keyof RunStats)[] = ['read', 'decoded', 'executed', 'produced', 'deadLetters', 'committed'];
  const figures = counts.map(
    (count) => `${stats[count]} ${count === 'deadLetters' ? 'dead letters' : count}`,
  );
  const rate = Math.round(stats.executed / Math.max(seconds, 0.001));
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
