import {
  KafkaRangeSource,
  OffsetLookup,
  type OffsetRange,
  partitionsOf,
  type PartitionBounds,
  resolveRanges,
} from '@apf/connectors';
import {
  type Clock,
  END,
  newStats,
  type RawMessage,
  silent,
  StreamCodec,
  type StreamCodecOptions,
  systemClock,
  toError,
} from '@apf/core';
import type { TopicSampling } from '../page-api.js';
import type { AlertFeed, FeedListener } from './alert-feed.js';
import type { AlertStore } from './alert-store.js';
import { DecodeBudget } from './decode-budget.js';
import { keptAlert } from './kept-alert.js';
import { readAgain } from './read-again.js';
import { SamplingCount } from './topic-sampling.js';

export interface BrokerFeedOptions extends Pick<
  StreamCodecOptions,
  'schema' | 'schemas' | 'versions' | 'framing'
> {
  readonly params: Readonly<Record<string, unknown>>;
  /** Names, or expressions that begin with ^; all topics but Kafka's own where absent. */
  readonly topics?: readonly string[] | undefined;
  /** Whether the broker can be asked for offsets by time: the embedded one cannot, and keeps little anyway. */
  readonly knowsTimes?: boolean | undefined;
  readonly clock?: Clock;
}

/** Messages that a page begins with, of each topic. */
const FIRST = 100;
/** More topics than anybody looks at would take more memory than there is. */
const MOST_TOPICS = 100;
/** How often it is looked for new topics and for how far behind the reader is, in ms. */
const LOOK = 2_000;
/** Messages of all topics by which a reader may be behind before it goes on at the end. */
const BEHIND = 5_000;
const POLL = 1_000;

interface Reader {
  readonly source: KafkaRangeSource;
  /** The next offset of each partition. */
  readonly next: Map<string, number>;
}

/** Reads the ends of topics for themselves: no group is joined, nothing is committed, nobody is in anybody's way. */
export class BrokerFeed implements AlertFeed {
  private readonly counts = new Map<string, SamplingCount>();
  private readonly clock: Clock;
  private readonly budget: DecodeBudget;
  private readonly codec: StreamCodec;

  constructor(
    private readonly options: BrokerFeedOptions,
    private readonly store: AlertStore,
    private readonly listener: FeedListener,
  ) {
    this.clock = options.clock ?? systemClock;
    this.budget = new DecodeBudget(this.clock);
    this.codec = new StreamCodec(options);
  }

  topics(): readonly string[] {
    return [...this.counts.keys()].sort();
  }

  sampling(): readonly TopicSampling[] {
    return this.topics().map((topic) => this.counts.get(topic)!.state(this.clock.now()));
  }

  run(signal: AbortSignal): Promise<void> {
    const { listener, clock } = this;
    return readAgain(
      () => this.read(signal),
      (error) => listener.onError(error),
      clock,
      signal,
    );
  }

  private async read(signal: AbortSignal): Promise<void> {
    const params = this.options.params;
    const lookup = await OffsetLookup.open({ params });
    let reader: Reader | undefined;
    try {
      while (!signal.aborted) {
        reader = await this.renewed(lookup, reader);
        const again = this.clock.now() + LOOK;
        do {
          if (reader) await this.poll(reader, signal);
          else await this.clock.sleep(LOOK, signal);
        } while (this.clock.now() < again && !signal.aborted);
      }
    } finally {
      await reader?.source.close();
      await lookup.close();
    }
  }

  /** The reader as it was, or one that reads new topics too, or one that skips what it would never catch up with. */
  private async renewed(lookup: OffsetLookup, reader: Reader | undefined): Promise<Reader | undefined> {
    const partitions = partitionsOf(this.options.topics ?? [ANY_TOPIC], await lookup.topics());
    const topics = [...new Set(partitions.map(({ topic }) => topic))].sort().slice(0, MOST_TOPICS);
    const read = partitions.filter(({ topic }) => topics.includes(topic));
    const bounds = await lookup.bounds(read);
    const isNew = bounds.some((bound) => reader?.next.get(nameOf(bound)) === undefined);
    const behind = bounds.reduce(
      (sum, bound) => sum + Math.max(0, bound.high - (reader?.next.get(nameOf(bound)) ?? bound.high)),
      0,
    );
    if (!isNew && behind <= BEHIND) return reader;
    const known = reader?.next ?? new Map<string, number>();
    const starts = await this.starts(lookup, bounds, known, behind > BEHIND);
    await reader?.source.close();
    return bounds.length === 0 ? undefined : this.opened(starts);
  }

  private async starts(
    lookup: OffsetLookup,
    bounds: readonly PartitionBounds[],
    known: ReadonlyMap<string, number>,
    skip: boolean,
  ): Promise<OffsetRange[]> {
    const ranges: OffsetRange[] = [];
    for (const topic of new Set(bounds.map((bound) => bound.topic))) {
      const own = bounds.filter((bound) => bound.topic === topic);
      const count = this.countOf(topic);
      const fresh = own.filter((bound) => skip || !known.has(nameOf(bound)));
      for (const bound of own) {
        const next = known.get(nameOf(bound));
        if (!fresh.includes(bound))
          ranges.push({ topic, partition: bound.partition, start: Math.max(next!, bound.low) });
      }
      const now = this.clock.now();
      const begun =
        this.options.knowsTimes === false
          ? fresh.map(({ partition, low }) => ({ topic, partition, start: low }))
          : await resolveRanges(lookup, fresh, { tail: FIRST, now });
      for (const range of begun) {
        const next = known.get(nameOf(range));
        const start = Math.max(range.start, next ?? 0);
        if (next !== undefined) count.add(now, start - next, 0);
        ranges.push({ topic, partition: range.partition, start });
      }
    }
    return ranges;
  }

  private async opened(ranges: readonly OffsetRange[]): Promise<Reader> {
    const source = new KafkaRangeSource({
      params: this.options.params,
      ranges,
      logger: silent,
      clock: this.clock,
      stats: newStats(),
    });
    await source.open();
    return { source, next: new Map(ranges.map((range) => [nameOf(range), range.start])) };
  }

  private async poll({ source, next }: Reader, signal: AbortSignal): Promise<void> {
    const messages = await source.poll(POLL, signal);
    if (messages === END || messages.length === 0) {
      if (messages === END) await this.clock.sleep(LOOK, signal);
      return;
    }
    for (const message of messages) next.set(nameOf(message), message.offset + 1);
    const byTopic = new Map<string, RawMessage[]>();
    for (const message of messages) {
      const own = byTopic.get(message.topic);
      if (own) own.push(message);
      else byTopic.set(message.topic, [message]);
    }
    for (const [topic, own] of byTopic) await this.take(topic, own);
    this.listener.onAlerts();
  }

  private async take(topic: string, messages: readonly RawMessage[]): Promise<void> {
    const chosen = this.budget.choose(messages.length).map((i) => messages[i]!);
    const count = this.countOf(topic);
    count.add(this.clock.now(), messages.length, chosen.length);
    try {
      await this.codec.prepare(chosen);
    } catch (error) {
      count.failed(toError(error));
      return;
    }
    for (const message of chosen) {
      if (!message.value) continue;
      // A copy: the client's memory is one block for many messages, and goes with the last of them.
      const kept = { ...message, value: Buffer.from(message.value) };
      try {
        for (const [record, { value, schema }] of this.codec.decode(kept.value, kept).entries())
          this.store.add(keptAlert(topic, kept, record, value, schema));
      } catch (error) {
        count.failed(toError(error));
      }
    }
  }

  private countOf(topic: string): SamplingCount {
    const count = this.counts.get(topic) ?? new SamplingCount(topic);
    this.counts.set(topic, count);
    return count;
  }
}

/** Kafka's own topics, and those that tools keep to themselves, begin with an underscore. */
const ANY_TOPIC = '^[^_]';

const nameOf = ({ topic, partition }: { topic: string; partition: number }): string =>
  `${topic} ${partition}`;
