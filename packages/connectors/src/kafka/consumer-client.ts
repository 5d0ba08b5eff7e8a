import RdKafka, { type KafkaConsumer, type TopicPartitionOffset } from 'node-rdkafka';
import { type Position, type RawMessage, type TopicPartition, toError } from '@apf/core';
import type { ClientParams } from './client-params.js';
import type { ConfirmedProducer } from './confirmed-producer.js';
import { type ConnectOptions, connect } from './connect.js';
import type { ClientWatch } from './client-watch.js';

/** librdkafka's logical offsets, which are times to ListOffsets (Kafka protocol: -1 latest, -2 earliest). */
const LATEST = -1;
const EARLIEST = -2;
/** Patience of one question to the broker, in ms. */
const ASK = 10_000;
/** Librdkafka's codes of a rebalance. */
const { ERR__ASSIGN_PARTITIONS, ERR__REVOKE_PARTITIONS } = RdKafka.CODES.ERRORS;

export interface ClientCallbacks {
  assigned(partitions: readonly TopicPartition[]): void;
  revoked(partitions: readonly TopicPartition[]): void;
  /** The broker's answer to a commit: undefined, or an error with its code. */
  committed(error: unknown): void;
  endOfPartition(partition: TopicPartition): void;
}

/** Offsets by partition, in the order of the question; undefined where the broker gave none. */
export type Offsets = readonly (number | undefined)[];

/** Partitions by topic. */
export type TopicPartitions = ReadonlyMap<string, readonly TopicPartition[]>;

/** node-rdkafka's consumer with promises, and with one `consume` at a time. */
export class ConsumerClient {
  #consuming: Promise<unknown> | undefined;
  #whenIdle: (() => void)[] = [];
  readonly #asking = new Set<Promise<void>>();
  #closed = false;

  private constructor(
    private readonly consumer: KafkaConsumer,
    readonly watch: ClientWatch,
  ) {}

  /** @throws FatalError where the brokers cannot be used at all. */
  static async open(
    params: ClientParams,
    callbacks: ClientCallbacks,
    options: ConnectOptions,
  ): Promise<ConsumerClient> {
    const make = (): KafkaConsumer => {
      const consumer = new RdKafka.KafkaConsumer(
        {
          ...params.global,
          rebalance_cb: (error: { code: number }, partitions: TopicPartition[]) => {
            if (error.code === ERR__ASSIGN_PARTITIONS) callbacks.assigned(partitions);
            else if (error.code === ERR__REVOKE_PARTITIONS) callbacks.revoked(partitions);
          },
          offset_commit_cb: (error: unknown) => callbacks.committed(error),
        },
        params.topic,
      );
      consumer.on('partition.eof', (eof) => callbacks.endOfPartition(eof));
      return consumer;
    };
    const { client, watch } = await connect(make, options);
    return new ConsumerClient(client, watch);
  }

  /**
   * At most `max` messages. librdkafka waits up to `timeout` ms for *each* of them: with 0 this takes what is there.
   * Rejects with librdkafka's error, its code included.
   */
  consume(max: number, timeout: number): Promise<readonly RawMessage[]> {
    this.consumer.setDefaultConsumeTimeout(timeout);
    const consuming = new Promise<readonly RawMessage[]>((resolve, reject) => {
      this.consumer.consume(max, (error, messages) => {
        this.#consuming = undefined;
        for (const act of this.#whenIdle.splice(0)) act();
        if (error) reject(asError(error));
        else resolve(messages);
      });
    });
    this.#consuming = consuming;
    return consuming;
  }

  /**
   * Acts when no `consume` is under way. An assignment changed in the midst of one would leave in its result messages
   * of which nobody knows whether they were fetched before the change or after.
   */
  async whenIdle<T>(act: () => T): Promise<T> {
    if (!this.#consuming) return act();
    return new Promise((resolve, reject) => {
      this.#whenIdle.push(() => {
        try {
          resolve(act());
        } catch (error) {
          reject(toError(error));
        }
      });
    });
  }

  subscribe(topics: readonly string[]): void {
    this.consumer.subscribe([...topics]);
  }

  get protocol(): string {
    return this.consumer.rebalanceProtocol();
  }

  /** Adds to the assignment. A partition without an offset begins where its commit or `auto.offset.reset` says. */
  incrementalAssign(partitions: readonly (TopicPartition & { offset?: number | undefined })[]): void {
    this.consumer.incrementalAssign([...partitions]);
  }
  assign(partitions: readonly (TopicPartition & { offset?: number | undefined })[]): void {
    this.consumer.assign([...partitions]);
  }
  incrementalUnassign(partitions: readonly TopicPartition[]): void {
    this.consumer.incrementalUnassign(partitions.map(bare));
  }
  unassign(): void {
    this.consumer.unassign();
  }

  pause(partitions: readonly TopicPartition[]): void {
    if (partitions.length > 0) this.consumer.pause(partitions.map(bare));
  }
  resume(partitions: readonly TopicPartition[]): void {
    if (partitions.length > 0) this.consumer.resume(partitions.map(bare));
  }

  /** Sends a commit; the answer comes through the callback. Throws where it cannot even be sent. */
  commit(next: readonly Position[]): void {
    this.consumer.commit([...next]);
  }

  /** Adds a commit to the transaction of a producer. */
  sendOffsets(producer: ConfirmedProducer, next: readonly Position[]): Promise<void> {
    return producer.sendOffsets(this.consumer, next);
  }

  /** Behind the last message consumed, transaction markers included; undefined before the first. */
  positions(partitions: readonly TopicPartition[]): Offsets {
    return offsetsOf(this.consumer.position(partitions.map(bare)));
  }

  /** The oldest offset on the broker, as the last fetch told it. */
  knownLow(partition: TopicPartition): number {
    return this.#knownWatermarks(partition)?.lowOffset ?? -1;
  }
  /** The end of the partition, as the last fetch told it; -1 before. */
  knownHigh(partition: TopicPartition): number {
    return this.#knownWatermarks(partition)?.highOffset ?? -1;
  }

  #knownWatermarks({
    topic,
    partition,
  }: TopicPartition): { lowOffset: number; highOffset: number } | undefined {
    try {
      return this.consumer.getWatermarkOffsets(topic, partition);
    } catch {
      // Nothing was fetched of it yet.
      return undefined;
    }
  }

  /** The group's committed offsets. */
  committed(partitions: readonly TopicPartition[]): Promise<Offsets> {
    return this.#ask(partitions, (done) => this.consumer.committed(partitions.map(bare), ASK, done));
  }
  earliest(partitions: readonly TopicPartition[]): Promise<Offsets> {
    return this.at(partitions, EARLIEST);
  }
  /** Where the next message will stand; with read_committed, where the oldest open transaction begins. */
  latest(partitions: readonly TopicPartition[]): Promise<Offsets> {
    return this.at(partitions, LATEST);
  }
  /** The first offsets whose messages are not older than `time`, in ms; -1 where there is none. */
  at(partitions: readonly TopicPartition[], time: number): Promise<Offsets> {
    const question = partitions.map(({ topic, partition }) => ({ topic, partition, offset: time }));
    return this.#ask(partitions, (done) => this.consumer.offsetsForTimes(question, ASK, done));
  }

  #ask(
    partitions: readonly TopicPartition[],
    question: (done: (error: unknown, offsets: TopicPartitionOffset[]) => void) => void,
  ): Promise<Offsets> {
    if (partitions.length === 0) return Promise.resolve([]);
    return this.#tracked<Offsets>((resolve, reject) => {
      question((error, offsets) => (error ? reject(asError(error)) : resolve(offsetsOf(offsets))));
    });
  }

  #tracked<T>(question: (resolve: (answer: T) => void, reject: (error: Error) => void) => void): Promise<T> {
    if (this.#closed) return Promise.reject(new Error('the Kafka client is closed'));
    const asking = new Promise<T>(question);
    const over = asking.then(
      () => void this.#asking.delete(over),
      () => void this.#asking.delete(over),
    );
    this.#asking.add(over);
    return asking;
  }

  /** All topics that this user may see, with their partitions. */
  topics(): Promise<TopicPartitions> {
    return this.#tracked<TopicPartitions>((resolve, reject) => {
      this.consumer.getMetadata({ allTopics: true, timeout: ASK }, (error, metadata) => {
        if (error) {
          reject(asError(error));
          return;
        }
        const topics = metadata.topics.map(
          ({ name, partitions }) =>
            [name, partitions.map(({ id }) => ({ topic: name, partition: id }))] as const,
        );
        resolve(new Map(topics));
      });
    });
  }

  /** Leaves the group. The revocation that this brings is told through the callback and must be served. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#consuming?.catch(() => undefined);
    // node-rdkafka frees the client under a question that is still under way.
    await Promise.all(this.#asking);
    await new Promise<void>((resolve) => this.consumer.disconnect(() => resolve()));
  }
}

/** librdkafka's errors are Errors, which their types do not say. */
const asError = (error: unknown): Error => error as Error;

const bare = ({ topic, partition }: TopicPartition): TopicPartition => ({ topic, partition });

/** node-rdkafka puts an Error where one partition failed. */
function offsetsOf(offsets: readonly (TopicPartitionOffset | Error)[]): Offsets {
  return offsets.map((offset) => (offset instanceof Error ? undefined : offset.offset));
}
