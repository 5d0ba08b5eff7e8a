import type { DeadLetter, RawMessage, TopicPartition } from '../contracts.js';

/**
 * Alerts that are executed together, and the messages from which they came. Parallel arrays, because one is made of
 * every poll: `owners[i]` is the message of `alerts[i]`.
 */
export class Batch<In> {
  readonly messages: RawMessage[] = [];
  readonly alerts: In[] = [];
  readonly owners: RawMessage[] = [];
  /** Messages that could not be decoded. */
  readonly poison: DeadLetter[] = [];

  /** @param deadline when the batch must be handed over even if it is not full, in ms of the run's clock */
  constructor(readonly deadline: number) {}

  add(message: RawMessage, alerts: readonly In[]): void {
    this.messages.push(message);
    for (const alert of alerts) {
      this.alerts.push(alert);
      this.owners.push(message);
    }
  }

  addPoison(letter: DeadLetter): void {
    this.messages.push(letter.message);
    this.poison.push(letter);
  }

  /** The same batch without what came from these partitions; for partitions that were taken away. */
  without(partitions: readonly TopicPartition[]): Batch<In> {
    const gone = inPartitions(partitions);
    const rest = new Batch<In>(this.deadline);
    rest.messages.push(...this.messages.filter((message) => !gone(message)));
    rest.poison.push(...this.poison.filter((letter) => !gone(letter.message)));
    this.owners.forEach((owner, i) => {
      if (gone(owner)) return;
      rest.owners.push(owner);
      rest.alerts.push(this.alerts[i] as In);
    });
    return rest;
  }
}

/** Whether a message stands in one of these partitions. */
export function inPartitions(partitions: readonly TopicPartition[]): (message: TopicPartition) => boolean {
  return (message) =>
    partitions.some(({ topic, partition }) => topic === message.topic && partition === message.partition);
}
