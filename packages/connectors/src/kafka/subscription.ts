import { type Clock, FixedTopics, type Logger, type TopicStrategy } from '@apf/core';
import type { Assignment } from './assignment.js';
import type { ConsumerClient, TopicPartitions } from './consumer-client.js';
import { partitionsOf } from './partitions-of.js';
import type { ExpiringTopics, Remaining } from './expiring-topics.js';
import { doneUpTo } from './done-up-to.js';
import { kafkaText } from './kafka-errors.js';

export interface SubscriptionOptions {
  readonly client: ConsumerClient;
  readonly strategy: TopicStrategy;
  readonly expiring: ExpiringTopics;
  readonly assignment: Assignment;
  /** False with `COMMIT: false`: what is delivered counts as read. */
  readonly commits: boolean;
  readonly logger: Logger;
  readonly clock: Clock;
}

/** How often the strategy is asked, in ms. */
const ASK_EVERY = 1_000;
/** How often leaving topics are looked at, in ms. */
const LEAVING_EVERY = 10_000;
/** A topic that does not exist yet is a log line a minute. */
const MISSING_EVERY = 60_000;

/** Keeps the client subscribed to what the strategy gives, and to what has left it unread. */
export class Subscription {
  #topics: readonly string[] = [];
  #asked = -Infinity;
  #lookedAtLeaving = -Infinity;
  #lookedForMissing = -Infinity;
  #someMissing = true;
  #looking: Promise<void> | undefined;

  constructor(private readonly options: SubscriptionOptions) {}

  get topics(): readonly string[] {
    return this.#topics;
  }

  /** Some topic is said not to exist. */
  missing(): void {
    this.#someMissing = true;
  }

  /** Called with each poll. @throws UsageError for a name that is not legal. */
  tick(): void {
    const now = this.options.clock.now();
    if (now - this.#asked >= ASK_EVERY) {
      this.#asked = now;
      this.#ask(now);
    }
    if (this.#looking) return;
    const { expiring } = this.options;
    const leaving = expiring.leaving.length > 0 && now - this.#lookedAtLeaving >= LEAVING_EVERY;
    const missing = this.#someMissing && now - this.#lookedForMissing >= MISSING_EVERY;
    if (leaving || missing)
      this.#looking = this.#look(now, leaving, missing).finally(() => (this.#looking = undefined));
  }

  #ask(now: number): void {
    const { strategy, expiring } = this.options;
    const wanted = new FixedTopics(strategy.topics(new Date(now)), 'TOPIC_STRATEGY').topics();
    expiring.want(wanted, now);
    this.#subscribe();
  }

  #subscribe(): void {
    const { client, expiring, logger } = this.options;
    const { topics } = expiring;
    if (topics.join() === this.#topics.join()) return;
    this.#topics = topics;
    this.#someMissing = true;
    this.#lookedForMissing = this.options.clock.now() - MISSING_EVERY + ASK_EVERY;
    client.subscribe(topics);
    logger.info({ topics }, `subscribed to ${topics.join(', ')}`);
  }

  async #look(now: number, leaving: boolean, missing: boolean): Promise<void> {
    const { client, expiring, logger } = this.options;
    try {
      const existing = await client.topics();
      if (missing) this.#sayMissing(existing, now);
      if (leaving) {
        this.#lookedAtLeaving = now;
        for (const topic of expiring.leaving)
          expiring.report(topic, await this.#remaining(topic, existing), now);
      }
    } catch (error) {
      logger.debug({ error: kafkaText(error) }, 'the broker did not tell which topics it has');
    }
    expiring.expire(now);
    this.#subscribe();
  }

  #sayMissing(existing: TopicPartitions, now: number): void {
    this.#lookedForMissing = now;
    const absent = this.#topics.filter((topic) => partitionsOf([topic], existing).length === 0);
    this.#someMissing = absent.length > 0;
    if (absent.length > 0) {
      this.options.logger.info(
        { topics: absent },
        `not on the broker yet: ${absent.join(', ')}; read as soon as it appears`,
      );
    }
  }

  /** Alerts of a topic that the group has not yet read and committed. */
  async #remaining(topic: string, existing: TopicPartitions): Promise<Remaining> {
    const { client, assignment } = this.options;
    const partitions = partitionsOf([topic], existing);
    if (partitions.length === 0) return 'gone';
    const [ends, lows, commits] = [
      await client.latest(partitions),
      await client.earliest(partitions),
      await client.committed(partitions),
    ];
    const own = partitions.map(({ topic: name, partition }) => assignment.get(name, partition));
    const positions = client.positions(partitions);
    let remaining = 0;
    for (let i = 0; i < partitions.length; i++) {
      const [end, low, held] = [ends[i], lows[i] ?? 0, own[i]];
      if (end === undefined) throw new Error(`the end of ${topic} is not known`);
      const committed = Math.max(commits[i] ?? -1, low);
      const read = held
        ? doneUpTo(held, { committed, position: positions[i], commits: this.options.commits })
        : committed;
      remaining += Math.max(0, end - read);
    }
    return remaining;
  }
}
