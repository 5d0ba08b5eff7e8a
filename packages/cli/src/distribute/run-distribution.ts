import { resolve } from 'node:path';
import {
  AlertTableSource,
  FileCheckpoint,
  FolderDeadLetterSink,
  KafkaSink,
  KafkaSource,
  openDatabase,
  type SqlDatabase,
  TableCheckpoint,
} from '@apf/connectors';
import {
  type AvroSchema,
  type Codec,
  type DeadLetter,
  FixedTopics,
  newStats,
  Runner,
  type RunSummary,
  type Sink,
  type Source,
  StreamCodec,
  type StreamAlert,
  systemClock,
  toError,
} from '@apf/core';
import { commandLogger } from '../consume/command-logger.js';
import { optionMistake } from '../consume/option-mistake.js';
import { schemaSources } from '../consume/schema-sources.js';
import { FailedFilterSink } from '../filters/failed-filter-sink.js';
import { FAILED } from '../filters/filter-step.js';
import { prepareTopics } from '../filters/prepare-topics.js';
import { type DistributeCounts, DistributeStep, type Routed } from './distribute-step.js';
import type { DistributionInput, DistributionPlan } from './distribution-plan.js';
import { DistributionReport } from './distribution-report.js';
import { MatchingCodec } from './matching-codec.js';
import { OutputSchema } from './output-schema.js';
import { within } from './within.js';

/** What a distribution was, for its last line. */
export interface Distributed {
  readonly summary: RunSummary;
  readonly counts: DistributeCounts;
  readonly schema: AvroSchema | undefined;
}

interface Input {
  readonly source: Source;
  readonly codec: Codec<StreamAlert>;
  readonly onRouted: DistributeStepOptions['onRouted'];
  readonly close: () => Promise<void>;
}
type DistributeStepOptions = ConstructorParameters<typeof DistributeStep>[0];

const NAME = 'apf distribute';
/** Alerts whose confirmation and checkpoint are one. */
const BATCH = 500;

/** Distributes as planned, until there is no more, the signal is aborted, or the run fails. */
export async function runDistribution(
  plan: DistributionPlan,
  signal: AbortSignal,
  say: (line: string) => void,
): Promise<Distributed> {
  const { filters, topics, rules, survey, match, schemaPath, exitAfter, dryRun } = plan;
  for (const [i, { name }] of filters.entries())
    say(`new filter/topic registered: ${topics[i]!}${topics[i] === name ? '' : ` from ${name}`}`);
  const stats = newStats();
  const output = new OutputSchema({ path: schemaPath, rules, write: !dryRun, say });
  output.check(match?.added.map(({ name }) => name) ?? []);
  if (plan.input.kind === 'topics') say(saidGroup(plan.input, dryRun));
  const input = await inputOf(plan);
  const letters = dryRun ? nowhere() : new FolderDeadLetterSink({ path: plan.deadLetters });
  const codec = match ? new MatchingCodec(input.codec, match) : input.codec;
  try {
    const step = new DistributeStep({
      ...{ filters, topics, rules, survey, output, say },
      codec,
      onRouted: input.onRouted,
    });
    const runner = new Runner<StreamAlert, Routed>({
      step,
      source: input.source,
      codec,
      producer: dryRun ? nowhere() : kafkaSink(plan),
      deadLetters: letters,
      sideOutputs: { [FAILED]: dryRun ? nowhere() : new FailedFilterSink(letters, NAME, systemClock) },
      name: NAME,
      stats,
      logger: commandLogger(),
      messages: BATCH,
      timeout: 1,
      commit: !dryRun,
    });
    if (!dryRun) await prepareTopics(plan.params, topics, plan.partitions);
    const report = new DistributionReport({ stats, counts: step.counts, json: plan.json, say });
    try {
      const summary = await within(exitAfter, signal, (stop) => runner.run(stop));
      return { summary, counts: step.counts, schema: output.schema };
    } catch (thrown) {
      throw optionMistake(toError(thrown));
    } finally {
      report.close();
    }
  } finally {
    await input.close();
  }
}

function saidGroup(
  { topics, group, since }: Extract<DistributionInput, { kind: 'topics' }>,
  dryRun: boolean,
): string {
  const begin = since instanceof Date ? `at ${since.toISOString()}` : 'at the oldest alert';
  return `reading ${topics.join(', ')} ${
    dryRun
      ? `without a group, ${begin}`
      : `as group '${group}', from where it has read to; a new group begins ${begin}`
  }`;
}

function inputOf(plan: DistributionPlan): Promise<Input> {
  return plan.input.kind === 'table' ? tableInput(plan, plan.input) : topicInput(plan, plan.input);
}

async function tableInput(
  { once }: DistributionPlan,
  { database: config, checkpoint, since, mark, interval }: Extract<DistributionInput, { kind: 'table' }>,
): Promise<Input> {
  const folder = process.cwd();
  const database = await openDatabase(config, folder, { existing: true });
  const source = new AlertTableSource({
    database,
    checkpoint:
      'file' in checkpoint
        ? new FileCheckpoint(resolve(checkpoint.file), whereOf(database))
        : new TableCheckpoint(database, checkpoint.line),
    ...{ since, mark, once, interval },
    logger: commandLogger(),
    clock: systemClock,
  });
  // The codec is there once the source has looked at the table.
  const codec: Codec<StreamAlert> = {
    decode: (bytes, message) => source.codec.decode(bytes, message),
    encode: (value) => source.codec.encode(value),
    written: (message, record) => source.codec.written?.(message, record),
  };
  return {
    source,
    codec,
    onRouted: (message) => source.markSent(message),
    close: () => database.close(),
  };
}

/** The same from whichever folder it is run. */
const whereOf = ({ engine, where }: SqlDatabase): string => (engine === 'sqlite' ? resolve(where) : where);

async function topicInput(
  { once, dryRun }: DistributionPlan,
  { topics, params, group, schema, since }: Extract<DistributionInput, { kind: 'topics' }>,
): Promise<Input> {
  const source = new KafkaSource({
    params: {
      ...params,
      // What is only tried must not become a member, and take partitions from who distributes.
      'group.id': dryRun ? `${group}-dry-run-${process.pid}` : group,
      'auto.offset.reset': 'earliest',
    },
    topics: new FixedTopics(topics, '--from-topics'),
    offsets: since instanceof Date ? { start: since.getTime() } : {},
    stopAtEnd: once,
    commits: !dryRun,
    logger: commandLogger(),
    clock: systemClock,
    stats: newStats(),
  });
  const codec = new StreamCodec(schemaSources({ schema }, {}));
  return {
    source,
    codec,
    onRouted: () => undefined,
    close: () => Promise.resolve(),
  };
}

function kafkaSink({ params }: DistributionPlan): KafkaSink<Routed> {
  return new KafkaSink<Routed>({
    params,
    topics: ({ topics }) => topics,
    encode: ({ bytes }) => bytes,
    logger: commandLogger(),
    clock: systemClock,
  });
}

function nowhere(): Sink<DeadLetter> & Sink<unknown> {
  const nothing = async (): Promise<void> => undefined;
  return { open: nothing, write: nothing, flush: nothing, close: nothing };
}
