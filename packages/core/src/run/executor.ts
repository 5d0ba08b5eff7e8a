import type { Clock } from '../clock.js';
import { AlertContext, type ContextHost } from '../context.js';
import type { DeadLetter, RawMessage, RunStats, TopicPartition } from '../contracts.js';
import { FatalError, PoisonError, RetryableError, codeOf, toError } from '../errors.js';
import { BatchStep, type Step } from '../step.js';
import { type Item, alignAlerts, alignResults } from './align.js';
import { backoff } from './backoff.js';
import { type Batch, inPartitions } from './batch.js';
import { Breaker } from './breaker.js';
import { executeBatch } from './execute-batch.js';
import type { MessageDecoder } from './message-decoder.js';
import { type RunObserver, seconds } from './observer.js';
import { type Outcome, oncePerMessage, only } from './outcome.js';
import { Part } from './part.js';
import type { UniqueFilter } from './unique-filter.js';

/** The run was told to stop while a batch waited for its next attempt: the batch is left uncommitted. */
export class Abandoned extends Error {}

export interface ExecutorOptions<In, Out> {
  readonly step: Step<In, Out> | BatchStep<In, Out>;
  readonly decoder: MessageDecoder<In>;
  readonly name: string;
  readonly host: ContextHost;
  readonly clock: Clock;
  readonly stats: RunStats;
  readonly onError: 'dead-letter' | 'stop';
  readonly concurrency: number;
  /** See needsBatch. */
  readonly whole: boolean;
  readonly keyOf: ((result: Out) => string | Buffer | null | undefined) | undefined;
  /** Whether a `Step` should leave the rest of its batch to the next run, because it was told to stop long ago. */
  readonly outOfTime: () => boolean;
  readonly observer: RunObserver | undefined;
  readonly unique: UniqueFilter<In> | undefined;
}

/**
 * Runs the hooks and `execute` on a batch until each alert has succeeded or is a dead letter. A `Step` is retried alert
 * by alert, in place, which keeps the order of a partition and repeats nothing; a `BatchStep` that fails as a whole is
 * retried once and then halved until the alert that breaks it stands alone.
 */
export class Executor<In, Out> {
  private waiting = false;
  /** Messages that failed, not by a PoisonError, since the last alert that succeeded. */
  readonly suspects = new Set<RawMessage>();
  private readonly breaker = new Breaker();
  private leaving: readonly TopicPartition[] = [];
  private gone: ((message: TopicPartition) => boolean) | undefined;
  private wake = new AbortController();
  /** The first message whose alerts were not all executed, when the batch was cut short. */
  private cut: RawMessage | undefined;

  constructor(private readonly options: ExecutorOptions<In, Out>) {}

  /** Rejects with a FatalError when the run must stop, with Abandoned when it was told to stop during a wait. */
  async run({ messages }: Batch): Promise<Outcome> {
    this.gone = undefined;
    this.cut = undefined;
    this.wake = new AbortController();
    const { step, stats, whole, keyOf, clock, observer, unique } = this.options;
    const began = clock.now();
    const from = seconds();
    let decode: number;
    const seesBatch = whole || step instanceof BatchStep;
    const part = new Part<Out>(seesBatch ? undefined : keyOf);
    if (seesBatch || unique) {
      const all = messages.flatMap((message) => this.items(message, part));
      decode = seconds() - from;
      const items = unique ? await this.unknown(unique, all) : all;
      if (!seesBatch) await this.oneByOne(step, items, 1, part);
      else if (items.length > 0) await this.settle(items, 1, false, part);
    } else {
      decode = (await this.stream(step, messages, part)) * messages.length;
    }
    stats.executed += part.executed;
    observer?.executed?.({ messages, began, decode, execute: Math.max(0, seconds() - from - decode) });
    return this.outcome(messages, part);
  }

  /**
   * A `Step` without hooks needs no batch: each alert is decoded, executed and let go before the next, so that a batch
   * of decoded alerts is not carried through the garbage collector.
   * @returns the seconds in which the last message was decoded
   */
  private async stream(
    step: Step<In, Out>,
    messages: readonly RawMessage[],
    part: Part<Out>,
  ): Promise<number> {
    const last = messages.at(-1);
    let decode = 0;
    for (const message of messages) {
      if (this.options.outOfTime()) {
        this.cut = message;
        break;
      }
      const from = message === last ? seconds() : 0;
      const items = this.items(message, part);
      if (message === last) decode = seconds() - from;
      for (const item of items) {
        const later = this.one(step, item, 1, part);
        if (later) await later;
      }
    }
    return decode;
  }

  /** Those that were not done before; an outage of the database that knows it is waited out. */
  private async unknown(unique: UniqueFilter<In>, all: readonly Item<In>[]): Promise<Item<In>[]> {
    for (let attempt = 1; ; attempt++) {
      const { gone } = this;
      try {
        return await unique.pass(gone ? all.filter(({ owner }) => !gone(owner)) : all);
      } catch (thrown) {
        if (!(thrown instanceof RetryableError)) throw thrown;
        await this.wait(attempt, thrown);
      }
    }
  }

  private items(message: RawMessage, part: Part<Out>): Item<In>[] {
    const before = part.deadLetters.length;
    const alerts = this.options.decoder.decode(message, part.deadLetters);
    // As long as nothing at all could be decoded the framing is in doubt, not the message.
    if (part.deadLetters.length > before && this.options.stats.decoded === 0) this.suspects.add(message);
    return alerts.map((alert, record) => ({ alert, owner: message, record, failures: 0 }));
  }

  /** Gives up what the batch in hand holds of these partitions, at the next attempt. */
  drop(partitions: readonly TopicPartition[]): void {
    const before = this.gone;
    const now = inPartitions(partitions);
    this.gone = before ? (message) => before(message) || now(message) : now;
    this.wake.abort();
  }

  /** These partitions are to be left: a batch that has to wait for another attempt gives up its part of them. */
  leave(partitions: readonly TopicPartition[]): void {
    this.leaving = partitions;
    if (this.waiting && partitions.length > 0) this.drop(partitions);
  }

  private outcome(messages: readonly RawMessage[], part: Part<Out>): Outcome {
    const deadLetters = oncePerMessage(part.deadLetters);
    const dead = deadLetters.map(({ message }) => message);
    const all: Outcome = {
      messages,
      results: part.results,
      sideOutputs: part.sideOutputs,
      changes: part.changes,
      marks: this.options.unique?.of(messages, dead) ?? [],
      deadLetters,
    };
    if (!this.cut && !this.gone) return all;
    const end = this.cut ? messages.indexOf(this.cut) : messages.length;
    return only(
      all,
      messages.slice(0, end).filter((message) => !this.gone?.(message)),
    );
  }

  private async settle(
    all: readonly Item<In>[],
    first: number,
    tried: boolean,
    part: Part<Out>,
  ): Promise<void> {
    for (let attempt = first; ; attempt++) {
      const { gone } = this;
      const items = gone ? all.filter(({ owner }) => !gone(owner)) : all;
      if (items.length === 0) return;
      try {
        part.append(await this.attempt(items, attempt));
        return;
      } catch (thrown) {
        const error = toError(thrown);
        if (error instanceof FatalError || error instanceof Abandoned) throw error;
        if (error instanceof RetryableError) {
          await this.wait(attempt, error);
          continue;
        }
        const poison = error instanceof PoisonError;
        if (!poison && !tried) {
          tried = true;
          this.noteRetry(error);
          continue;
        }
        const [only] = items;
        if (items.length === 1 && only) {
          part.deadLetters.push(this.deadLetter(only, error));
          return;
        }
        const middle = items.length >> 1;
        await this.settle(items.slice(0, middle), attempt + 1, true, part);
        await this.settle(items.slice(middle), attempt + 1, true, part);
        return;
      }
    }
  }

  /** The hooks and `execute`, once. What it rejects with concerns all the items. */
  private async attempt(items: readonly Item<In>[], attempt: number): Promise<Part<Out>> {
    const { step, host, keyOf } = this.options;
    const part = new Part<Out>();
    let used = items;
    if (step.preExecute) used = alignAlerts(items, await step.preExecute(items.map(({ alert }) => alert)));
    let failed: [Item<In>, Error][] = [];
    if (step instanceof BatchStep) {
      failed = await executeBatch(step, host, used, attempt, part);
      this.succeeded(part.executed);
    } else {
      await this.oneByOne(step, used, attempt, part);
    }
    const last = (items[items.length - 1] as Item<In>).owner;
    for (const hook of ['postExecute', 'preProduce'] as const) {
      if (!step[hook]) continue;
      const list = await step[hook](part.results.map(({ value }) => value));
      part.results = alignResults(part.results, list, last);
    }
    if (keyOf) part.results = part.results.map((result) => ({ ...result, key: keyOf(result.value) }));
    if (failed.length > 0) await this.settleMarked(failed, attempt, part);
    return part;
  }

  /** Alerts that a BatchStep marked as failed, while the rest succeeded. */
  private async settleMarked(failed: [Item<In>, Error][], attempt: number, part: Part<Out>): Promise<void> {
    const again: Item<In>[] = [];
    let longest: RetryableError | undefined;
    for (const [item, error] of failed) {
      if (error instanceof FatalError) throw error;
      if (error instanceof RetryableError) {
        if ((error.retryAfter ?? 0) >= (longest?.retryAfter ?? 0)) longest = error;
        again.push(item);
      } else if (error instanceof PoisonError || item.failures++ > 0) {
        part.deadLetters.push(this.deadLetter(item, error));
      } else {
        this.noteRetry(error);
        again.push(item);
      }
    }
    if (longest) await this.wait(attempt, longest);
    if (again.length > 0) await this.settle(again, attempt + 1, false, part);
  }

  private async oneByOne(
    step: Step<In, Out>,
    items: readonly Item<In>[],
    attempt: number,
    part: Part<Out>,
  ): Promise<void> {
    const { outOfTime, concurrency } = this.options;
    if (concurrency > 1) return this.sideBySide(step, items, attempt, part);
    for (const item of items) {
      if (outOfTime()) {
        this.cut = item.owner;
        return;
      }
      const later = this.one(step, item, attempt, part);
      if (later) await later;
    }
  }

  /** `CONCURRENCY` alerts at once, started in order; their results stand in the order of the alerts. */
  private async sideBySide(
    step: Step<In, Out>,
    items: readonly Item<In>[],
    attempt: number,
    part: Part<Out>,
  ): Promise<void> {
    const { outOfTime, concurrency } = this.options;
    const parts = items.map(() => new Part<Out>());
    let next = 0;
    const lane = async (): Promise<void> => {
      while (next < items.length && !this.cut) {
        const i = next++;
        const item = items[i] as Item<In>;
        if (outOfTime()) this.cut = item.owner;
        else await this.one(step, item, attempt, parts[i] as Part<Out>);
      }
    };
    const lanes = await Promise.allSettled(Array.from({ length: Math.min(concurrency, items.length) }, lane));
    const broken = lanes.find((settled) => settled.status === 'rejected');
    if (broken) throw broken.reason;
    for (const done of parts) part.append(done);
  }

  /** One alert of a `Step`. Synchronous where `execute` is, so that a fast step costs no promise an alert. */
  private one(
    step: Step<In, Out>,
    item: Item<In>,
    attempt: number,
    part: Part<Out>,
  ): Promise<void> | undefined {
    const context = new AlertContext(this.options.host, item.owner, attempt, item.record);
    try {
      const produced = step.execute(item.alert, context);
      if (produced instanceof Promise) {
        return produced
          .then((value) => this.succeed(value, context, part))
          .catch((error: unknown) => this.again(step, item, attempt, toError(error), part));
      }
      this.succeed(produced, context, part);
      return undefined;
    } catch (thrown) {
      return this.again(step, item, attempt, toError(thrown), part);
    }
  }

  private succeed(
    produced: Out | readonly Out[] | undefined | void,
    context: AlertContext,
    part: Part<Out>,
  ): void {
    part.take(produced, context);
    this.succeeded(1);
  }

  private async again(
    step: Step<In, Out>,
    item: Item<In>,
    failedAttempt: number,
    failure: Error,
    part: Part<Out>,
  ): Promise<void> {
    let error = failure;
    for (let attempt = failedAttempt; ;) {
      if (error instanceof FatalError) throw error;
      if (error instanceof RetryableError) {
        await this.wait(attempt, error);
      } else if (error instanceof PoisonError || item.failures++ > 0) {
        part.deadLetters.push(this.deadLetter(item, error));
        return;
      } else {
        this.noteRetry(error);
      }
      if (this.gone?.(item.owner)) return;
      const context = new AlertContext(this.options.host, item.owner, ++attempt, item.record);
      try {
        this.succeed(await step.execute(item.alert, context), context, part);
        return;
      } catch (thrown) {
        error = toError(thrown);
      }
    }
  }

  private succeeded(count: number): void {
    if (count > 0 && this.suspects.size > 0) this.suspects.clear();
    this.breaker.succeeded(count);
  }

  private noteRetry(error: Error): void {
    this.options.stats.retries++;
    this.options.host.logger.debug({ err: error }, `execute failed, trying once more: ${error.message}`);
  }

  private async wait(attempt: number, error: RetryableError): Promise<void> {
    const { clock, host, stats } = this.options;
    const ms = backoff(attempt, error.retryAfter);
    stats.retries++;
    host.logger.warn(
      { code: error.code, attempt, wait: ms / 1000 },
      `will try again in ${ms / 1000} s: ${error.message}`,
    );
    this.waiting = true;
    if (this.leaving.length > 0) this.drop(this.leaving);
    await clock.sleep(ms, AbortSignal.any([host.signal, this.wake.signal]));
    this.waiting = false;
    if (this.wake.signal.aborted) this.wake = new AbortController();
    if (host.signal.aborted) throw new Abandoned('told to stop while waiting for another attempt');
  }

  private deadLetter(item: Item<In>, error: Error): DeadLetter {
    const { name, clock, host, onError } = this.options;
    const { topic, partition, offset } = item.owner;
    if (!(error instanceof PoisonError)) {
      if (onError === 'stop') {
        throw new FatalError(
          `execute failed on ${topic}-${partition}-${offset} and ON_ERROR is 'stop': ${error.message}`,
          { code: 'APF_EXECUTE', cause: error },
        );
      }
      this.suspects.add(item.owner);
      this.breaker.failure(error);
    }
    host.logger.error({ topic, partition, offset, err: error }, `dead letter: ${error.message}`);
    const code = codeOf(error, 'APF_EXECUTE');
    return { message: item.owner, error, code, stage: 'execute', step: name, when: clock.now() };
  }
}
