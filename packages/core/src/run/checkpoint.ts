import type { Position, RawMessage } from '../contracts.js';

/**
 * The next offset to read of each partition, for messages that are done. Batches are marked in the order in which they
 * were read, so the last message of a partition stands for all before it.
 */
export class Checkpoint {
  private readonly next = new Map<string, Position>();
  /** Messages marked since the last `take`. */
  marked = 0;

  mark(messages: readonly RawMessage[]): void {
    this.marked += messages.length;
    for (let i = messages.length - 1; i >= 0; i--) {
      const message = messages[i] as RawMessage;
      const later = messages[i + 1];
      // Runs of one partition are the rule: only the last of a run is looked up.
      if (later !== undefined && later.partition === message.partition && later.topic === message.topic)
        continue;
      const key = `${message.partition} ${message.topic}`;
      const offset = message.offset + 1;
      if ((this.next.get(key)?.offset ?? -1) < offset) {
        this.next.set(key, { topic: message.topic, partition: message.partition, offset });
      }
    }
  }

  /** What is to be committed, and forgets it. */
  take(): Position[] {
    const positions = [...this.next.values()];
    this.next.clear();
    this.marked = 0;
    return positions;
  }
}
