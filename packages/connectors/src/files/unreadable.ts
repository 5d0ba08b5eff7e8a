import { PoisonError, type Logger, type RawMessage, fileReason, printable } from '@apf/core';

/** Where something could not be read, and what was left of it. */
export interface Unreadable {
  readonly topic: string;
  readonly offset: number;
  readonly timestamp?: number | undefined;
  /** What is known of its bytes. */
  readonly bytes?: Buffer | undefined;
  readonly cause: unknown;
}

/**
 * A message that stands for what could not be read, so that the loss is counted and dead-lettered like any other, and
 * the rest of the files goes on.
 */
export function unreadable(
  { topic, offset, timestamp, bytes, cause }: Unreadable,
  logger: Logger,
): RawMessage {
  const error = new PoisonError(`'${printable(topic)}' cannot be read: ${fileReason(cause)}`, {
    code: 'APF_FILE',
    cause,
  });
  logger.error({ file: printable(topic), offset }, error.message);
  return { topic, partition: 0, offset, timestamp, value: bytes ?? Buffer.alloc(0), unreadable: error };
}
