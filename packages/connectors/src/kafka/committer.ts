import RdKafka from 'node-rdkafka';
import { type Clock, FatalError, type Logger, type Position, RetryableError } from '@apf/core';
import { type Scene, groupRefused, kafkaCode, kafkaText, topicRefused } from './kafka-errors.js';

const { ERRORS } = RdKafka.CODES;

const OTHER_OWNER = 'the partitions have another owner already: it reads again what was not committed';

/** Errors that end a commit, and that no attempt mends. */
const PASSED_BY = new Map<number, string>([
  [ERRORS.ERR_ILLEGAL_GENERATION, OTHER_OWNER],
  [ERRORS.ERR_UNKNOWN_MEMBER_ID, OTHER_OWNER],
  [ERRORS.ERR_STALE_MEMBER_EPOCH, OTHER_OWNER],
  [ERRORS.ERR__ASSIGNMENT_LOST, OTHER_OWNER],
  // Of several topics those that are still there are committed.
  [ERRORS.ERR_UNKNOWN_TOPIC_OR_PART, 'a topic was deleted before what was read of it could be committed'],
]);

export interface CommitterOptions {
  /** Sends a commit; the answer is given to {@link Committer.answered}. */
  readonly send: (next: readonly Position[]) => void;
  /** Those of the partitions that are still ours; asked before each attempt. */
  readonly owned: (next: readonly Position[]) => readonly Position[];
  /** `COMMIT_RETRY`; 0 is without end, as in APF. */
  readonly retries: number;
  readonly scene: () => Scene;
  readonly logger: Logger;
  readonly clock: Clock;
  /** Ends waits between attempts. */
  readonly signal: AbortSignal;
}

/** Commits one list after the other, each until the broker has confirmed it. */
export class Committer {
  #answer: ((error: unknown) => void) | undefined;
  #last: Promise<void> = Promise.resolve();

  constructor(private readonly options: CommitterOptions) {}

  /** The broker's answer to the commit that was sent. */
  answered(error: unknown): void {
    const answer = this.#answer;
    this.#answer = undefined;
    answer?.(error);
  }

  /**
   * True once confirmed, false where the partitions have another owner or are no more.
   * @throws RetryableError when the retries are used up, FatalError where the broker refuses.
   */
  commit(next: readonly Position[]): Promise<boolean> {
    const commit = this.#last.then(() => this.#commit(next));
    this.#last = commit.then(
      () => undefined,
      () => undefined,
    );
    return commit;
  }

  async #commit(next: readonly Position[]): Promise<boolean> {
    const { retries, logger, clock, signal } = this.options;
    for (let attempt = 1; ; attempt++) {
      // A topic that was deleted refuses its commit until its partitions are given back: then the rest goes without it.
      const owned = this.options.owned(next);
      if (owned.length === 0) return false;
      const error = await this.#attempt(owned);
      if (!error) return true;
      const code = kafkaCode(error);
      if (code !== undefined && PASSED_BY.has(code)) {
        logger.warn({ code }, `${PASSED_BY.get(code)} (${kafkaText(error)})`);
        return false;
      }
      const refused = this.#refused(code, error);
      if (refused) throw refused;
      const text = `offsets could not be committed: ${kafkaText(error)}`;
      if ((retries > 0 && attempt > retries) || signal.aborted)
        throw new RetryableError(text, undefined, { code: 'APF_BROKER' });
      logger.warn({ code, attempt }, `${text}; trying again`);
      await clock.sleep(Math.min(100 * 2 ** (attempt - 1), 5_000), signal);
    }
  }

  #attempt(next: readonly Position[]): Promise<unknown> {
    return new Promise((resolve) => {
      this.#answer = resolve;
      try {
        this.options.send(next);
      } catch (error) {
        this.answered(error);
      }
    });
  }

  #refused(code: number | undefined, error: unknown): FatalError | undefined {
    const scene = this.options.scene();
    switch (code) {
      case ERRORS.ERR_GROUP_AUTHORIZATION_FAILED:
        return groupRefused(scene);
      case ERRORS.ERR_TOPIC_AUTHORIZATION_FAILED:
        return topicRefused(scene);
      case ERRORS.ERR__FATAL:
      case ERRORS.ERR_FENCED_INSTANCE_ID:
        return new FatalError(
          `the broker has shut this member out (${kafkaText(error)}): is GROUP_INSTANCE used twice?`,
        );
      default:
        return undefined;
    }
  }
}
