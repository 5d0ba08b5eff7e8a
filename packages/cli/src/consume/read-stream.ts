import { join } from 'node:path';
import {
  AlertFileSink,
  avroFormat,
  csvFormat,
  FolderDeadLetterSink,
  jsonFormat,
  type OffsetRange,
  parquetFormat,
  RangeFileSink,
  SavingSource,
} from '@apf/connectors';
import {
  type AvroSchema,
  type DeadLetter,
  type Logger,
  newStats,
  projectSchema,
  Runner,
  type Sink,
  StreamCodec,
  type StreamAlert,
  systemClock,
} from '@apf/core';
import type { Connection } from '../connection/connection.js';
import type { Consumed } from './consumed.js';
import type { ConsumeOptions } from './consume-options.js';
import type { ConsumePlan } from './consume-plan.js';
import { ConsumeStep } from './consume-step.js';
import { DisplaySink } from './display-sink.js';
import { everySink } from './every-sink.js';
import { MeteredSource } from './metered-source.js';
import { PlotSink } from './plot-sink.js';
import { detectedText } from './say-detected.js';
import { schemaSources, type StreamSchemas } from './schema-sources.js';
import { StampSink } from './stamp-sink.js';
import { streamSource } from './stream-source.js';

/** Which stream is read, and what is done with it: plain data, which another process can be told. */
export interface ReadingJob {
  readonly options: ConsumeOptions;
  readonly plan: ConsumePlan;
  readonly to: Connection;
  /** The parts to read. */
  readonly reads: readonly OffsetRange[];
}

export interface ReadingSurroundings {
  readonly logger: Logger;
  readonly signal: AbortSignal;
  /** Told once what a topic's messages are. */
  readonly onDetected: (line: string) => void;
  /** Called once when no message has come for a while. */
  readonly onIdle?: () => void;
  /** Given what was done so far, now and then. */
  readonly watched?: (consumed: () => Consumed) => void;
}

/** What a stream is read with. */
export interface Reader {
  readonly step: ConsumeStep;
  readonly sources: StreamSchemas;
  /** The schema of what is kept of an alert; undefined where all of it is. */
  readonly project: ((schema: AvroSchema) => AvroSchema) | undefined;
}

/** Characters of a table that a topic's name may take. */
const WIDEST = 40;

/** How long a broker may stay silent, in ms. */
export const openTimeout = ({ timeout }: ConsumeOptions): number =>
  Math.min(30_000, Math.max(1_000, (timeout ?? 10) * 1_000));

/** Where messages are kept that cannot be read; undefined where they are left out. */
export const undecodedFolder = ({ save }: ConsumePlan): string | undefined =>
  save && join(save.folder, 'undecoded');

/** Makes what a stream is read with, before anybody is asked, so that a mistake in the options is found at once. */
export function streamReader(
  options: ConsumeOptions,
  plan: ConsumePlan,
  { profile, servers }: Connection,
): Reader {
  const { fields } = plan;
  const project = fields && memoized((schema) => projectSchema(schema, fields));
  const sources = schemaSources(options, profile, { servers });
  const step = new ConsumeStep({
    filter: options.filter,
    every: options.every,
    unique: options.unique,
    survey: plan.survey,
    observed: plan.byObservation ? plan : undefined,
  });
  return { step, project, sources };
}

/** Reads until the stream ends, the signal is aborted or the run fails. */
export async function readStream(
  { options, plan, to, reads }: ReadingJob,
  { step, project, sources }: Reader,
  { logger, signal, onDetected, onIdle, watched }: ReadingSurroundings,
): Promise<Consumed & { readonly holdsMore: boolean }> {
  const stats = newStats();
  const { limit = Infinity, timeout } = options;
  const codec = new StreamCodec({
    ...sources,
    framing: options.framing ?? to.profile.framing,
    fields: plan.fields,
    onDetected: (detected) => onDetected(detectedText(detected)),
  });
  const saving = savingSink(options, plan, project);
  const stamps =
    options.stamps === undefined
      ? undefined
      : new StampSink({ folder: options.stamps, overwrite: options.overwrite });
  const plots =
    options.plot === undefined
      ? undefined
      : new PlotSink({ folder: options.plot, overwrite: options.overwrite });
  const display =
    plan.display === undefined
      ? undefined
      : new DisplaySink({
          format: plan.display,
          fields: plan.fields,
          survey: plan.survey,
          nonFinite: options.nan,
          project,
          topicWidth: Math.min(WIDEST, Math.max(5, ...reads.map(({ topic }) => topic.length))),
        });
  const ranges = saving instanceof RangeFileSink ? saving : undefined;
  const metered = new MeteredSource({
    source: streamSource(plan, to, reads, { stats, logger, openTimeout: openTimeout(options) }),
    clock: systemClock,
    remaining: () => limit - step.counts.out,
    timeout: timeout === undefined ? undefined : timeout * 1000,
    onIdle: () => onIdle?.(),
    skips: ranges && ((message) => ranges.has(message)),
  });
  const savingSource = ranges && new SavingSource(metered, ranges);
  const sinks = [saving, stamps, plots, display].filter((sink) => sink !== undefined);
  const runner = new Runner<StreamAlert, StreamAlert>({
    step,
    source: savingSource ?? metered,
    codec,
    observer: { executed: ({ messages }) => metered.executed(messages) },
    producer: everySink<StreamAlert>(sinks),
    deadLetters: deadLetters(plan),
    name: 'apf consume',
    stats,
    logger,
    messages: 500,
    timeout: 1,
  });
  const consumed = (): Consumed => ({
    counts: step.counts,
    decoded: stats.decoded,
    unreadable: stats.deadLetters,
    empty: stats.tombstones,
    expired: stats.expired,
    files: saving instanceof AlertFileSink ? { written: saving.written, known: saving.known } : undefined,
    skipped: savingSource?.skipped ?? 0,
  });
  watched?.(consumed);
  await runner.run(signal);
  return { ...consumed(), holdsMore: ranges?.holdsAny ?? false };
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

function deadLetters(plan: ConsumePlan): Sink<DeadLetter> {
  const path = undecodedFolder(plan);
  if (path !== undefined) return new FolderDeadLetterSink({ path });
  const nothing = async (): Promise<void> => undefined;
  return { open: nothing, write: nothing, flush: nothing, close: nothing };
}

function memoized(make: (schema: AvroSchema) => AvroSchema): (schema: AvroSchema) => AvroSchema {
  const made = new Map<AvroSchema, AvroSchema>();
  return (schema) => {
    let known = made.get(schema);
    if (!known) made.set(schema, (known = make(schema)));
    return known;
  };
}
