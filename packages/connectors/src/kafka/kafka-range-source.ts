import RdKafka from 'node-rdkafka';
import {
  type Clock,
  END,
  type FatalError,
  type Logger,
  type RawMessage,
  type RunStats,
  type Source,
} from '@apf/core';
import { Assignment, type Held } from './assignment.js';
import { brokersOf, consumerParams, type Params } from './client-params.js';
import { ConsumerClient } from './consumer-client.js';
import { EagerReader } from './eager-reader.js';
import { fatalConsumeError, kafkaCode, kafkaText, type Scene } from './kafka-errors.js';
import type { OffsetRange } from './offset-range.js';
import { ReadEnds } from './read-ends.js';
import { StartOffsets } from './start-offsets.js';

export interface KafkaRangeSourceOptions {
  /** librdkafka's properties; `group.id` may be absent, since no group is joined. */
  readonly params: Params;
  /** What is read; the source ends once all parts that have an end are read, never where one has none. */
  readonly ranges: readonly OffsetRange[];
  /** Ms since 1970: a partition ends at its first message that is not older. */
  readonly endTime?: number | undefined;
  /** How long `open` waits for a broker, in ms. @default 30000 */
  readonly openTimeout?: number | undefined;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly stats: RunStats;
}

const WAIT = 100;
const { ERR_GROUP_AUTHORIZATION_FAILED } = RdKafka.CODES.ERRORS;

/** Reads given parts of Kafka partitions, without a group: nothing is committed, and nobody else is in its way. */
export class KafkaRangeSource implements Source {
  readonly #assignment: Assignment;
  readonly #reader = new EagerReader((max, timeout) => this.#consume(max, timeout));
  readonly #lost: StartOffsets;
  #client!: ConsumerClient;
  #ends!: ReadEnds;
  #paused = false;
  #held: readonly RawMessage[] = [];
  #failure: FatalError | Error | undefined;
  #closed = false;

  constructor(private readonly options: KafkaRangeSourceOptions) {
    this.#lost = new StartOffsets({ reset: 'earliest', ...options });
    this.#assignment = new Assignment({
      endTime: options.endTime,
      onGap: (held, from, to) => this.#onGap(held, from, to),
    });
  }

  async open(): Promise<void> {
    const { ranges, logger, clock, endTime, openTimeout = 30_000 } = this.options;
    const nothing = (): void => undefined;
    this.#client = await ConsumerClient.open(
      consumerParams(this.#params, { eof: true }),
      {
        assigned: nothing,
        revoked: nothing,
        committed: nothing,
        endOfPartition: (partition) => {
          // Only where the end is the partition's own: one that goes on for ever has no end to reach.
          if (this.#assignment.get(partition.topic, partition.partition)?.end !== Infinity)
            this.#ends.reached(partition);
        },
      },
      { brokers: brokersOf(this.#params), logger, clock, within: openTimeout },
    );
    this.#ends = new ReadEnds({
      client: this.#client,
      assignment: this.#assignment,
      clock,
      end: endTime ?? 'latest',
      stopAtEnd: false,
    });
    for (const { start, end, ...partition } of ranges)
      this.#assignment.add(partition, { next: start, ...(end === undefined ? {} : { end }) });
    const open = this.#assignment.all().filter(({ done }) => !done);
    if (open.length > 0)
      this.#client.assign(open.map(({ topic, partition, next }) => ({ topic, partition, offset: next })));
  }

  async poll(max: number, signal: AbortSignal): Promise<readonly RawMessage[] | typeof END> {
    if (this.#closed || this.#assignment.size === 0) return END;
    await this.#reader.gather(signal);
    if (this.#paused) {
      this.#held = [...this.#held, ...(await this.#consume(1, WAIT))];
      this.#throwFailure();
      return [];
    }
    const messages =
      this.#held.length > 0 ? this.#held.slice(0, max) : await this.#reader.take(max, () => this.#paused);
    this.#held = this.#held.slice(max);
    this.#throwFailure();
    const delivered = this.#assignment.accept(messages);
    return delivered.length === 0 && this.#ends.over(false, 1) ? END : delivered;
  }

  pause(): void {
    if (this.#paused) return;
    this.#paused = true;
    this.#client.pause(this.#assignment.all());
  }

  resume(): void {
    if (!this.#paused) return;
    this.#paused = false;
    this.#client.resume(this.#assignment.all().filter(({ done }) => !done));
  }

  async commit(): Promise<void> {
    // There is no group that could remember it.
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    if (this.#client as ConsumerClient | undefined) await this.#client.close();
  }

  async #consume(max: number, timeout: number): Promise<readonly RawMessage[]> {
    try {
      return await this.#client.consume(max, timeout);
    } catch (error) {
      // librdkafka asks for a coordinator all the same. Whoever may use no group reads without one.
      if (kafkaCode(error) === ERR_GROUP_AUTHORIZATION_FAILED) return [];
      const fatal = fatalConsumeError(error, this.#scene());
      if (fatal) this.#failure ??= fatal;
      else
        this.#client.watch.warn(
          String(kafkaCode(error)),
          {},
          `reading from Kafka: ${kafkaText(error)}; going on`,
        );
      return [];
    }
  }

  #throwFailure(): void {
    if (this.#failure) throw this.#failure;
  }

  #onGap(held: Held, from: number, to: number): void {
    const low = Math.min(this.#client.knownLow(held), to);
    if (low > from) this.#lost.lost({ topic: held.topic, partition: held.partition, offset: from }, low);
  }

  get #params(): Params {
    return { 'group.id': 'apf-without-a-group', ...this.options.params };
  }

  #scene(): Scene {
    const topics = [...new Set(this.options.ranges.map(({ topic }) => topic))];
    return { brokers: brokersOf(this.#params), topics };
  }
}
