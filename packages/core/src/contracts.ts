import type { AvroSchema } from './codecs/schema.js';

/**
 * The contracts between the runner and everything that it does not own. A source yields messages, a codec turns
 * one into alerts, sinks take what a step made of them. The runner alone decides in which order (see run/runner.ts).
 */

/** Where a message stands: a Kafka topic or a file, its partition (0 for files), and the offset in it. */
export interface Position {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
}

/** One partition of a topic. */
export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}

/** A Kafka header as node-rdkafka gives it: an object with one key. Files have none. */
export type Header = Readonly<Record<string, Buffer | string>>;

/**
 * A message as it came, before decoding. The shape is a subset of node-rdkafka's `Message`, so that a Kafka message
 * is passed on as it is, without a copy.
 */
export interface RawMessage extends Position {
  /** `null` is a tombstone. */
  readonly value: Buffer | null;
  readonly key?: Buffer | string | null | undefined;
  /** Milliseconds since 1970 as the broker or the file system keeps them. */
  readonly timestamp?: number | undefined;
  readonly headers?: readonly Header[] | undefined;
  /**
   * Set by a source that could not read the message whole (a damaged archive, a file without permission): it is not
   * decoded but becomes a dead letter with this error and whatever bytes there are.
   */
  readonly unreadable?: Error | undefined;
}

/** What `Source.poll` gives once there will never be another message. */
export const END = Symbol('END');

/** What a source tells the runner while it polls. */
export interface SourceEvents {
  /** These partitions go to another member: resolves once all that was in hand of them is committed or given up. */
  revoked(partitions: readonly TopicPartition[]): Promise<void>;
  /** These partitions are gone already: nothing of them can be committed any more. */
  lost(partitions: readonly TopicPartition[]): void;
  /**
   * Where partitions that have become ours begin, if anybody but the source keeps their offsets: undefined, or an
   * undefined element, leaves it to the source. May reject with a {@link RetryableError}: ask again.
   */
  starts?(partitions: readonly TopicPartition[]): Promise<readonly (number | undefined)[]>;
}

export interface Source {
  /** Called once, before anything else. Rejects with a {@link FatalError} when the source cannot be read at all. */
  open(events: SourceEvents): Promise<void>;
  /**
   * Waits a short while (100 ms or so) for messages and gives at most `max`, in order within each partition;
   * an empty list when none came, END once there will be no more. Never called before the last call has resolved.
   */
  poll(max: number, signal: AbortSignal): Promise<readonly RawMessage[] | typeof END>;
  /** Stops delivery on all partitions, those assigned later too; `poll` must go on being called and gives nothing. */
  pause(): void;
  resume(): void;
  /** Commits, for each partition, the *next* offset to read. Resolves when the source has confirmed it. */
  commit(next: readonly Position[]): Promise<void>;
  /** How long a caller may stay away from `poll` before the source gives its partitions away, in ms. */
  readonly maxPollInterval?: number;
  /** How far it has read, without asking anybody: for metrics and health. */
  progress?(): SourceProgress;
  close(): Promise<void>;
}

/** What a source knows of itself while it is open. */
export interface SourceProgress {
  /** It knows which partitions are its own, be it none. */
  readonly assigned: boolean;
  /** Connections that failed or were refused since the start. */
  readonly failures: number;
  /** Its partitions, and how many messages of each are not read and committed yet; undefined before that is known. */
  readonly partitions: readonly (TopicPartition & { readonly lag: number | undefined })[];
}

/** One thing to write, and the message from which it was made. */
export interface Outgoing<T = unknown> {
  readonly value: T;
  readonly origin: RawMessage;
  readonly key?: Buffer | string | null | undefined;
  readonly headers?: Readonly<Record<string, string | Buffer>> | undefined;
  /** Milliseconds; the sink's own clock where it is absent. */
  readonly timestamp?: number | undefined;
}

/** An output that its sink will never take (too large, say): its message becomes a dead letter. */
export interface Refused {
  readonly outgoing: Outgoing;
  readonly error: Error;
}

/** Something that happens as a whole or not at all, with the offsets to read on from where it keeps them. */
export interface Transaction {
  /** Whether it keeps the offsets: then it is committed for every batch, and the source starts from them. */
  readonly keepsOffsets: boolean;
  /** @param next of each partition of which something follows, the next offset to read. */
  begin(next: readonly Position[]): Promise<void>;
  /** Rejects with a {@link RetryableError} where it may have happened or not: begin again with the same. */
  commit(next: readonly Position[], signal: AbortSignal): Promise<void>;
  /** Undoes what was begun. Never rejects. */
  abort(): Promise<void>;
}

/**
 * Where outputs go. `write` takes them, `flush` resolves when everything written is confirmed where it went.
 * Either may reject: a {@link RetryableError} makes the runner repeat `write` and `flush` with the same outputs,
 * anything else stops the run without a commit. Both may name outputs that were refused, while the rest went through.
 */
export interface Sink<T = unknown> {
  open(): Promise<void>;
  write(batch: readonly Outgoing<T>[]): Promise<readonly Refused[] | void>;
  flush(signal: AbortSignal): Promise<readonly Refused[] | void>;
  /** What is written belongs to it, and counts once it is committed. Several sinks may share one. */
  readonly transaction?: Transaction | undefined;
  close(): Promise<void>;
}

/** An alert as it was written: Avro without any framing, a view of its message, and the schema that decodes it. */
export interface WrittenAlert {
  readonly schema: AvroSchema;
  readonly bytes: Buffer;
}

export interface Codec<T = unknown> {
  /** All alerts of one message. Throws a {@link PoisonError} for bytes that can never be read. */
  decode(bytes: Buffer, message?: RawMessage): T[];
  encode(value: T): Buffer;
  /**
   * The `record`th alert of a message that `decode` has read, as it was written. Undefined for a framing without schemas.
   */
  written?(message: RawMessage, record: number): WrittenAlert | undefined;
  /** Fetches what `decode` will need (a schema from a registry); called with each poll's messages before decoding. */
  prepare?(messages: readonly RawMessage[]): Promise<void> | undefined;
}

/** Which topics to read, or to write, at a given time. */
export interface TopicStrategy {
  /** Topic names, or `^regex`; oldest first. */
  topics(now: Date): string[];
  /** When `topics` will next give something else; null if never. */
  nextChange(now: Date): Date | null;
}

/** What a run counts. Plain numbers, so that counting costs nothing; exporters read them when they are asked. */
export interface RunStats {
  /** Messages received. */
  read: number;
  bytes: number;
  /** Alerts decoded. */
  decoded: number;
  /** Alerts whose `execute` succeeded. */
  executed: number;
  /** Outputs confirmed by their sinks, side outputs included. */
  produced: number;
  /** Rows that the database has taken. */
  written: number;
  /** Alerts dropped because they were seen before. */
  repeated: number;
  /** Messages dead-lettered. */
  deadLetters: number;
  /** Tombstones skipped. */
  tombstones: number;
  /** Attempts repeated because of an error. */
  retries: number;
  batches: number;
  /** Messages committed. */
  committed: number;
  /** Alerts lost on the broker before they could be read (a committed offset that had expired). */
  expired: number;
}

/** A message that could not be processed, as it is handed to the dead-letter sink. */
export interface DeadLetter {
  /** The original message: its bytes, key and headers are kept unchanged. */
  readonly message: RawMessage;
  readonly error: Error;
  /** A stable code from {@link ERROR_CODES}. */
  readonly code: string;
  readonly stage: 'decode' | 'execute' | 'produce';
  readonly step: string;
  /** Milliseconds since 1970. */
  readonly when: number;
}

/** The loggers' shape: pino's. Objects first, then the message. */
export interface Logger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}
