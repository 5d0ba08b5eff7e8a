import { join } from 'node:path';
import {
  AlertFileSink,
  avroFormat,
  csvFormat,
  FolderDeadLetterSink,
  jsonFormat,
  OffsetLookup,
  type OffsetRange,
  parquetFormat,
  RangeFileSink,
  SavingSource,
} from '@apf/connectors';
import {
  type AvroSchema,
  type DeadLetter,
  FatalError,
  type Logger,
  newStats,
  projectSchema,
  Runner,
  type RunSummary,
  type Sink,
  type Source,
  StreamCodec,
  type StreamAlert,
  systemClock,
} from '@apf/core';
import { type Connection, connection } from '../connection/connection.js';
import { commandLogger } from './command-logger.js';
import type { ConsumeOptions } from './consume-options.js';
import { type ConsumePlan, consumePlan } from './consume-plan.js';
import { ConsumeStep } from './consume-step.js';
import { DisplaySink } from './display-sink.js';
import { everySink } from './every-sink.js';
import { MeteredSource } from './metered-source.js';
import { sayDetected } from './say-detected.js';
import { schemaSources } from './schema-sources.js';
import { StampSink } from './stamp-sink.js';
import { chooseStream, describeChoice, trySilence } from './stream-choice.js';
import { lookupParams, streamSource } from './stream-source.js';

/** What a run of `apf consume` was, for its last line. */
export interface Consumed {
  readonly summary: RunSummary;
  readonly counts: ConsumeStep['counts'];
  readonly saved: string | undefined;
}

/**
 * Reads a stream as the options say, until it ends, the signal is aborted or the run fails.
 */
export async function runConsume(options: ConsumeOptions, signal: AbortSignal): Promise<Consumed> {
  const to = await connection(options);
  const plan = consumePlan(options, to, Date.now());
  const logger = commandLogger();
  const parts = partsOf(options, plan, to);
  const lookup = await OffsetLookup.open({ params: lookupParams(to, plan), logger });
  try {
    const choice = await chooseStream(lookup, plan);
    for (const line of describeChoice(plan, choice, to)) console.error(`apf: ${line}`);
    return await run(options, plan, to, { ...parts, reads: choice.ranges, lookup, logger }, signal);
  } finally {
    await lookup.close();
  }
}

type Parts = ReturnType<typeof partsOf>;

/** What is made of the options before anybody is asked, so that a mistake is found at once. */
function partsOf(options: ConsumeOptions, plan: ConsumePlan, { profile }: Connection) {
  const { fields } = plan;
  const project = fields && memoized((schema) => projectSchema(schema, fields));
  const codec = new StreamCodec({
    ...schemaSources(options, profile),
    framing: options.framing ?? profile.framing,
    fields,
    onDetected: sayDetected,
  });
  const step = new ConsumeStep({
    filter: options.filter,
    every: options.every,
    unique: options.unique,
    survey: plan.survey,
    observed: plan.byObservation ? plan : undefined,
  });
  return { codec, step, project };
}

async function run(
  options: ConsumeOptions,
  plan: ConsumePlan,
  to: Connection,
  made: Parts & {
    readonly reads: readonly OffsetRange[];
    readonly lookup: OffsetLookup;
    readonly logger: Logger;
  },
  signal: AbortSignal,
): Promise<Consumed> {
  const { codec, step, project, reads, lookup, logger } = made;
  const stats = newStats();
  const { limit = Infinity, timeout } = options;
  const saving = savingSink(options, plan, project);
  const stamps =
    options.stamps === undefined
      ? undefined
      : new StampSink({ folder: options.stamps, overwrite: options.overwrite });
  const display =
    plan.display === undefined
      ? undefined
      : new DisplaySink({
          format: plan.display,
          fields: plan.fields,
          survey: plan.survey,
          nonFinite: options.nan,
          project,
        });
  let source: Source = new MeteredSource({
    source: streamSource(plan, to, reads, { stats, logger }),
    clock: systemClock,
    remaining: () => limit - step.counts.out,
    timeout: timeout === undefined ? undefined : timeout * 1000,
    onIdle: () => void trySilence(lookup, plan, logger),
  });
  if (saving instanceof RangeFileSink) source = new SavingSource(source, saving);
  const sinks = [saving, stamps, display].filter(
    (sink): sink is NonNullable<typeof sink> => sink !== undefined,
  );
  const runner = new Runner<StreamAlert, StreamAlert>({
    step,
    source,
    codec,
    producer: everySink<StreamAlert>(sinks),
    deadLetters: deadLetters(plan),
    name: 'apf consume',
    stats,
    logger,
    messages: 500,
    timeout: 1,
  });
  const summary = await runner.run(signal);
  if (stats.decoded === 0 && stats.deadLetters > 0)
    throw new FatalError(`none of ${stats.deadLetters} messages could be read; see above`, {
      code: 'APF_DECODE',
    });
  return { summary, counts: step.counts, saved: savedText(saving, plan) };
}

function savingSink(
  options: ConsumeOptions,
  { save }: ConsumePlan,
  project: ((schema: AvroSchema) => AvroSchema) | undefined,
): AlertFileSink | RangeFileSink | undefined {
  if (!save) return undefined;
  const { folder, format } = save;
  if (format === 'avro' && !options.bundle)
    return new AlertFileSink({ folder, overwrite: options.overwrite, project });
  const formats = { avro: avroFormat, csv: csvFormat, json: jsonFormat(options.nan), parquet: parquetFormat };
  const rotate = { bytes: options.rotateSize * 1e6, seconds: options.rotateTime };
  return new RangeFileSink({ folder, format: formats[format], rotate, project });
}

function deadLetters({ save }: ConsumePlan): Sink<DeadLetter> {
  if (save) return new FolderDeadLetterSink({ path: join(save.folder, 'undecoded') });
  const nothing = async (): Promise<void> => undefined;
  return { open: nothing, write: nothing, flush: nothing, close: nothing };
}

function savedText(
  saving: AlertFileSink | RangeFileSink | undefined,
  { save }: ConsumePlan,
): string | undefined {
  if (!saving || !save) return undefined;
  if (saving instanceof RangeFileSink) return `saved to ${save.folder}`;
  const known = saving.known === 0 ? '' : `, ${saving.known} were there already`;
  return `${saving.written} files written to ${save.folder}${known}`;
}

function memoized(make: (schema: AvroSchema) => AvroSchema): (schema: AvroSchema) => AvroSchema {
  const made = new Map<AvroSchema, AvroSchema>();
  return (schema) => {
    let known = made.get(schema);
    if (!known) made.set(schema, (known = make(schema)));
    return known;
  };
}
