import {
  type Clock,
  FatalError,
  type Logger,
  type Position,
  type RunStats,
  type TopicPartition,
} from '@apf/core';
import type { OffsetReset } from './client-params.js';
import type { Offsets } from './consumer-client.js';
import { kafkaText } from './kafka-errors.js';
import type { OffsetRange } from './offset-range.js';

/** What is asked of the broker; see {@link ConsumerClient}. */
export interface OffsetQueries {
  committed(partitions: readonly TopicPartition[]): Promise<Offsets>;
  earliest(partitions: readonly TopicPartition[]): Promise<Offsets>;
  latest(partitions: readonly TopicPartition[]): Promise<Offsets>;
  at(partitions: readonly TopicPartition[], time: number): Promise<Offsets>;
}

/** Where a partition begins. Without an offset the client finds it by itself. */
export interface Start extends TopicPartition {
  readonly offset: number | undefined;
  readonly committed: number | undefined;
  /** The end of the partition at this moment. */
  readonly high: number | undefined;
}

export interface StartOffsetsOptions {
  readonly reset: OffsetReset;
  /** `offsets.start` in ms, for partitions without a commit. */
  readonly startTime?: number | undefined;
  /** Where partitions begin that have no commit, or an older one. */
  readonly ranges?: readonly OffsetRange[] | undefined;
  /** Asks whoever keeps the offsets instead of the broker; see `SourceEvents.starts`. */
  readonly kept?: ((partitions: readonly TopicPartition[]) => Promise<Offsets>) | undefined;
  readonly stats: RunStats;
  readonly logger: Logger;
  readonly clock: Clock;
}

/** Pauses between attempts to learn the offsets, in ms. */
const PAUSES = [200, 500, 1_000, 2_000, 5_000];

/**
 * Where newly assigned partitions begin: at their commit; at the oldest offset that is left, and with an error, where
 * the commit has expired; else at the start time or by `auto.offset.reset`. What was found for a partition without a
 * commit holds for the run: asking again after a rebalance would skip what is in hand.
 */
export class StartOffsets {
  readonly #found = new Map<string, number>();
  readonly #floors: ReadonlyMap<string, number>;

  constructor(private readonly options: StartOffsetsOptions) {
    this.#floors = new Map((options.ranges ?? []).map((range) => [key(range), range.start]));
    for (const [partition, start] of this.#floors) this.#found.set(partition, start);
  }

  /** @throws FatalError where `auto.offset.reset` is 'error' and a partition has no commit. */
  async resolve(
    partitions: readonly TopicPartition[],
    queries: OffsetQueries,
    signal: AbortSignal,
  ): Promise<Start[]> {
    for (let attempt = 0; ; attempt++) {
      try {
        return await this.#attempt(partitions, queries);
      } catch (error) {
        const pause = PAUSES[attempt];
        if (error instanceof FatalError) throw error;
        if (signal.aborted) return partitions.map(unknown);
        this.options.logger.warn(
          { error: kafkaText(error) },
          `the offsets at which to begin could not be learnt (${kafkaText(error)}); asking again`,
        );
        await this.options.clock.sleep(pause ?? 5_000, signal);
      }
    }
  }

  async #attempt(partitions: readonly TopicPartition[], queries: OffsetQueries): Promise<Start[]> {
    const committed = await queries.committed(partitions);
    const lows = await queries.earliest(partitions);
    const highs = await queries.latest(partitions);
    const { startTime, kept } = this.options;
    // The last question, because the answer takes the partitions from whoever had them.
    const offsets = await kept?.(partitions);
    partitions.forEach((partition, i) => demandThatItIsThere(partition, offsets?.[i], highs[i]));
    const commits = partitions.map((_, i) => offsets?.[i] ?? committed[i]);
    const fresh = partitions.filter(
      (partition, i) => (commits[i] ?? -1) < 0 && !this.#found.has(key(partition)),
    );
    const times = startTime === undefined ? [] : await queries.at(fresh, startTime);
    return partitions.map((partition, i) => {
      const [low, high] = [lows[i], highs[i]];
      const commit = (commits[i] ?? -1) < 0 ? undefined : commits[i];
      if (commit !== undefined) {
        const resumed = this.#resume({ ...partition, offset: commit }, low ?? commit);
        const floor = this.#floors.get(key(partition)) ?? 0;
        return { ...partition, committed: commit, high, offset: Math.max(resumed, floor) };
      }
      const time = times[fresh.indexOf(partition)];
      return { ...partition, committed: undefined, high, offset: this.#begin(partition, low, high, time) };
    });
  }

  #resume(commit: Position, low: number): number {
    if (commit.offset >= low) return commit.offset;
    this.lost(commit, low);
    return low;
  }

  /** Reports offsets that the broker deleted before they were read: one error, and counted. */
  lost({ topic, partition, offset }: Position, low: number): void {
    const { logger, stats } = this.options;
    const lost = low - offset;
    stats.expired += lost;
    logger.error(
      { code: 'APF_OFFSET_EXPIRED', topic, partition, offset, low, lost },
      `${lost} alerts of ${topic}[${partition}] were lost: the broker deleted offsets ${offset} to ${low - 1} before they were read; going on at ${low}`,
    );
  }

  #begin(
    partition: TopicPartition,
    low: number | undefined,
    high: number | undefined,
    time: number | undefined,
  ): number | undefined {
    const { reset, startTime } = this.options;
    const found = this.#found.get(key(partition));
    if (found !== undefined) return Math.max(found, low ?? 0);
    if (startTime === undefined && reset === 'error') {
      throw new FatalError(
        `${partition.topic}[${partition.partition}] has no committed offset, and PARAMS['auto.offset.reset'] is 'error': write 'earliest' or 'latest'`,
        { code: 'APF_SETTINGS' },
      );
    }
    // The broker answers -1 where no message is as young as the start time.
    const offset =
      startTime === undefined
        ? reset === 'latest'
          ? high
          : low
        : time === undefined || time < 0
          ? high
          : time;
    if (offset !== undefined) this.#found.set(key(partition), offset);
    return offset;
  }
}

/** @throws FatalError where somebody has read further than there is anything to read */
function demandThatItIsThere(
  { topic, partition }: TopicPartition,
  kept: number | undefined,
  high: number | undefined,
): void {
  if (kept === undefined || high === undefined || kept <= high) return;
  throw new FatalError(
    `the database has ${topic}[${partition}] read up to offset ${kept}, but on this broker it ends at ${high}: the topic was made anew, or it is another broker; to read it from its beginning delete its row from apf_offsets`,
    { code: 'APF_DATABASE' },
  );
}

const key = ({ topic, partition }: TopicPartition): string => `${partition} ${topic}`;

const unknown = (partition: TopicPartition): Start => ({
  ...partition,
  offset: undefined,
  committed: undefined,
  high: undefined,
});
