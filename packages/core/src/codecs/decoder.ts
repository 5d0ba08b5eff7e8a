import { ApfError, PoisonError } from '../errors.js';
import { MAX_GAIN, Reader } from './decoder-reader.js';
import { DecoderSource, type Int64, type Projection } from './decoder-source.js';
import { resolveProjection } from './projection.js';
import type { AvroSchema } from './schema.js';
import type { SchemaNode } from './schema-node.js';

export interface DecoderOptions {
  /** `bigint` unless told otherwise. `number` throws APF_UNSAFE_INTEGER for what a number cannot hold. */
  readonly int64?: Int64 | undefined;
  /** Reads only these fields; see {@link resolveProjection}. A function says it for each schema, before the first alert. */
  readonly fields?: readonly string[] | ((schema: AvroSchema) => readonly string[]) | undefined;
  /**
   * `true` unless told otherwise: bytes after the value and text that is not UTF-8 are errors. With `false` the
   * former are ignored, and U+FFFD stands for the latter.
   */
  readonly strict?: boolean | undefined;
}

/** As they are for one schema. */
export interface ResolvedDecoderOptions extends DecoderOptions {
  readonly fields?: readonly string[] | undefined;
}

/** The one reader: decoding is synchronous, so decoders never overlap. */
const reader = new Reader();

type ReadValue = (position: number) => unknown;

/** A value as it stands, without any framing, and what was read of it. */
export interface Datum<T> {
  /** A view of the block's memory. */
  readonly bytes: Buffer;
  readonly value: T;
}

/**
 * A decoder compiled for one schema. Values are plain objects; `bytes` and `fixed` are views of the message's memory,
 * so copy them to keep them; logical types are given as the type below them.
 */
export class Decoder<T = unknown> {
  private readonly full: ReadValue;
  private readonly last: ReadValue;
  private readonly stopsEarly: boolean;
  private readonly strict: boolean;
  private readonly gain: number;

  constructor(root: SchemaNode, options: ResolvedDecoderOptions = {}) {
    const projection: Projection = options.fields ? resolveProjection(root, options.fields) : true;
    const source = new DecoderSource(root, options.int64 ?? 'bigint', projection);
    if (source.gain > MAX_GAIN) {
      throw new PoisonError('the schema makes millions of objects of nothing', { code: 'APF_SCHEMA' });
    }
    // Names of the schema are only in string literals of the source; see DecoderSource.
    // eslint-disable-next-line @typescript-eslint/no-implied-eval
    const compile = new Function('R', 'E', source.write()) as (
      reader: Reader,
      symbols: readonly (readonly string[])[],
    ) => { full: ReadValue; last: ReadValue };
    const { full, last } = compile(reader, source.symbols);
    this.full = full;
    this.last = last;
    this.stopsEarly = projection !== true;
    this.strict = options.strict ?? true;
    this.gain = source.gain;
  }

  /** The value that takes the bytes from `start` to `end`. */
  decode(bytes: Buffer, start = 0, end = bytes.length): T {
    const values: T[] = [];
    this.decodeBlock(bytes, start, end, 1, values);
    return values[0]!;
  }

  /** Where the value of `index` ends, among those that stand one after the other from `start` on. */
  endOf(index: number, bytes: Buffer, start: number, end: number): number {
    reader.open(bytes, end, this.strict);
    let position = start;
    for (let i = 0; i <= index; i++) {
      this.full(position);
      position = reader.pos;
    }
    return position;
  }

  /**
   * Adds the `count` values that take the bytes from `start` to `end`.
   * @throws PoisonError of APF_TRUNCATED, APF_TRAILING, APF_DECODE or APF_UNSAFE_INTEGER
   */
  decodeBlock(bytes: Buffer, start: number, end: number, count: number, values: T[]): void {
    this.open(bytes, start, end, count);
    let position = start;
    try {
      for (let i = 1; i < count; i++) {
        values.push(this.full(position) as T);
        position = reader.pos;
      }
      if (count > 0) {
        values.push(this.last(position) as T);
        position = reader.pos;
      }
    } catch (error) {
      throw explain(error);
    }
    if (position > end) reader.truncated();
    if (position < end && this.strict && !this.stopsEarly) throw leftOver(end, position);
  }

  /**
   * The `count` values that take the bytes from `start` to `end`, each with its own bytes. Every value is walked to its
   * end, also what a projection leaves out.
   * @throws PoisonError as {@link decodeBlock} does
   */
  split(bytes: Buffer, start: number, end: number, count: number): Datum<T>[] {
    this.open(bytes, start, end, count);
    const data: Datum<T>[] = [];
    let position = start;
    try {
      for (let i = 0; i < count; i++) {
        const value = this.full(position) as T;
        if (reader.pos > end) reader.truncated();
        data.push({ bytes: bytes.subarray(position, reader.pos), value });
        position = reader.pos;
      }
    } catch (error) {
      throw explain(error);
    }
    if (position < end) throw leftOver(end, position);
    return data;
  }

  private open(bytes: Buffer, start: number, end: number, count: number): void {
    reader.open(bytes, end, this.strict);
    if (this.gain > 0 && count * this.gain > MAX_GAIN) reader.fail(`${count} records in a few bytes`, start);
  }
}

function leftOver(end: number, position: number): PoisonError {
  return new PoisonError(`${end - position} bytes are left over after the value (at byte ${position})`, {
    code: 'APF_TRAILING',
  });
}

/** A DataView and an exhausted stack both throw RangeError. */
function explain(error: unknown): unknown {
  if (error instanceof ApfError || !(error instanceof RangeError)) return error;
  if (error.message.includes('call stack')) {
    return new PoisonError('the value is nested too deeply', { code: 'APF_DECODE', cause: error });
  }
  return new PoisonError('cut short: the bytes end before the value does', {
    code: 'APF_TRUNCATED',
    cause: error,
  });
}
