import type { Position, RawMessage, TopicPartition } from '../contracts.js';
import { RetryableError, toError } from '../errors.js';
import { Checkpoint } from './checkpoint.js';
import { seconds } from './observer.js';
import type { Outcome } from './outcome.js';
import { Outputs, type OutputsOptions, without } from './outputs.js';

export interface DeliveryOptions extends Omit<OutputsOptions, 'commits'> {
  /** Absent when nothing is to be committed (`COMMIT: false`). */
  readonly commit: ((next: readonly Position[]) => Promise<void>) | undefined;
  readonly afterCommit: (() => void | Promise<void>) | undefined;
  /** What was written, by its messages, whether it is committed yet or not. */
  readonly onWritten: (messages: readonly RawMessage[]) => void;
  /** Unconfirmed messages beyond which the step has to wait. */
  readonly limit: number;
  readonly onFailure: (error: Error) => void;
}

/**
 * The end of an alert's walk: all that came of it is written and confirmed (in the order that {@link Outputs} states),
 * only then is the batch marked, only then committed, and `postProduce` follows. Batches that finish while others are
 * written share the next turn.
 */
export class Delivery {
  private readonly checkpoint = new Checkpoint();
  private queue: Outcome[] = [];
  private unconfirmed = 0;
  private pumping: Promise<void> | undefined;
  private committing: Promise<void> | undefined;
  private batchesToCommit = 0;
  /** Confirmed and not yet told of to an observer. */
  private untold: (readonly RawMessage[])[] = [];
  private failed = false;
  private waiters: (() => void)[] = [];
  private readonly outputs: Outputs;

  constructor(private readonly options: DeliveryOptions) {
    this.outputs = new Outputs({ ...options, commits: options.commit !== undefined });
  }

  add(outcome: Outcome): void {
    if (this.failed) return;
    if (!this.pumping && this.outputs.needsNothing(outcome)) {
      this.confirm([outcome]);
      return;
    }
    this.queue.push(outcome);
    this.unconfirmed += outcome.messages.length;
    this.pumping ??= this.pump();
  }

  /** Resolves when there is room for another batch. */
  async room(): Promise<void> {
    while (this.unconfirmed > this.options.limit && !this.failed) {
      await new Promise<void>((resolve) => this.waiters.push(resolve));
    }
  }

  /** These partitions have another owner: what of them is not written yet is left to it. */
  drop(partitions: readonly TopicPartition[]): void {
    const before = this.queue;
    this.queue = without(before, partitions);
    this.unconfirmed -= countOf(before) - countOf(this.queue);
    this.outputs.drop(partitions);
  }

  /** Resolves when all that was added is written, or has failed. */
  async written(): Promise<void> {
    while (!this.failed && this.pumping) await this.pumping;
  }

  /** Resolves when all that was added is committed, or has failed. */
  async idle(): Promise<void> {
    while (!this.failed && (this.pumping || this.committing)) await (this.pumping ?? this.committing);
  }

  private async pump(): Promise<void> {
    try {
      while (this.queue.length > 0) {
        const group = this.queue;
        this.queue = [];
        const done = await this.outputs.deliver(group);
        for (const { messages } of group) this.options.onWritten(messages);
        this.confirm(done);
        this.unconfirmed -= countOf(group);
        for (const resume of this.waiters.splice(0)) resume();
      }
    } catch (thrown) {
      this.fail(toError(thrown));
    } finally {
      this.pumping = undefined;
    }
  }

  private fail(error: Error): void {
    this.failed = true;
    for (const resume of this.waiters.splice(0)) resume();
    this.options.onFailure(error);
  }

  private confirm(group: readonly Outcome[]): void {
    for (const { messages } of group) {
      this.checkpoint.mark(messages);
      if (this.options.observer?.committed) this.untold.push(messages);
    }
    this.batchesToCommit += group.length;
    this.committing ??= this.commitAll();
  }

  /** One commit at a time; what is marked meanwhile goes into the next. */
  private async commitAll(): Promise<void> {
    const { commit, afterCommit, stats, logger, observer } = this.options;
    // Never finish before the caller has stored the promise; what else is confirmed in this turn joins the commit.
    await Promise.resolve();
    try {
      while (this.batchesToCommit > 0 && !this.failed) {
        const batches = this.batchesToCommit;
        const { marked } = this.checkpoint;
        this.batchesToCommit = 0;
        const next = this.checkpoint.take();
        try {
          const told = this.untold.length;
          if (commit && next.length > 0) {
            const from = seconds();
            await commit(next);
            observer?.took?.('commit', seconds() - from);
            stats.committed += marked;
          }
          if (told > 0) observer?.committed?.(this.untold.splice(0, told));
        } catch (thrown) {
          // The next commit covers this one: what it costs is a repeat after a crash in between.
          if (!(thrown instanceof RetryableError)) throw thrown;
          logger.warn(
            { code: thrown.code },
            `a commit failed, the next one will cover it: ${thrown.message}`,
          );
        }
        stats.batches += batches;
        if (afterCommit) for (let i = 0; i < batches; i++) await afterCommit();
      }
    } catch (thrown) {
      this.fail(toError(thrown));
    } finally {
      this.committing = undefined;
    }
  }
}

const countOf = (group: readonly Outcome[]): number =>
  group.reduce((sum, { messages }) => sum + messages.length, 0);
