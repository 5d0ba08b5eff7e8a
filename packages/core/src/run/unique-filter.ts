import type { Logger, RawMessage, RunStats, TopicPartition } from '../contracts.js';
import type { Database, Mark } from '../database.js';
import type { Item } from './align.js';
import { inPartitions } from './batch.js';

export interface UniqueFilterOptions {
  readonly seen: Database['seen'];
  /** The field, with dots for inner ones. */
  readonly key: string;
  readonly stats: RunStats;
  readonly logger: Logger;
}

/**
 * Drops alerts that were done before, or are being done: `UNIQUE`. An alert counts as done once the database has its mark,
 * which it gets in the same transaction as its rows; so a crash before that leaves it to be done again.
 */
export class UniqueFilter<In> {
  private readonly path: readonly string[];
  /** Marks of alerts that are on their way, by key; the first one's message does it. */
  private readonly underWay = new Map<string, RawMessage>();
  private readonly marks = new Map<RawMessage, Mark[]>();
  private warned = false;

  constructor(private readonly options: UniqueFilterOptions) {
    this.path = options.key.split('.');
  }

  /** The alerts that are not known yet, in their order. */
  async pass(items: readonly Item<In>[]): Promise<Item<In>[]> {
    const marks = items.map(({ alert, owner }) => this.markOf(alert, owner));
    const asked = marks.filter((mark): mark is Mark => mark !== undefined);
    const answers = asked.length > 0 ? await this.options.seen(asked) : [];
    const seen = new Set(asked.filter((_, i) => answers[i]));
    return items.filter((_, i) => {
      const mark = marks[i];
      if (!mark || (!seen.has(mark) && this.admit(mark))) return true;
      this.options.stats.repeated++;
      return false;
    });
  }

  /** What the database is to remember of these messages: a message that is a dead letter may come again. */
  of(messages: readonly RawMessage[], dead: readonly RawMessage[]): Mark[] {
    const kept = new Set(dead);
    return messages.flatMap((message) => (kept.has(message) ? [] : (this.marks.get(message) ?? [])));
  }

  /** These messages are written, or are left to somebody else. */
  forget(messages: readonly RawMessage[]): void {
    for (const message of messages) {
      for (const { key } of this.marks.get(message) ?? []) {
        if (this.underWay.get(key) === message) this.underWay.delete(key);
      }
      this.marks.delete(message);
    }
  }

  drop(partitions: readonly TopicPartition[]): void {
    this.forget([...this.marks.keys()].filter(inPartitions(partitions)));
  }

  private admit(mark: Mark): boolean {
    const { key, origin } = mark;
    const first = this.underWay.get(key);
    // The same message again is no repetition: its partition was away, and has come back.
    if (first && first !== origin && !samePlace(first, origin)) return false;
    // A message with the same alert twice does it once.
    if (first === origin) return false;
    this.underWay.set(key, origin);
    const marks = this.marks.get(origin);
    if (marks) marks.push(mark);
    else this.marks.set(origin, [mark]);
    return true;
  }

  private markOf(alert: In, origin: RawMessage): Mark | undefined {
    let value: unknown = alert;
    for (const name of this.path) value = (value as Record<string, unknown> | null | undefined)?.[name];
    switch (typeof value) {
      case 'bigint':
      case 'number':
      case 'string':
        return { origin, key: String(value) };
      default: {
        const { key, logger } = this.options;
        const { topic, partition, offset } = origin;
        if (!this.warned)
          logger.warn({ topic, partition, offset }, `alerts without '${key}' (UNIQUE) are always processed`);
        this.warned = true;
        return undefined;
      }
    }
  }
}

const samePlace = (a: RawMessage, b: RawMessage): boolean =>
  a.offset === b.offset && a.partition === b.partition && a.topic === b.topic;
