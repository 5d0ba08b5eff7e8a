import {
  type BatchStep,
  type Clock,
  type DeadLetter,
  describeTopics,
  type Environment,
  type Logger,
  type LoadedSettings,
  loadSettings,
  newStats,
  printableSettings,
  type ResolvedSettings,
  Runner,
  secretsIn,
  type Settings,
  type Sink,
  type Source,
  type Step,
  systemClock,
  together,
  type TopicStrategy,
} from '@apf/core';
import { RunMetrics } from '../metrics/run-metrics.js';
import { consumerCodec } from './create-codec.js';
import { createMetrics } from './create-metrics.js';
import { createDatabase, databaseLine } from './create-database.js';
import { createDeadLetters, createSink } from './create-sink.js';
import { type CreatedSource, createSource } from './create-source.js';
import type { Load } from './load-class.js';
import { createLogger } from './logger.js';
import { stepPackage } from './step-package.js';
import type { Surroundings } from './surroundings.js';
import { settingsOfWorker, workerOf } from '../workers/worker-identity.js';

/** `BatchStep` stands first, because TypeScript takes `In` from there: else that of a batch step would be a list. */
export type StepClass<In, Out> = new () => BatchStep<In, Out> | Step<In, Out>;

export interface BuildOptions {
  /** The folder of the step, to which all paths are relative; the current one by default. */
  readonly folder?: string;
  /** Goes over the settings; the process's own by default. */
  readonly env?: Environment;
  /** From package.json by default. */
  readonly name?: string;
  readonly version?: string;
  readonly logger?: Logger;
  readonly clock?: Clock;
  /** Imports files of the step's own classes; Node's import by default, which knows no TypeScript. */
  readonly load?: Load;
  /** Instead of what CONSUMER_CONFIG describes; its codec still is. */
  readonly source?: Source;
  /** Instead of what DEAD_LETTERS describes. */
  readonly deadLetters?: Sink<DeadLetter>;
}

/** A run that is ready to start. */
export interface BuiltRun<In, Out> {
  readonly runner: Runner<In, Out>;
  readonly settings: ResolvedSettings;
  readonly name: string;
  readonly version: string;
  readonly logger: Logger;
  /** What to say when it starts, a line each. */
  readonly lines: readonly string[];
  /** What should not stay as it is, a line each. */
  readonly warnings: readonly string[];
  /** Values that must not be shown. */
  readonly secrets: readonly string[];
  /** What Prometheus is to be told; undefined where PROMETHEUS is false. */
  readonly metrics: RunMetrics | undefined;
}

/**
 * Makes everything that settings describe: source, codec, step, sinks, dead letters, runner. Nothing is opened yet.
 * @throws UsageError for settings that are wrong, in one line.
 */
export async function buildRun<In, Out>(
  written: Settings,
  StepClass: StepClass<In, Out>,
  options: BuildOptions = {},
): Promise<BuiltRun<In, Out>> {
  return buildLoaded(loadSettings(written, options.env ?? process.env), StepClass, options);
}

/** As {@link buildRun}, with settings that have been read and checked. */
export async function buildLoaded<In, Out>(
  { settings: all, warnings }: LoadedSettings,
  StepClass: StepClass<In, Out>,
  options: BuildOptions,
): Promise<BuiltRun<In, Out>> {
  const { folder = process.cwd(), env = process.env, clock = systemClock, load } = options;
  const worker = workerOf(env);
  const settings = worker === undefined ? all : settingsOfWorker(all, worker);
  const { name, version } = { ...stepPackage(folder, StepClass.name), ...named(options) };
  const secrets = secretsIn(settings);
  const logger = options.logger ?? createLogger(settings.LOG_LEVEL, name, secrets, { worker });
  logger.debug({ settings: printableSettings(settings) }, 'settings');
  const stats = newStats();
  const around: Surroundings = { folder, load, name, version, logger, clock, stats };
  const { source, topics }: CreatedSource = options.source
    ? { source: options.source }
    : await createSource(settings, around);
  const sideOutputs: Record<string, Sink> = {};
  for (const [output, section] of Object.entries(settings.SIDE_OUTPUTS)) {
    sideOutputs[output] = await createSink(section, `SIDE_OUTPUTS.${output}`, around);
  }
  const { CONSUMER_CONFIG, PRODUCER_CONFIG, METRICS_CONFIG } = settings;
  const progress = source.progress && (() => source.progress!());
  const metrics = settings.PROMETHEUS ? new RunMetrics({ step: name, stats, clock, progress }) : undefined;
  const documents =
    METRICS_CONFIG &&
    (await createMetrics(METRICS_CONFIG, StepClass.prototype as object, () => step, env, around));
  const observers = [metrics, documents].filter((observer) => observer !== undefined);
  const codec = consumerCodec<In>(CONSUMER_CONFIG, folder);
  const producer = PRODUCER_CONFIG && (await createSink(PRODUCER_CONFIG, 'PRODUCER_CONFIG', around, source));
  const database = await createDatabase(settings, around);
  const deadLetters = options.deadLetters ?? (await createDeadLetters(settings.DEAD_LETTERS, around));
  // The step last: what it opens when it is made is not left open by wrong settings.
  const step = new StepClass();
  const runner = new Runner<In, Out>({
    source,
    codec,
    producer,
    sideOutputs,
    database,
    deadLetters,
    step,
    name,
    clock,
    logger,
    stats,
    messages: CONSUMER_CONFIG['consume.messages'],
    timeout: CONSUMER_CONFIG['consume.timeout'],
    commit: settings.COMMIT,
    onError: settings.ON_ERROR,
    concurrency: settings.CONCURRENCY,
    tombstones: CONSUMER_CONFIG.TOMBSTONES,
    shutdownTimeout: settings.SHUTDOWN_TIMEOUT,
    keyField: PRODUCER_CONFIG?.KEY_FIELD,
    observer: observers.length > 0 ? together(observers) : undefined,
  });
  const lines = describe(settings, name, version, topics, new Date(clock.now()));
  return { runner, settings, name, version, logger, lines, warnings, secrets, metrics };
}

const named = ({ name, version }: BuildOptions): { name?: string; version?: string } => ({
  ...(name === undefined ? {} : { name }),
  ...(version === undefined ? {} : { version }),
});

function describe(
  settings: ResolvedSettings,
  name: string,
  version: string,
  topics: TopicStrategy | undefined,
  now: Date,
): string[] {
  const { CLASS, PARAMS, FILE_PATH, DIRECTORY_PATH } = settings.CONSUMER_CONFIG;
  const lines = [`${name} ${version}`];
  if (topics) {
    const brokers = String(PARAMS['bootstrap.servers'] ?? PARAMS['metadata.broker.list']);
    lines.push(
      `reads from ${brokers} as group ${String(PARAMS['group.id'])}: ${describeTopics(topics, now)}`,
    );
  } else {
    const places = [FILE_PATH, DIRECTORY_PATH].filter((place) => place !== undefined);
    lines.push(`reads with ${[CLASS, ...places].join(' ')}`);
  }
  const { DIRECTORY_PATH: folder, TOPIC: letters } = settings.DEAD_LETTERS;
  lines.push(`dead letters go to ${letters === undefined ? `the folder ${folder}` : `the topic ${letters}`}`);
  lines.push(...databaseLine(settings));
  if (!settings.COMMIT)
    lines.push('COMMIT is false: nothing is committed, the next start reads the same again');
  return lines;
}
