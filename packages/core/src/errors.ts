/**
 * Every error that apf itself raises has a code from this table; `docs` and the dead letters' headers use it.
 * Codes are stable, messages are not.
 */
export const ERROR_CODES = {
  APF_POISON: 'This message can never be processed; it becomes a dead letter.',
  APF_RETRYABLE: 'A passing fault; the same batch is tried again.',
  APF_FATAL: 'The run cannot go on; it stops and commits nothing more.',
  APF_DECODE: 'The bytes are not what the framing and the schema say.',
  APF_TRUNCATED: 'The bytes end before the value does.',
  APF_TRAILING: 'Bytes are left over after the value.',
  APF_FRAMING: 'The bytes do not begin as the framing demands.',
  APF_LFS_POINTER: 'A Git LFS pointer stands where the file should be; run `git lfs pull`.',
  APF_CODEC: 'The container uses a compression that is not known, or its compressed block is damaged.',
  APF_SCHEMA: 'A schema is missing, unreadable, or not Avro.',
  APF_SCHEMA_UNKNOWN: 'No schema is known for the id in the message.',
  APF_UNSAFE_INTEGER: 'A 64-bit integer does not fit a JavaScript number.',
  APF_ENCODE: 'A value does not fit the schema to write it with.',
  APF_EXECUTE: "The step's own code threw.",
  APF_TOO_MANY_ERRORS: 'So many alerts failed in a row that the step itself must be wrong.',
  APF_REFUSED: 'The sink will never take this output.',
  APF_DEAD_LETTER: 'A dead letter could not be written.',
  APF_SINK: 'An output could not be confirmed.',
  APF_SETTINGS: 'settings.ts or the environment has a wrong key or value.',
  APF_USAGE: 'The command line is wrong.',
  APF_EXPRESSION: 'An expression, such as a filter, is wrong.',
  APF_FILE: 'A file or folder cannot be read or written.',
  APF_BROKER: 'The Kafka broker cannot be reached.',
  APF_KAFKA_MISSING: 'Neither Docker nor Java with Maven is here to run a Kafka broker.',
  APF_KAFKA_START: 'A Kafka broker for trying or testing could not be started.',
  APF_AUTHENTICATION: 'The broker refused the user name or the password.',
  APF_AUTHORIZATION: 'The broker does not permit this topic or group.',
  APF_TOPIC: 'A topic does not exist, or its name is not legal.',
  APF_ZSTD: 'The topic is compressed with zstd, which this build of node-rdkafka cannot read.',
  APF_OFFSET_EXPIRED: 'A committed offset is no longer on the broker; alerts were lost there.',
  APF_DROPPED_UNREAD: 'A topic left the retention window before it was read to its end.',
  APF_TABLE: 'No table can be made of this schema, or with these names.',
  APF_DATABASE: 'The database cannot be reached, or does not take what the settings ask of it.',
  APF_ROW: 'The database will never take this row: a constraint or the type of a column forbids it.',
  APF_SLACK: 'Slack refused the message.',
  APF_PORT: 'An HTTP port cannot be listened at.',
} as const;

export type ErrorCode = keyof typeof ERROR_CODES;

export interface ErrorDetails {
  readonly code?: ErrorCode;
  readonly cause?: unknown;
}

/** The root of apf's errors. They are named by what the runner will do. */
export class ApfError extends Error {
  readonly code: ErrorCode;
  constructor(message: string, code: ErrorCode, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.name = new.target.name;
  }
}

/** A passing fault: the runner waits (`retryAfter` seconds, else a growing back-off) and tries the same batch again. */
export class RetryableError extends ApfError {
  readonly retryAfter: number | undefined;
  constructor(message: string, retryAfter?: number, details: ErrorDetails = {}) {
    super(message, details.code ?? 'APF_RETRYABLE', details.cause);
    this.retryAfter = retryAfter;
  }
}

/** This message will never succeed: it becomes a dead letter without another attempt. */
export class PoisonError extends ApfError {
  constructor(message: string, details: ErrorDetails = {}) {
    super(message, details.code ?? 'APF_POISON', details.cause);
  }
}

/** The run must stop: nothing more is committed, `tearDown` is called, the process exits with 1. */
export class FatalError extends ApfError {
  constructor(message: string, details: ErrorDetails = {}) {
    super(message, details.code ?? 'APF_FATAL', details.cause);
  }
}

/** A mistake of whoever typed the command or wrote the settings: one line, exit code 2. */
export class UsageError extends ApfError {
  constructor(message: string, details: ErrorDetails = {}) {
    super(message, details.code ?? 'APF_USAGE', details.cause);
  }
}

/** Whatever was thrown, as an Error. One of another realm (a native module's, a vm's) is taken as it is. */
export function toError(thrown: unknown): Error {
  return thrown instanceof Error || isForeignError(thrown) ? thrown : new Error(String(thrown));
}

function isForeignError(thrown: unknown): thrown is Error {
  const { message, stack } = (thrown ?? {}) as Partial<Error>;
  return typeof message === 'string' && typeof stack === 'string';
}

/** The code of an error from this table, or `fallback` for any other. */
export function codeOf(error: unknown, fallback: ErrorCode): ErrorCode {
  return error instanceof ApfError ? error.code : fallback;
}
