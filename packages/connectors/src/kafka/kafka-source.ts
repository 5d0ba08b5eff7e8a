import RdKafka from 'node-rdkafka';
import {
  type Clock,
  END,
  FatalError,
  type Logger,
  type Position,
  type RawMessage,
  RetryableError,
  type RunStats,
  type Source,
  type SourceEvents,
  type SourceProgress,
  type TopicStrategy,
} from '@apf/core';
import { Assignment, type Held } from './assignment.js';
import { type OffsetReset, type Params, brokersOf, consumerParams, offsetReset } from './client-params.js';
import type { ConfirmedProducer } from './confirmed-producer.js';
import { Committer } from './committer.js';
import { ConsumerClient } from './consumer-client.js';
import { doneUpTo } from './done-up-to.js';
import { EagerReader } from './eager-reader.js';
import { ExpiringTopics } from './expiring-topics.js';
import { type Scene, fatalConsumeError, kafkaCode, kafkaText } from './kafka-errors.js';
import type { OffsetRange } from './offset-range.js';
import { ReadEnds } from './read-ends.js';
import { Rebalancer } from './rebalancer.js';
import { type Start, StartOffsets } from './start-offsets.js';
import { Subscription } from './subscription.js';

const { ERRORS } = RdKafka.CODES;

export interface KafkaSourceOptions {
  /** librdkafka's properties by their dotted names. */
  readonly params: Params;
  readonly topics: TopicStrategy;
  readonly offsets?: {
    /** Ms since 1970: where partitions without a commit begin. */
    readonly start?: number;
    /** Ms since 1970, or `'latest'`: the ends that the partitions have when the run begins. */
    readonly end?: number | 'latest';
  };
  /**
   * The parts of partitions to read, as they were found out before the start. A partition begins where the group has
   * committed, but not before its part does; one of which there is none is read whole.
   */
  readonly ranges?: readonly OffsetRange[] | undefined;
  /** `GROUP_INSTANCE`: static membership. */
  readonly groupInstance?: string;
  /** `DROP_UNREAD`: a topic that leaves the strategy's window is left at once. */
  readonly dropUnread?: boolean;
  /** END once each partition has been at its end. PARAMS' `enable.partition.eof` asks for the same, as in APF. */
  readonly stopAtEnd?: boolean;
  /** `COMMIT_RETRY`; 0 is without end. @default 5 */
  readonly commitRetry?: number;
  /** False where the run never commits: a leaving topic is then read when it is delivered. @default true */
  readonly commits?: boolean;
  /** How long `open` waits for a broker, in ms. @default 30000 */
  readonly openTimeout?: number;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly stats: RunStats;
}

/** How long a paused poll waits for what was on its way, in ms. */
const WAIT = 100;
/** While a commit waits for its answer, which only a poll can bring. */
const SHORT_WAIT = 10;
/** librdkafka's default. */
const MAX_POLL_INTERVAL = 300_000;

/** Reads Kafka topics as a member of a consumer group. */
export class KafkaSource implements Source {
  readonly maxPollInterval: number;
  readonly #reset: OffsetReset;
  readonly #stopAtEnd: boolean;
  readonly #closing = new AbortController();
  #starts!: StartOffsets;
  readonly #assignment: Assignment;
  #client!: ConsumerClient;
  #rebalancer!: Rebalancer;
  #subscription!: Subscription;
  #committer!: Committer;
  #ends!: ReadEnds;
  /** Consumed, but not to be delivered yet. */
  #held: readonly RawMessage[] = [];
  readonly #reader = new EagerReader((max, timeout) => this.#consume(max, timeout));
  #paused = false;
  /** Resolves when the poll under way is over. */
  #polling: Promise<void> | undefined;
  /** Resolves when a waiting commit has put aside what it took in. */
  #pumping: Promise<void> | undefined;
  #failure: Error | undefined;

  constructor(private readonly options: KafkaSourceOptions) {
    const { params, offsets } = options;
    this.maxPollInterval = Number(params['max.poll.interval.ms'] ?? MAX_POLL_INTERVAL);
    this.#reset = offsetReset(params);
    this.#stopAtEnd = options.stopAtEnd ?? String(params['enable.partition.eof']) === 'true';
    this.#assignment = new Assignment({
      endTime: typeof offsets?.end === 'number' ? offsets.end : undefined,
      onGap: (held, from, to) => this.#onGap(held, from, to),
    });
  }

  async open(events: SourceEvents): Promise<void> {
    const { options } = this;
    const { params, groupInstance, topics: strategy, logger, clock, openTimeout = 30_000 } = options;
    const assignment = this.#assignment;
    this.#starts = new StartOffsets({
      reset: this.#reset,
      startTime: options.offsets?.start,
      ranges: options.ranges,
      kept: events.starts && ((partitions) => events.starts!(partitions)),
      stats: options.stats,
      logger,
      clock,
    });
    this.#client = await ConsumerClient.open(
      consumerParams(params, {
        ...(groupInstance === undefined ? {} : { groupInstance }),
        eof: this.#stopAtEnd,
      }),
      {
        assigned: (partitions) => this.#rebalancer.assigned(partitions),
        revoked: (partitions) => this.#rebalancer.revoked(partitions),
        committed: (error) => this.#committer.answered(error),
        endOfPartition: (partition) => this.#ends.reached(partition),
      },
      { brokers: brokersOf(params), logger, clock, within: openTimeout },
    );
    const client = this.#client;
    this.#committer = new Committer({
      send: (next) => client.commit(next),
      owned: (next) => next.filter(({ topic, partition }) => assignment.get(topic, partition)),
      retries: options.commitRetry ?? 5,
      scene: () => this.#scene(),
      logger,
      clock,
      signal: this.#closing.signal,
    });
    this.#rebalancer = new Rebalancer({
      client,
      assignment,
      events,
      logger,
      resolve: (partitions) => this.#starts.resolve(partitions, client, this.#closing.signal),
      onAssigned: (starts) => this.#onAssigned(starts),
      onRevoked: () => (this.#held = assignment.stillOurs(this.#held)),
      onFailure: (error) => (this.#failure ??= error),
    });
    this.#ends = new ReadEnds({
      client,
      assignment,
      clock,
      end: options.offsets?.end,
      ranges: options.ranges,
      stopAtEnd: this.#stopAtEnd,
    });
    const expiring = new ExpiringTopics({ logger, dropUnread: options.dropUnread ?? false });
    const commits = options.commits ?? true;
    this.#subscription = new Subscription({ client, strategy, expiring, assignment, commits, logger, clock });
    await this.#ends.freeze(strategy.topics(new Date(clock.now())));
    this.#subscription.tick();
  }

  async poll(max: number, signal: AbortSignal): Promise<readonly RawMessage[] | typeof END> {
    const messages = this.#poll(max, signal);
    const polling = messages.then(nothing, nothing);
    this.#polling = polling;
    try {
      return await messages;
    } finally {
      if (this.#polling === polling) this.#polling = undefined;
    }
  }

  async #poll(max: number, signal: AbortSignal): Promise<readonly RawMessage[] | typeof END> {
    if (this.#closing.signal.aborted) return END;
    await this.#reader.gather(signal);
    // What a waiting commit takes in comes first: messages out of order would be committed before they are read.
    await this.#pumping;
    this.#throwFailure();
    this.#subscription.tick();
    if (this.#paused) {
      this.#hold(await this.#consume(1, WAIT));
      return [];
    }
    if (this.#held.length > 0) {
      const messages = this.#held.slice(0, max);
      this.#held = this.#held.slice(max);
      return this.#assignment.accept(messages);
    }
    const messages = await this.#reader.take(max, () => this.#paused);
    this.#throwFailure();
    // Paused while they were on their way: their offsets are behind the position, so they must be kept.
    if (this.#paused) {
      this.#hold(messages);
      return [];
    }
    const delivered = this.#assignment.accept(messages);
    return this.#ends.active && this.#atEnd(delivered) ? END : delivered;
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

  async commit(next: readonly Position[]): Promise<void> {
    const ours = next.filter(({ topic, partition }) => this.#assignment.get(topic, partition));
    if (ours.length === 0) return;
    let answered = false;
    const commit = this.#committer.commit(ours).finally(() => (answered = true));
    // The caller may be draining and poll no more: then nobody else brings the answer.
    void this.#pump(() => answered);
    if (!(await commit)) return;
    for (const { topic, partition, offset } of ours) {
      const held = this.#assignment.get(topic, partition);
      if (held) held.committed = offset;
    }
  }

  /** By the client's own positions and the ends that its last fetches told: no question to the broker. */
  progress(): SourceProgress {
    const client = this.#client as ConsumerClient | undefined;
    if (!client || this.#closing.signal.aborted) return { assigned: false, failures: 0, partitions: [] };
    const all = this.#assignment.all();
    const positions = all.length > 0 ? client.positions(all) : [];
    const partitions = all.map((held, i) => {
      const { topic, partition } = held;
      return { topic, partition, lag: this.#lag(client, held, positions[i]) };
    });
    return { assigned: this.#rebalancer.assignments > 0, failures: client.watch.failures, partitions };
  }

  #lag(client: ConsumerClient, held: Held, position: number | undefined): number | undefined {
    const known = client.knownHigh(held);
    const high = known >= 0 ? known : held.high;
    const committed = held.committed ?? held.start;
    if (high === undefined || committed === undefined) return undefined;
    const ahead = this.#held.some(
      (message) => message.partition === held.partition && message.topic === held.topic,
    );
    const commits = this.options.commits ?? true;
    return Math.max(0, high - doneUpTo(held, { committed, position: ahead ? undefined : position, commits }));
  }

  /** Commits as a part of a producer's transaction, for the partitions that are still ours. */
  async sendOffsets(producer: ConfirmedProducer, next: readonly Position[]): Promise<void> {
    const ours = next.filter(({ topic, partition }) => this.#assignment.get(topic, partition));
    if (ours.length < next.length) {
      throw new RetryableError('partitions were lost before what is made of them was committed', undefined, {
        code: 'APF_SINK',
      });
    }
    await this.#client.sendOffsets(producer, ours);
  }

  async close(): Promise<void> {
    if (this.#closing.signal.aborted) return;
    this.#closing.abort();
    // Where `open` failed there is no client.
    if (!(this.#client as ConsumerClient | undefined)) return;
    this.#rebalancer.close();
    await this.#client.close();
    this.#held = [];
  }

  async #consume(max: number, timeout: number): Promise<readonly RawMessage[]> {
    try {
      return await this.#client.consume(max, timeout);
    } catch (error) {
      this.#failure ??= this.#fatal(error);
      return [];
    }
  }

  /** The error that ends the run; undefined where the client recovers by itself. */
  #fatal(error: unknown): Error | undefined {
    const { watch } = this.#client;
    const code = kafkaCode(error);
    const fatal = fatalConsumeError(error, this.#scene());
    if (fatal) return fatal;
    if (watch.fatal !== undefined || code === ERRORS.ERR__FATAL) {
      return new FatalError(
        `the broker has shut this member out (${watch.fatal ?? kafkaText(error)}): is GROUP_INSTANCE used twice?`,
      );
    }
    if (code === ERRORS.ERR__STATE) return new FatalError(`the Kafka client is closed: ${kafkaText(error)}`);
    if (code === ERRORS.ERR_UNKNOWN_TOPIC_OR_PART) this.#subscription.missing();
    else if (code === ERRORS.ERR__MAX_POLL_EXCEEDED) watch.evicted = true;
    else watch.warn(String(code), { code }, `reading from Kafka: ${kafkaText(error)}; going on`);
    return undefined;
  }

  /** Serves the client's queue until something has come out of it, while nobody polls. */
  async #pump(until: () => boolean): Promise<void> {
    while (!until() && !this.#closing.signal.aborted) {
      await (this.#polling ?? (this.#pumping ??= this.#takeIn()));
      // A poll that waits for this one goes first.
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  async #takeIn(): Promise<void> {
    this.#hold(await this.#consume(1, SHORT_WAIT));
    this.#pumping = undefined;
  }

  /** Keeps messages for a later poll; those of partitions that are being revoked will come again elsewhere. */
  #hold(messages: readonly RawMessage[]): void {
    if (messages.length > 0) this.#held = [...this.#held, ...this.#assignment.stillOurs(messages)];
  }

  #atEnd(delivered: readonly RawMessage[]): boolean {
    const over = this.#ends.over(this.#rebalancer.busy, this.#rebalancer.assignments);
    this.#pauseFinished();
    return over && delivered.length === 0;
  }

  #onAssigned(starts: readonly Start[]): void {
    for (const start of starts) {
      this.#assignment.add(start, {
        next: start.offset,
        committed: start.committed,
        end: this.#ends.endOf(start),
        high: start.high,
      });
    }
    const pausing = starts.filter(
      ({ topic, partition }) => this.#paused || this.#assignment.get(topic, partition)?.done,
    );
    this.#client.pause(pausing);
  }

  readonly #finished = new WeakSet<Held>();

  /** Partitions that are read to where the run ends fetch no more. */
  #pauseFinished(): void {
    const finished = this.#assignment
      .all()
      .filter((held) => held.done && !held.revoking && !this.#finished.has(held));
    if (finished.length === 0) return;
    for (const held of finished) this.#finished.add(held);
    this.#client.pause(finished);
  }

  /** Compaction and transactions leave gaps; one that reaches below the oldest offset on the broker is a loss. */
  #onGap(held: Held, from: number, to: number): void {
    const low = Math.min(this.#client.knownLow(held), to);
    if (low > from) this.#starts.lost({ topic: held.topic, partition: held.partition, offset: from }, low);
  }

  #scene(): Scene {
    const { params } = this.options;
    return {
      brokers: brokersOf(params),
      group: String(params['group.id']),
      topics: this.#subscription.topics,
    };
  }

  #throwFailure(): void {
    if (this.#failure) throw this.#failure;
  }
}

const nothing = (): void => undefined;
