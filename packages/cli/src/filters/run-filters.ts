import { type AlertFilter, FilterSet } from '@apf/alerts';
import { FolderDeadLetterSink, KafkaSink, OffsetLookup, RunMetrics, serveApart } from '@apf/connectors';
import {
  codeOf,
  type DeadLetter,
  FatalError,
  type Logger,
  newStats,
  Runner,
  type RunSummary,
  type Sink,
  StreamCodec,
  systemClock,
  UsageError,
} from '@apf/core';
import type { Connection } from '../connection/connection.js';
import { commandLogger } from '../consume/command-logger.js';
import { MeteredSource } from '../consume/metered-source.js';
import { orInterrupted } from '../consume/or-interrupted.js';
import { sayDetected } from '../consume/say-detected.js';
import { type SchemaOptions, schemaSources } from '../consume/schema-sources.js';
import { chooseStream, describeChoice, trySilence } from '../consume/stream-choice.js';
import type { StreamOptions } from '../consume/stream-options.js';
import type { StreamPlan } from '../consume/stream-plan.js';
import { lookupParams, streamSource } from '../consume/stream-source.js';
import { FailedFilterSink } from './failed-filter-sink.js';
import { filterFamilies } from './filter-families.js';
import { FAILED, type FilterCount, FilterStep, type Forwarded, PASSED } from './filter-step.js';
import { prepareTopics } from './prepare-topics.js';

/** What `apf filter` and filterStream.py come to. */
export interface FilterRun {
  readonly filters: readonly AlertFilter[];
  /** The topic of each. */
  readonly topics: readonly string[];
  /** Filters that do not fit the alerts are left out, and said. */
  readonly lenient: boolean;
  readonly plan: StreamPlan;
  readonly from: Connection;
  readonly to: Connection;
  readonly schemas: SchemaOptions;
  readonly framing?: StreamOptions['framing'];
  /** Seconds without a message after which it ends. */
  readonly timeout?: number | undefined;
  /** Counts, and writes nothing. */
  readonly dryRun: boolean;
  readonly partitions: number;
  /** The folder of dead letters. */
  readonly deadLetters: string;
  /** The port of metrics and health; none where absent. */
  readonly metrics?: number | undefined;
  readonly say: (line: string) => void;
  /** Says that a signal came before the broker had answered, which ends the process. */
  readonly interrupted: () => void;
}

export interface FilterSummary {
  readonly summary: RunSummary;
  readonly counts: readonly FilterCount[];
  readonly seconds: number;
}

/** How long the broker may stay silent at the start, in ms. */
const OPEN = 30_000;
/** Messages of one batch; their memory is that of the messages. */
const BATCH = 500;

/**
 * Reads a stream once for all filters and forwards what passes, until it ends, the signal is aborted or the run fails.
 * An offset is committed once the broker has every message that was forwarded of those before it.
 */
export async function runFilters(run: FilterRun, signal: AbortSignal): Promise<FilterSummary> {
  const { plan, from, to, say, dryRun } = run;
  const logger = commandLogger();
  const unfit = new Set<string>();
  const set = new FilterSet({
    filters: run.filters,
    survey: plan.survey,
    onUnfit: run.lenient
      ? (name, why) => {
          if (unfit.has(name)) return;
          unfit.add(name);
          say(`filter '${name}' is left out: ${why}`);
        }
      : undefined,
  });
  try {
    const codec = new StreamCodec({
      ...schemaSources(run.schemas, from.profile),
      framing: run.framing ?? from.profile.framing,
      fields: (schema) => set.fields(schema),
      onDetected: sayDetected,
    });
    const lookup = await orInterrupted(
      () => OffsetLookup.open({ params: lookupParams(from, plan), logger }),
      run.interrupted,
    );
    try {
      const choice = await orInterrupted(() => chooseStream(lookup, plan), run.interrupted);
      for (const line of describeChoice(plan, choice, from)) say(line);
      for (const line of describeOutputs(run)) say(line);
      if (!dryRun)
        await orInterrupted(() => prepareTopics(to.params, run.topics, run.partitions), run.interrupted);
      const stats = newStats();
      const stream = streamSource(plan, from, choice.ranges, { stats, logger });
      const source = new MeteredSource({
        source: stream,
        clock: systemClock,
        remaining: () => Infinity,
        timeout: run.timeout === undefined ? undefined : run.timeout * 1000,
        onIdle: () => void trySilence(lookup, plan, logger),
      });
      const step = new FilterStep({ set, topics: run.topics, say });
      const metrics = new RunMetrics({
        step: 'apf filter',
        stats,
        clock: systemClock,
        progress: stream.progress && (() => stream.progress!()),
      });
      const runner = new Runner({
        step,
        source,
        codec,
        sideOutputs: outputs(run, logger),
        deadLetters: dryRun ? nowhere() : new FolderDeadLetterSink({ path: run.deadLetters }),
        name: 'apf filter',
        stats,
        logger,
        messages: BATCH,
        timeout: 1,
        commit: !dryRun,
        observer: metrics,
      });
      const server =
        run.metrics === undefined
          ? undefined
          : await serveApart('apf filter', { host: '0.0.0.0', port: run.metrics }, () => ({
              health: metrics.health(),
              families: [...metrics.families(), ...filterFamilies(step.counts)],
            }));
      if (server) say(`metrics and health at ${server.url}`);
      try {
        const begun = performance.now();
        const summary = await runner.run(signal);
        if (stats.decoded === 0 && stats.deadLetters > 0)
          throw new FatalError(`none of ${stats.deadLetters} messages could be read; see above`, {
            code: 'APF_DECODE',
          });
        return { summary, counts: step.counts, seconds: (performance.now() - begun) / 1000 };
      } finally {
        await server?.close();
      }
    } finally {
      await lookup.close();
    }
  } catch (error) {
    // A filter that does not fit the alerts is a mistake of the command line, found with the first schema.
    if (error instanceof FatalError && codeOf(error, 'APF_FATAL') === 'APF_USAGE')
      throw new UsageError(error.message, { code: 'APF_EXPRESSION', cause: error });
    throw error;
  }
}

function outputs({ dryRun, to, deadLetters }: FilterRun, logger: Logger): Record<string, Sink> {
  if (dryRun) return { [PASSED]: nowhere(), [FAILED]: nowhere() };
  const passed = new KafkaSink<Forwarded>({
    params: to.params,
    topics: ({ topics }) => topics,
    encode: ({ value }) => value,
    step: 'apf-filter',
    openTimeout: OPEN,
    logger,
    clock: systemClock,
  });
  const letters = new FolderDeadLetterSink({ path: deadLetters });
  return {
    [PASSED]: passed,
    [FAILED]: new FailedFilterSink(letters, 'apf filter', systemClock),
  };
}

function nowhere<T = DeadLetter>(): Sink<T> {
  const nothing = async (): Promise<void> => undefined;
  return { open: nothing, write: nothing, flush: nothing, close: nothing };
}

function describeOutputs({ filters, topics, to, dryRun }: FilterRun): string[] {
  const pairs = filters.map(({ name }, i) => (name === topics[i] ? name : `${name} to ${topics[i]}`));
  const shown =
    pairs.length > 12 ? `${pairs.slice(0, 11).join(', ')}, … ${pairs.length - 11} more` : pairs.join(', ');
  const where = dryRun ? 'counting only, nothing is written' : `writing to ${to.servers}`;
  return [`${filters.length} ${filters.length === 1 ? 'filter' : 'filters'}, ${where}: ${shown}`];
}
