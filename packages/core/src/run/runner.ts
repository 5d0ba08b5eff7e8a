import { type Clock, systemClock } from '../clock.js';
import type { ContextHost } from '../context.js';
import {
  END,
  type Logger,
  type RawMessage,
  type RunStats,
  type Sink,
  type TopicPartition,
} from '../contracts.js';
import { codeOf, FatalError, toError } from '../errors.js';
import { type Batch, inPartitions } from './batch.js';
import { Delivery } from './delivery.js';
import { Abandoned, Executor } from './executor.js';
import { Intake } from './intake.js';
import { keyFunction } from './key-function.js';
import { MessageDecoder } from './message-decoder.js';
import { Membership } from './membership.js';
import { needsBatch } from './needs-batch.js';
import { Opening } from './opening.js';
import { Quarantine } from './quarantine.js';
import type { RunnerOptions, RunSummary } from './runner-options.js';
import { SchemaWait } from './schema-wait.js';
import { newStats, silent } from './stats.js';
import { UniqueFilter } from './unique-filter.js';

/** Polls are for many messages at once, whatever the batch: asking for one at a time costs ten times. */
const POLL_AT_LEAST = 100;

/**
 * Runs one step: source → batch → decode → execute → sinks → commit. Each stage keeps the order of a partition, the
 * stages overlap, and there is at most one batch between each two of them: back-pressure is not asking for more.
 *
 * The promise it keeps: an offset is committed only after everything made from the messages before it is confirmed
 * (see {@link Delivery}); a crash at any point repeats some alerts and loses none.
 */
export class Runner<In, Out> {
  readonly stats: RunStats;
  private readonly clock: Clock;
  private readonly logger: Logger;
  private readonly soft = new AbortController();
  private readonly hard = new AbortController();
  private readonly intake: Intake;
  private readonly pollSize: number;
  private readonly executor: Executor<In, Out>;
  private readonly unique: UniqueFilter<In> | undefined;
  private readonly quarantine: Quarantine;
  private readonly delivery: Delivery;
  private readonly membership: Membership;
  private readonly schemas: SchemaWait;
  private readonly opening: Opening;
  private polling: Promise<void> | undefined;
  private executing: Promise<void> | undefined;
  private failure: Error | undefined;
  private abandoned = false;
  private revocations: { partitions: readonly TopicPartition[]; done: () => void }[] = [];
  private received: (readonly RawMessage[] | typeof END)[] = [];
  /** Ends the wait for something to happen. */
  private wake: () => void = () => undefined;
  private stopDeadline = Infinity;

  constructor(private readonly options: RunnerOptions<In, Out>) {
    const { step, name, codec, producer, sideOutputs = {}, database, deadLetters, source } = options;
    this.clock = options.clock ?? systemClock;
    this.opening = new Opening(this.clock);
    this.logger = options.logger ?? silent;
    this.stats = options.stats ?? newStats();
    const { observer } = options;
    const shared = { name, clock: this.clock, logger: this.logger, stats: this.stats, observer };
    const {
      messages = 1,
      timeout = 60,
      tombstones = false,
      onError = 'dead-letter',
      concurrency = 1,
    } = options;
    const whole = needsBatch(step, concurrency);
    this.pollSize = Math.max(POLL_AT_LEAST, whole ? messages : 0);
    // Where nobody sees the batch there is no reason to wait for it to fill, nor to keep its messages in memory.
    this.intake = new Intake(
      whole
        ? { ...shared, messages, timeout }
        : { ...shared, messages: Math.min(messages, POLL_AT_LEAST), timeout: 0 },
    );
    const decoder = new MessageDecoder<In>({ ...shared, codec, tombstones });
    const host: ContextHost = {
      logger: this.logger,
      signal: this.soft.signal,
      outputs: new Set(Object.keys(sideOutputs)),
      codec,
      database: database && {
        query: async (sql, parameters) => {
          await this.delivery.written();
          return database.query(sql, parameters);
        },
      },
    };
    this.unique =
      database?.uniqueKey === undefined
        ? undefined
        : new UniqueFilter<In>({ ...shared, key: database.uniqueKey, seen: (marks) => database.seen(marks) });
    const outOfTime = (): boolean =>
      this.soft.signal.aborted && (this.hard.signal.aborted || this.clock.now() > this.stopDeadline);
    const keyOf = keyFunction(step, options.keyField);
    this.executor = new Executor<In, Out>({
      ...shared,
      step,
      decoder,
      host,
      onError,
      concurrency,
      whole,
      keyOf,
      outOfTime,
      unique: this.unique,
    });
    this.quarantine = new Quarantine(this.executor.suspects);
    this.delivery = new Delivery({
      ...shared,
      producer,
      sideOutputs,
      database,
      deadLetters,
      stopping: this.soft.signal,
      hardStop: this.hard.signal,
      commit: options.commit === false ? undefined : (next) => source.commit(next),
      afterCommit: step.postProduce && (() => step.postProduce?.()),
      onWritten: (messages) => this.unique?.forget(messages),
      limit: Math.max(2 * messages, 1_000),
      onFailure: (error) => this.fail(error),
    });
    this.schemas = new SchemaWait({ ...shared, codec, stopping: this.soft.signal });
    this.membership = new Membership({
      source,
      clock: this.clock,
      giveUp: this.hard.signal,
      polling: () => this.polling,
      received: (polled) => void this.received.push(polled),
    });
  }

  /**
   * Runs until the source ends, the signal is aborted, or the run fails. Rejects with the FatalError that ended it,
   * after `tearDown`.
   */
  async run(signal?: AbortSignal): Promise<RunSummary> {
    const stop = (): void => this.stop();
    if (signal?.aborted) this.stop();
    signal?.addEventListener('abort', stop, { once: true });
    try {
      const opened = this.open();
      const stopped = new Promise<void>((resolve) => (this.wake = resolve));
      await Promise.race([opened, this.over ? undefined : stopped]);
      // A signal does not wait for a broker that may never answer.
      if (this.over) opened.catch(() => undefined);
      await this.loop();
    } catch (thrown) {
      this.fail(toError(thrown));
    }
    const reason = await this.drain();
    signal?.removeEventListener('abort', stop);
    await this.close();
    if (this.failure) throw this.failure;
    return { reason, stats: this.stats };
  }

  private stop(): void {
    if (this.soft.signal.aborted) return;
    this.logger.info({}, 'stopping: finishing the batch in hand');
    this.endWithin(this.options.shutdownTimeout ?? 25);
  }

  /** From now on waits end at once, and after `seconds` whatever is still under way is given up. */
  private endWithin(seconds: number): void {
    if (this.soft.signal.aborted) return;
    // The last fifth of the time is for flush and commit.
    this.stopDeadline = this.clock.now() + seconds * 800;
    this.options.observer?.stopping?.();
    this.soft.abort();
    void this.clock.sleep(seconds * 1_000, this.hard.signal).then(() => {
      this.hard.abort();
      this.membership.rouse();
    });
    this.wake();
  }

  private fail(error: Error): void {
    if (error instanceof Abandoned) {
      this.abandoned = true;
    } else {
      this.failure ??=
        error instanceof FatalError
          ? error
          : new FatalError(error.message, { code: codeOf(error, 'APF_FATAL'), cause: error });
    }
    this.endWithin(this.options.shutdownTimeout ?? 25);
  }

  private get over(): boolean {
    return this.failure !== undefined || this.soft.signal.aborted;
  }

  /** Everything that outputs go to. */
  private get outlets(): (Pick<Sink, 'open' | 'close'> | undefined)[] {
    const { producer, sideOutputs = {}, database, deadLetters } = this.options;
    return [producer, ...Object.values(sideOutputs), database, deadLetters];
  }

  private async open(): Promise<void> {
    const { source, database, step } = this.options;
    for (const outlet of this.outlets) {
      if (this.over) return;
      if (outlet) await this.opening.open(outlet, () => outlet.open());
    }
    if (this.over) return;
    await step.preConsume?.();
    if (this.over) return;
    await this.opening.open(source, () =>
      source.open({
        revoked: (partitions) => this.revoked(partitions),
        lost: (partitions) => this.lost(partitions),
        ...(database?.keepsOffsets ? { starts: (partitions) => database.claim(partitions) } : {}),
      }),
    );
    this.membership.polled();
    this.options.observer?.opened?.();
  }

  private async loop(): Promise<void> {
    while (!this.over) {
      if (this.revocations.length > 0) await this.giveUp();
      if (this.received.length > 0) await this.take();
      const batch = this.intake.next();
      if (batch) {
        // The next poll goes on in its own thread while this batch is executed.
        this.poll();
        await this.handOver(batch);
        continue;
      }
      if (this.intake.atEnd) return;
      this.poll();
      await this.somethingHappens();
    }
  }

  /** Starts a poll unless one is under way or enough is waiting already. */
  private poll(): void {
    if (this.polling || this.over || this.intake.backlog >= this.pollSize) return;
    this.membership.polled();
    this.polling = this.options.source
      .poll(this.pollSize, this.soft.signal)
      .then((polled) => void this.received.push(polled))
      .catch((thrown: unknown) => this.fail(toError(thrown)))
      .finally(() => {
        this.polling = undefined;
        this.wake();
      });
  }

  private async take(): Promise<void> {
    for (const polled of this.received.splice(0)) {
      const missing = polled === END ? undefined : this.schemas.prepare(polled);
      if (missing) await this.membership.keepDuring(missing);
      this.intake.put(polled);
    }
  }

  /** Waits for a poll, for the deadline of the batch under way, or for a revocation, a failure or a signal. */
  private async somethingHappens(): Promise<void> {
    const woken = new Promise<void>((resolve) => (this.wake = resolve));
    const { deadline } = this.intake;
    if (deadline === undefined) {
      await woken;
      return;
    }
    const timer = new AbortController();
    await Promise.race([woken, this.clock.sleep(deadline - this.clock.now(), timer.signal)]);
    timer.abort();
  }

  /** Gives a batch to the executor once the one before it is done. */
  private async handOver(batch: Batch): Promise<void> {
    if (this.executing) await this.membership.keepDuring(this.executing);
    if (this.over) return;
    this.executing = this.process(batch).finally(() => (this.executing = undefined));
  }

  private async process(batch: Batch): Promise<void> {
    try {
      for (const outcome of this.quarantine.pass(await this.executor.run(batch))) this.delivery.add(outcome);
      await this.delivery.room();
    } catch (thrown) {
      this.fail(toError(thrown));
    }
  }

  /** Drops what has not reached a batch; with `batched`, what the batch under way holds too. */
  private forget(partitions: readonly TopicPartition[], batched: boolean): void {
    const gone = inPartitions(partitions);
    this.intake.drop(partitions, batched);
    this.quarantine.drop(partitions);
    this.received = this.received.map((polled) =>
      polled === END ? END : polled.filter((message) => !gone(message)),
    );
  }

  private lost(partitions: readonly TopicPartition[]): void {
    this.forget(partitions, true);
    this.executor.drop(partitions);
    this.delivery.drop(partitions);
    this.unique?.drop(partitions);
  }

  private async revoked(partitions: readonly TopicPartition[]): Promise<void> {
    this.forget(partitions, false);
    if (this.over) return this.settled();
    await new Promise<void>((done) => {
      this.revocations.push({ partitions, done });
      // A batch in retry may wait for ever: its alerts of these partitions go to the new owner.
      this.executor.leave(this.revocations.flatMap((revocation) => revocation.partitions));
      this.wake();
    });
  }

  /** Finishes, flushes and commits what is in hand, so that the next owner begins where we end. */
  private async giveUp(): Promise<void> {
    const revocations = this.revocations;
    const batch = this.intake.take();
    if (batch) await this.handOver(batch);
    await this.membership.keepDuring(this.settled());
    this.revocations = [];
    this.executor.leave([]);
    for (const { partitions, done } of revocations) {
      this.unique?.drop(partitions);
      done();
    }
  }

  private async settled(): Promise<void> {
    await this.executing;
    if (this.intake.atEnd && !this.over) {
      for (const outcome of this.quarantine.release()) this.delivery.add(outcome);
    }
    await this.delivery.idle();
  }

  private async drain(): Promise<RunSummary['reason']> {
    const timeUp = new Promise<'shutdown-timeout'>((resolve) => {
      if (this.hard.signal.aborted) resolve('shutdown-timeout');
      this.hard.signal.addEventListener('abort', () => resolve('shutdown-timeout'), { once: true });
    });
    const settled = this.settled().then(() =>
      this.soft.signal.aborted ? ('stopped' as const) : ('end' as const),
    );
    const reason = await Promise.race([
      this.membership.keepDuring(settled.then(() => undefined)).then(() => settled),
      timeUp,
    ]);
    for (const { done } of this.revocations.splice(0)) done();
    if (reason === 'shutdown-timeout') {
      this.logger.warn({}, 'the batch in hand took longer than SHUTDOWN_TIMEOUT; it is left uncommitted');
    } else if (this.abandoned) {
      this.logger.info({}, 'a batch was waiting for another attempt; it is left uncommitted');
    }
    const { size } = this.quarantine;
    if (size > 0) {
      const held = 'no alert has succeeded since, so they are neither dead-lettered nor committed yet';
      this.logger.warn({ messages: size }, `${size} messages failed or follow one that did; ${held}`);
    }
    return reason;
  }

  private async close(): Promise<void> {
    const { source, step, observer } = this.options;
    const closing = [
      async () => step.tearDown?.(),
      async () => this.polling,
      ...[source, ...this.outlets].map((one) => async () => one && this.opening.close(one)),
      async () => observer?.closed?.(),
    ];
    for (const close of closing) {
      try {
        await close();
      } catch (thrown) {
        const error = toError(thrown);
        this.logger.error({ err: error }, `closing: ${error.message}`);
        this.fail(error);
      }
    }
    this.soft.abort();
    this.hard.abort();
  }
}
