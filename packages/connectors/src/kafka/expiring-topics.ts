import type { Logger } from '@apf/core';

export interface ExpiringTopicsOptions {
  readonly logger: Logger;
  /** `DROP_UNREAD`: leave at once, as APF does. */
  readonly dropUnread?: boolean;
  /** After this a topic is left though it is not read to its end, in ms. A day where absent. */
  readonly patience?: number;
}

/** How far a topic is read: alerts that remain, or that the broker has it no more. */
export type Remaining = number | 'gone';

interface Leaving {
  readonly since: number;
  remaining: number | undefined;
  lastSaid: number;
}

const DAY = 24 * 60 * 60 * 1000;
/** How often the log says how many alerts remain, in ms. */
const SAY_EVERY = 10 * 60 * 1000;

/**
 * Topics that the strategy no longer gives, but that are not read to their end: they stay subscribed until they are,
 * or until a day has passed. Times are in ms since 1970.
 */
export class ExpiringTopics {
  #wanted: readonly string[] = [];
  readonly #leaving = new Map<string, Leaving>();

  constructor(private readonly options: ExpiringTopicsOptions) {}

  /** Takes what the strategy gives now. A topic that comes back is an ordinary one again. */
  want(topics: readonly string[], now: number): void {
    if (!this.options.dropUnread) {
      for (const topic of this.#wanted) {
        if (this.#leaving.has(topic)) continue;
        this.#leaving.set(topic, { since: now, remaining: undefined, lastSaid: -Infinity });
      }
    }
    for (const topic of topics) this.#leaving.delete(topic);
    this.#wanted = [...topics];
  }

  /** What to subscribe to: the topics that leave, oldest first, then those of the strategy. */
  get topics(): string[] {
    return [...this.#leaving.keys(), ...this.#wanted];
  }

  get leaving(): string[] {
    return [...this.#leaving.keys()];
  }

  /** Takes how many alerts of a leaving topic are not yet read and committed. True when it has left by this. */
  report(topic: string, remaining: Remaining, now: number): boolean {
    const leaving = this.#leaving.get(topic);
    if (!leaving) return false;
    const { logger } = this.options;
    if (remaining === 'gone' || remaining === 0) {
      this.#leaving.delete(topic);
      const why = remaining === 'gone' ? 'the broker has it no more' : 'it is read to its end and committed';
      logger.info({ topic }, `topic '${topic}' is dropped: ${why}`);
      return true;
    }
    leaving.remaining = remaining;
    if (this.#overdue(leaving, now)) return this.#giveUp(topic, leaving);
    if (now - leaving.lastSaid >= SAY_EVERY) {
      leaving.lastSaid = now;
      logger.info(
        { topic, remaining },
        `topic '${topic}' is no longer in the strategy's window; it is kept until read: ${remaining} alerts remain`,
      );
    }
    return false;
  }

  /** For topics of which nothing could be learned. True when one has left because its time was up. */
  expire(now: number): boolean {
    let left = false;
    for (const [topic, leaving] of this.#leaving) {
      if (this.#overdue(leaving, now)) left = this.#giveUp(topic, leaving) || left;
    }
    return left;
  }

  #overdue({ since }: Leaving, now: number): boolean {
    return now - since >= (this.options.patience ?? DAY);
  }

  #giveUp(topic: string, { remaining }: Leaving): true {
    this.#leaving.delete(topic);
    const count = remaining === undefined ? 'an unknown number of' : String(remaining);
    this.options.logger.error(
      { code: 'APF_DROPPED_UNREAD', topic, remaining },
      `topic '${topic}' left the strategy's window a day ago and is dropped with ${count} alerts unread`,
    );
    return true;
  }
}
