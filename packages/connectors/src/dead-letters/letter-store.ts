import type { Header, Position } from '@apf/core';

/** A dead letter as it is kept: see `FolderDeadLetterSink` and `KafkaDeadLetterSink`. */
export interface StoredLetter extends Position {
  /** `topic-partition-offset`: the position of the message that it was. */
  readonly id: string;
  readonly code: string;
  readonly error: string;
  readonly stage: string;
  readonly step: string;
  /** When it was set aside, ISO 8601. */
  readonly time: string;
  /** The message's own time, in ms since 1970. */
  readonly timestamp: number | undefined;
  readonly key: Buffer | null;
  /** The message's own headers. */
  readonly headers: readonly Header[];
  /** The message's bytes as they came; null for a tombstone. */
  bytes(): Promise<Buffer | null>;
}

/** Where dead letters are kept. */
export interface LetterStore {
  /** For messages: the folder, or the topic and its broker. */
  readonly where: string;
  /** All that nobody has dealt with yet, in the order of their positions. */
  list(): Promise<StoredLetter[]>;
  /** They are replayed, or given up: `list` will not give them any more. */
  done(letters: readonly StoredLetter[], how: 'replayed' | 'dropped'): Promise<void>;
}

/** By topic, partition and offset. */
export function byPosition(a: Position, b: Position): number {
  return a.topic === b.topic ? a.partition - b.partition || a.offset - b.offset : a.topic < b.topic ? -1 : 1;
}
