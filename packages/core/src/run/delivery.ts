import type { Clock } from '../clock.js';
import type {
  DeadLetter,
  Logger,
  Outgoing,
  Position,
  RawMessage,
  Refused,
  RunStats,
  Sink,
} from '../contracts.js';
import { FatalError, RetryableError, codeOf, toError } from '../errors.js';
import { backoff } from './backoff.js';
import { Checkpoint } from './checkpoint.js';
import { Abandoned } from './executor.js';
import { type RunObserver, seconds } from './observer.js';
import { type Outcome, oncePerMessage } from './outcome.js';

/** As many as execute may fail in a row: see {@link Breaker}. */
const REFUSED_IN_A_ROW = 20;

export interface DeliveryOptions {
  readonly name: string;
  readonly producer: Sink | undefined;
  readonly sideOutputs: Readonly<Record<string, Sink>>;
  readonly deadLetters: Sink<DeadLetter>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly stats: RunStats;
  /** Aborted when the run is told to stop: waits between attempts end. */
  readonly stopping: AbortSignal;
  /** Aborted when the time to drain is over: flushes give up. */
  readonly hardStop: AbortSignal;
  /** Absent when nothing is to be committed (`COMMIT: false`). */
  readonly commit: ((next: readonly Position[]) => Promise<void>) | undefined;
  readonly afterCommit: (() => void | Promise<void>) | undefined;
  /** Unconfirmed messages beyond which the step has to wait. */
  readonly limit: number;
  readonly onFailure: (error: Error) => void;
  readonly observer: RunObserver | undefined;
}

/**
 * The end of an alert's walk, and the one place where its order is stated: outputs, side outputs and dead letters are
 * written, all of them are flushed, only then is the batch marked, only then committed, and `postProduce` follows.
 * Batches that finish while a flush is under way share the next one.
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
  private refusedInARow = 0;
  private waiters: (() => void)[] = [];

  constructor(private readonly options: DeliveryOptions) {}

  add(outcome: Outcome): void {
    if (this.failed) return;
    const { results, sideOutputs, deadLetters, messages } = outcome;
    const nothingToWrite =
      sideOutputs.length === 0 &&
      deadLetters.length === 0 &&
      (results.length === 0 || !this.options.producer);
    if (nothingToWrite && !this.pumping) {
      this.confirm([outcome]);
      return;
    }
    this.queue.push(outcome);
    this.unconfirmed += messages.length;
    this.pumping ??= this.pump();
  }

  /** Resolves when there is room for another batch. */
  async room(): Promise<void> {
    while (this.unconfirmed > this.options.limit && !this.failed) {
      await new Promise<void>((resolve) => this.waiters.push(resolve));
    }
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
        await this.write(group);
        this.confirm(group);
        for (const { messages } of group) this.unconfirmed -= messages.length;
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

  private async write(group: readonly Outcome[]): Promise<void> {
    const { producer, sideOutputs, observer } = this.options;
    const from = seconds();
    const work: Promise<readonly Refused[]>[] = [];
    if (producer)
      work.push(
        this.through(
          producer,
          group.flatMap(({ results }) => results),
        ),
      );
    for (const [name, sink] of Object.entries(sideOutputs)) {
      const outgoing = group.flatMap((outcome) => outcome.sideOutputs.filter((side) => side.name === name));
      work.push(
        this.through(
          sink,
          outgoing.map((side) => side.outgoing),
        ),
      );
    }
    // Every sink is waited for even when one fails: a write must not go on behind a run that has stopped.
    const settled = await Promise.allSettled(work);
    const broken = settled.find((result) => result.status === 'rejected');
    if (broken) throw broken.reason;
    observer?.took?.('write', seconds() - from);
    const refused = settled.flatMap((result) => (result.status === 'fulfilled' ? result.value : []));
    this.watch(group, refused);
    const letters = [
      ...group.flatMap(({ deadLetters }) => deadLetters),
      ...refused.map((one) => this.letter(one)),
    ];
    await this.bury(oncePerMessage(letters));
  }

  /** Outputs that are refused one after the other mean that the step and its sink do not fit, not that alerts are bad. */
  private watch(group: readonly Outcome[], refused: readonly Refused[]): void {
    const outputs = group.reduce(
      (sum, { results, sideOutputs }) => sum + results.length + sideOutputs.length,
      0,
    );
    if (outputs > refused.length) this.refusedInARow = 0;
    this.refusedInARow += refused.length;
    const last = refused.at(-1);
    if (last && this.refusedInARow >= REFUSED_IN_A_ROW) {
      throw new FatalError(
        `${this.refusedInARow} outputs in a row were refused, so the step and its sink do not fit; nothing more is committed. The last error: ${last.error.message}`,
        { code: 'APF_TOO_MANY_ERRORS', cause: last.error },
      );
    }
  }

  /** Writes and flushes, again and again while the sink says that its fault is passing. */
  private async through(sink: Sink, outgoing: readonly Outgoing[]): Promise<readonly Refused[]> {
    if (outgoing.length === 0) return [];
    const { clock, logger, stats, stopping, hardStop } = this.options;
    for (let attempt = 1; ; attempt++) {
      try {
        const refused = [...((await sink.write(outgoing)) ?? []), ...((await sink.flush(hardStop)) ?? [])];
        stats.produced += outgoing.length - refused.length;
        return refused;
      } catch (thrown) {
        if (!(thrown instanceof RetryableError))
          throw asFatal(thrown, 'an output could not be confirmed', 'APF_SINK');
        if (stopping.aborted) throw new Abandoned(thrown.message);
        const ms = backoff(attempt, thrown.retryAfter);
        stats.retries++;
        logger.warn(
          { code: thrown.code, attempt, wait: ms / 1000 },
          `will write again in ${ms / 1000} s: ${thrown.message}`,
        );
        await clock.sleep(ms, stopping);
        if (stopping.aborted) throw new Abandoned(thrown.message);
      }
    }
  }

  private async bury(letters: readonly DeadLetter[]): Promise<void> {
    if (letters.length === 0) return;
    const { deadLetters, stats, hardStop, observer } = this.options;
    const outgoing = letters.map((letter): Outgoing<DeadLetter> => ({
      value: letter,
      origin: letter.message,
    }));
    try {
      const refused = [
        ...((await deadLetters.write(outgoing)) ?? []),
        ...((await deadLetters.flush(hardStop)) ?? []),
      ];
      if (refused[0]) throw refused[0].error;
    } catch (thrown) {
      if (hardStop.aborted) throw new Abandoned(toError(thrown).message);
      throw asFatal(thrown, 'a dead letter could not be written', 'APF_DEAD_LETTER');
    }
    stats.deadLetters += letters.length;
    observer?.buried?.(letters);
  }

  private letter({ outgoing, error }: Refused): DeadLetter {
    const { name, clock, logger } = this.options;
    const { topic, partition, offset } = outgoing.origin;
    logger.error(
      { topic, partition, offset, err: error },
      `dead letter: its output was refused: ${error.message}`,
    );
    const code = codeOf(error, 'APF_REFUSED');
    return { message: outgoing.origin, error, code, stage: 'produce', step: name, when: clock.now() };
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

function asFatal(thrown: unknown, what: string, code: 'APF_SINK' | 'APF_DEAD_LETTER'): FatalError {
  if (thrown instanceof FatalError) return thrown;
  const error = toError(thrown);
  return new FatalError(`${what}: ${error.message}`, { code: codeOf(error, code), cause: error });
}
