import { UsageError } from '@apf/core';
import type { Connection } from '../connection/connection.js';
import type { Format } from './consume-choices.js';
import type { ConsumeOptions } from './consume-options.js';
import { checkAboveZero, checkWhole, list, type StreamPlan, streamPlan } from './stream-plan.js';

/** Each is a process with a client of its own. */
const MOST_WORKERS = 64;

/** What a command line comes to, before any broker is asked. */
export interface ConsumePlan extends StreamPlan {
  /** What goes to standard output; undefined for nothing. */
  readonly display: Exclude<Format, 'none' | 'parquet'> | undefined;
  readonly save:
    { readonly folder: string; readonly format: 'json' | 'avro' | 'csv' | 'parquet' } | undefined;
  readonly fields: readonly string[] | undefined;
  /** Processes. */
  readonly workers: number;
}

/** @throws UsageError for what is missing, or does not go together */
export function consumePlan(options: ConsumeOptions, to: Connection, now: number): ConsumePlan {
  checkWhole({ limit: options.limit, every: options.every });
  checkAboveZero({ 'rotate-size': options.rotateSize, 'rotate-time': options.rotateTime });
  checkFolders({ save: options.save, stamps: options.stamps, plot: options.plot });
  const stream = streamPlan(options, to, now);
  const outputs = outputsOf(options);
  return { ...stream, ...outputs, fields: list(options.fields), workers: workersOf(options, outputs) };
}

function checkFolders(options: Readonly<Record<string, string | undefined>>): void {
  for (const [option, folder] of Object.entries(options))
    if (folder === '') throw new UsageError(`--${option} needs a folder`);
}

function outputsOf(options: ConsumeOptions): Pick<ConsumePlan, 'display' | 'save'> {
  const { format, save } = options;
  const terminal = process.stdout.isTTY === true;
  if (save === undefined) {
    if (options.bundle) throw new UsageError('--bundle needs --save');
    if (format === 'parquet') throw new UsageError('--format parquet needs --save, the folder for its files');
    if (format === 'avro' && terminal)
      throw new UsageError('--format avro is not for a terminal: redirect it to a file, or use --save');
    const display = format ?? (terminal ? 'table' : 'json');
    return { display: display === 'none' ? undefined : display, save: undefined };
  }
  const saved = format === 'json' || format === 'csv' || format === 'parquet' ? format : 'avro';
  return {
    display: format === 'table' || format === 'fink' ? format : undefined,
    save: { folder: save, format: saved },
  };
}

/** Counting and remembering is one process's; so is a terminal. */
function workersOf(options: ConsumeOptions, { display }: Pick<ConsumePlan, 'display'>): number {
  const { workers, limit, every, unique } = options;
  if (!(Number.isSafeInteger(workers) && workers >= 1 && workers <= MOST_WORKERS))
    throw new UsageError(`--workers must be a whole number from 1 to ${MOST_WORKERS}`);
  if (workers === 1) return workers;
  const single = Object.entries({ limit, every, unique: unique || undefined }).find(
    ([, value]) => value !== undefined,
  );
  if (single) throw new UsageError(`--${single[0]} is for one process: leave out --workers`);
  if (display !== undefined)
    throw new UsageError(
      '--workers needs --save, or --format none: several processes cannot share an output',
    );
  return workers;
}
