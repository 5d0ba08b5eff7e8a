import {
  type END,
  type Position,
  type RawMessage,
  type Source,
  type SourceEvents,
  type TopicPartition,
} from '@apf/core';
import type { RangeFileSink } from './range-file-sink.js';

/**
 * A source whose alerts go to a {@link RangeFileSink}: what the run has confirmed is committed only as far as it is in
 * files that are whole, and what is in them already is not given again.
 */
export class SavingSource implements Source {
  readonly maxPollInterval: number | undefined;
  /** Next offsets that the run has confirmed. */
  private readonly confirmed = new Map<string, Position>();
  private readonly committed = new Map<string, number>();
  /** Partitions of which it is known what is saved. */
  private readonly known = new Set<string>();
  private failed = false;
  private left = 0;

  constructor(
    private readonly source: Source,
    private readonly sink: RangeFileSink,
  ) {
    this.maxPollInterval = source.maxPollInterval;
  }

  /** Messages that were not given because they are in files already. */
  get skipped(): number {
    return this.left;
  }

  open(events: SourceEvents): Promise<void> {
    return this.source.open({
      revoked: async (partitions) => {
        await events.revoked(partitions);
        await this.sink.finish(partitions);
        await this.commitSaved(partitions);
        this.forget(partitions);
      },
      lost: (partitions) => {
        events.lost(partitions);
        this.forget(partitions);
        void this.sink.discard(partitions);
      },
    });
  }

  async poll(max: number, signal: AbortSignal): Promise<readonly RawMessage[] | typeof END> {
    const polled = await this.source.poll(max, signal);
    if (this.sink.due) await this.rotate();
    if (typeof polled === 'symbol') return polled;
    await this.learn(polled);
    const fresh = polled.filter((message) => !this.sink.has(message));
    this.left += polled.length - fresh.length;
    return fresh;
  }

  /** Who read a partition before may have saved what it did not come to commit. */
  private async learn(messages: readonly RawMessage[]): Promise<void> {
    const before = this.known.size;
    for (const message of messages) this.known.add(keyOf(message));
    if (this.known.size > before) await this.sink.look();
  }

  async commit(next: readonly Position[]): Promise<void> {
    for (const position of next) this.confirmed.set(keyOf(position), position);
    if (this.sink.due) await this.rotate();
    else await this.commitSaved();
  }

  pause(): void {
    this.source.pause();
  }

  resume(): void {
    this.source.resume();
  }

  async close(): Promise<void> {
    try {
      if (!this.failed) {
        await this.sink.finish();
        await this.commitSaved();
      }
    } finally {
      await this.source.close();
    }
  }

  private async rotate(): Promise<void> {
    try {
      await this.sink.rotate();
    } catch (error) {
      this.failed = true;
      throw error;
    }
    await this.commitSaved();
  }

  private async commitSaved(of?: readonly TopicPartition[]): Promise<void> {
    const only = of && new Set(of.map(keyOf));
    const next: Position[] = [];
    for (const [key, position] of this.confirmed) {
      if (only && !only.has(key)) continue;
      const offset = Math.min(position.offset, this.sink.unfinished(position) ?? Infinity);
      if (offset <= (this.committed.get(key) ?? -1)) continue;
      this.committed.set(key, offset);
      next.push({ ...position, offset });
    }
    if (next.length > 0) await this.source.commit(next);
  }

  private forget(partitions: readonly TopicPartition[]): void {
    for (const partition of partitions) {
      this.known.delete(keyOf(partition));
      this.confirmed.delete(keyOf(partition));
      this.committed.delete(keyOf(partition));
    }
  }
}

const keyOf = ({ topic, partition }: TopicPartition): string => `${partition} ${topic}`;
