import type { RawMessage, TopicPartition } from '../contracts.js';

/** Messages whose alerts are executed together. */
export interface Batch {
  readonly messages: readonly RawMessage[];
  /** When the batch must be handed over even if it is not full, in ms of the run's clock. */
  readonly deadline: number;
}

/** Whether a message stands in one of these partitions. */
export function inPartitions(partitions: readonly TopicPartition[]): (message: TopicPartition) => boolean {
  return (message) =>
    partitions.some(({ topic, partition }) => topic === message.topic && partition === message.partition);
}
