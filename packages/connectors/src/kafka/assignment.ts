import type { RawMessage, TopicPartition } from '@apf/core';

/** What is known of one partition while it is ours. */
export interface Held extends TopicPartition {
  /** The offset expected next; undefined until it is known. */
  next: number | undefined;
  /** Offset to read before this was assigned, as it was resolved; a position before the first message. */
  readonly start: number | undefined;
  /** The end of the partition on the broker, when it was assigned. */
  readonly high: number | undefined;
  /** Confirmed by the broker as the next offset to read. */
  committed: number | undefined;
  /** Nothing at or after this offset is delivered. */
  end: number;
  /** All that is to be delivered has been. */
  done: boolean;
  /** On its way to another member: what was delivered is being finished, nothing more is. */
  revoking: boolean;
}

export interface AssignmentOptions {
  /** `offsets.end` in ms: each partition ends at its first message that is not older. */
  readonly endTime?: number | undefined;
  /** Offsets were skipped: `from` was expected, `to` came. */
  readonly onGap: (partition: Held, from: number, to: number) => void;
}

/** Which partitions are ours, how far each is read, and which messages may therefore be delivered. */
export class Assignment {
  readonly #topics = new Map<string, Map<number, Held>>();
  readonly #endTime: number;

  constructor(private readonly options: AssignmentOptions) {
    this.#endTime = options.endTime ?? Infinity;
  }

  add(
    partition: TopicPartition,
    known: {
      next?: number | undefined;
      committed?: number | undefined;
      end?: number;
      high?: number | undefined;
    },
  ): void {
    const { next, committed, end = Infinity, high } = known;
    let held = this.#topics.get(partition.topic);
    if (!held) this.#topics.set(partition.topic, (held = new Map<number, Held>()));
    held.set(partition.partition, {
      topic: partition.topic,
      partition: partition.partition,
      next,
      start: next,
      high,
      committed,
      end,
      done: next !== undefined && next >= end,
      revoking: false,
    });
  }

  remove(partitions: readonly TopicPartition[]): void {
    for (const { topic, partition } of partitions) {
      const held = this.#topics.get(topic);
      held?.delete(partition);
      if (held?.size === 0) this.#topics.delete(topic);
    }
  }

  get(topic: string, partition: number): Held | undefined {
    return this.#topics.get(topic)?.get(partition);
  }

  all(): Held[] {
    return [...this.#topics.values()].flatMap((held) => [...held.values()]);
  }

  get size(): number {
    let size = 0;
    for (const held of this.#topics.values()) size += held.size;
    return size;
  }

  /**
   * The messages of these that may be delivered; the same array where all may. Those of partitions that are not ours,
   * are being revoked or have reached their end are dropped.
   */
  accept(messages: readonly RawMessage[]): readonly RawMessage[] {
    let kept: RawMessage[] | undefined;
    let held: Held | undefined;
    for (let i = 0; i < messages.length; i++) {
      const message = messages[i] as RawMessage;
      // Messages come in runs of one partition.
      if (held?.partition !== message.partition || held.topic !== message.topic) {
        held = this.get(message.topic, message.partition);
      }
      if (held && this.#admits(held, message)) kept?.push(message);
      else kept ??= messages.slice(0, i);
    }
    return kept ?? messages;
  }

  /** Those of messages not delivered yet whose partitions are still ours. */
  stillOurs(messages: readonly RawMessage[]): readonly RawMessage[] {
    return messages.filter(({ topic, partition }) => this.get(topic, partition)?.revoking === false);
  }

  #admits(held: Held, message: RawMessage): boolean {
    if (held.revoking || held.done) return false;
    const { offset } = message;
    if (offset >= held.end || (message.timestamp ?? 0) >= this.#endTime) {
      held.done = true;
      return false;
    }
    if (held.next !== undefined && offset > held.next) this.options.onGap(held, held.next, offset);
    held.next = offset + 1;
    return true;
  }
}
