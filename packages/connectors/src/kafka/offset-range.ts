import type { TopicPartition } from '@apf/core';

/** A part of a partition: offsets from `start` up to, and without, `end`; without an end it goes on for ever. */
export interface OffsetRange extends TopicPartition {
  readonly start: number;
  readonly end?: number | undefined;
}
