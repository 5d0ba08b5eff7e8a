import { type Clock, type Logger, silent, systemClock, type TopicPartition } from '@apf/core';
import RdKafka from 'node-rdkafka';
import { brokersOf, consumerParams, type Params } from './client-params.js';
import { ConsumerClient, type Offsets, type TopicPartitions } from './consumer-client.js';
import { kafkaCode } from './kafka-errors.js';

const { ERR_COORDINATOR_LOAD_IN_PROGRESS, ERR_COORDINATOR_NOT_AVAILABLE, ERR_NOT_COORDINATOR } =
  RdKafka.CODES.ERRORS;
/** What a broker answers about a group whose coordinator is being chosen, as at its first group of all. */
const CHOOSING: readonly (number | undefined)[] = [
  ERR_COORDINATOR_LOAD_IN_PROGRESS,
  ERR_COORDINATOR_NOT_AVAILABLE,
  ERR_NOT_COORDINATOR,
];
/** How often such a question is put again, in ms. */
const AGAIN_EVERY = 200;

export interface OffsetLookupOptions {
  readonly params: Params;
  readonly logger?: Logger;
  readonly clock?: Clock;
  /** How long a broker may stay silent, in ms. @default 30000 */
  readonly openTimeout?: number | undefined;
}

/** A partition, the offset of the oldest message in it, and the one that the next message will have. */
export interface PartitionBounds extends TopicPartition {
  readonly low: number;
  readonly high: number;
}

/** Asks a broker what it has: topics, offsets, times, and what a group has committed. It reads nothing and joins nothing. */
export class OffsetLookup {
  private constructor(
    private readonly client: ConsumerClient,
    private readonly clock: Clock,
    private readonly patience: number,
  ) {}

  /** @throws FatalError where the brokers cannot be used: not reached, a wrong password, no TLS */
  static async open(options: OffsetLookupOptions): Promise<OffsetLookup> {
    const { logger = silent, clock = systemClock, openTimeout = 30_000 } = options;
    const params: Params = { 'group.id': 'apf-without-a-group', ...options.params };
    const nothing = (): void => undefined;
    const client = await ConsumerClient.open(
      consumerParams(params, { eof: false }),
      { assigned: nothing, revoked: nothing, committed: nothing, endOfPartition: nothing },
      { brokers: brokersOf(params), logger, clock, within: openTimeout },
    );
    return new OffsetLookup(client, clock, openTimeout);
  }

  /** All topics that this user may see, with their partitions. */
  topics(): Promise<TopicPartitions> {
    return this.client.topics();
  }

  async bounds(partitions: readonly TopicPartition[]): Promise<PartitionBounds[]> {
    const [lows, highs] = await Promise.all([
      this.client.earliest(partitions),
      this.client.latest(partitions),
    ]);
    return partitions.map((partition, i) => ({
      ...partition,
      low: lows[i] ?? 0,
      high: highs[i] ?? lows[i] ?? 0,
    }));
  }

  /** What the group of `group.id` has committed: next offsets; undefined where nothing. */
  async committed(partitions: readonly TopicPartition[]): Promise<Offsets> {
    const offsets = await this.whenChosen(() => this.client.committed(partitions));
    return offsets.map((offset) => (offset === undefined || offset < 0 ? undefined : offset));
  }

  /** The first offsets whose messages are not older than `time`, in ms since 1970; undefined where there is none yet. */
  async at(partitions: readonly TopicPartition[], time: number): Promise<Offsets> {
    const offsets = await this.client.at(partitions, Math.max(0, Math.ceil(time)));
    return offsets.map((offset) => (offset === undefined || offset < 0 ? undefined : offset));
  }

  close(): Promise<void> {
    return this.client.close();
  }

  /** Puts a question about a group until there is a coordinator that answers it. */
  private async whenChosen<T>(question: () => Promise<T>): Promise<T> {
    const end = this.clock.now() + this.patience;
    for (;;) {
      try {
        return await question();
      } catch (error) {
        if (!CHOOSING.includes(kafkaCode(error)) || this.clock.now() >= end) throw error;
        await this.clock.sleep(AGAIN_EVERY);
      }
    }
  }
}
