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
  TopicPartition,
  Transaction,
} from '../contracts.js';
import type { Database, DatabaseWork, RowChange } from '../database.js';
import { FatalError, RetryableError, codeOf, toError } from '../errors.js';
import { backoff } from './backoff.js';
import { inPartitions } from './batch.js';
import { Checkpoint } from './checkpoint.js';
import { Abandoned } from './executor.js';
import { type RunObserver, seconds } from './observer.js';
import { type Outcome, oncePerMessage, only } from './outcome.js';
import { Refusals } from './refusals.js';

export interface OutputsOptions {
  readonly name: string;
  readonly producer: Sink | undefined;
  readonly sideOutputs: Readonly<Record<string, Sink>>;
  readonly database: Database | undefined;
  readonly deadLetters: Sink<DeadLetter>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly stats: RunStats;
  /** Aborted when the run is told to stop: waits between attempts end. */
  readonly stopping: AbortSignal;
  /** Aborted when the time to drain is over: flushes give up. */
  readonly hardStop: AbortSignal;
  /** `COMMIT`: whether anybody is to know how far the run has come. */
  readonly commits: boolean;
  readonly observer: RunObserver | undefined;
}

/** A sink, and what an outcome has for it. */
interface Output {
  readonly sink: Sink;
  readonly of: (outcome: Outcome) => readonly Outgoing[];
}

/**
 * Brings what came of some batches to where it belongs, each part again and again while its fault is passing: first to
 * the sinks that stand for themselves, then in transactions, the one that keeps the offsets last. Dead letters are kept
 * before any offset is.
 */
export class Outputs {
  /** What is under way; less of it once partitions are dropped. */
  private group: readonly Outcome[] = [];
  /** Dead letters of the group for outputs that were refused. */
  private readonly refused = new Map<RawMessage, DeadLetter>();
  private readonly buried = new Set<RawMessage>();
  private readonly outputRefusals = new Refusals('outputs');
  private readonly rowRefusals = new Refusals('rows');
  private readonly outputs: readonly Output[];
  private readonly transactions: readonly Transaction[];

  constructor(private readonly options: OutputsOptions) {
    const { producer, sideOutputs, database } = options;
    this.outputs = [
      ...(producer ? [{ sink: producer, of: ({ results }: Outcome) => results }] : []),
      ...Object.entries(sideOutputs).map(([name, sink]) => ({
        sink,
        of: (outcome: Outcome) =>
          outcome.sideOutputs.filter((side) => side.name === name).map((side) => side.outgoing),
      })),
    ];
    const all = [database, ...this.outputs.map(({ sink }) => sink.transaction)];
    this.transactions = [...new Set(all.filter((one) => one !== undefined))].sort(
      (a, b) => Number(a.keepsOffsets) - Number(b.keepsOffsets),
    );
  }

  /** Whether nothing has to be written for it, not even where the next run begins. */
  needsNothing(outcome: Outcome): boolean {
    const { results, sideOutputs, changes, marks, deadLetters } = outcome;
    const takesResults = this.options.producer !== undefined || this.options.database?.takesResults;
    return (
      sideOutputs.length + changes.length + marks.length + deadLetters.length === 0 &&
      (results.length === 0 || !takesResults) &&
      !this.transactions.some(({ keepsOffsets }) => keepsOffsets)
    );
  }

  /** These partitions have another owner: what of them is not written yet is left to it. */
  drop(partitions: readonly TopicPartition[]): void {
    this.group = without(this.group, partitions);
  }

  /** Resolves with what is left of the group, once all of it is confirmed. */
  async deliver(group: readonly Outcome[]): Promise<readonly Outcome[]> {
    this.group = group;
    this.refused.clear();
    this.buried.clear();
    const { database, observer } = this.options;
    const from = seconds();
    await this.toSinks();
    const written = seconds();
    observer?.took?.('write', written - from);
    for (const transaction of this.transactions) {
      if (transaction === database) await this.persist(() => this.toDatabase(database));
      else await this.persist(() => this.toSinksOf(transaction));
    }
    if (database) observer?.took?.('database', seconds() - written);
    await this.bury([]);
    return this.group;
  }

  /** The sinks without a transaction, all at once. */
  private async toSinks(): Promise<void> {
    const alone = this.outputs.filter(({ sink }) => !sink.transaction);
    // Every sink is waited for even when one fails: a write must not go on behind a run that has stopped.
    const settled = await Promise.allSettled(alone.map((output) => this.persist(() => this.write(output))));
    const broken = settled.find((result) => result.status === 'rejected');
    if (broken) throw broken.reason;
    const refused = settled.flatMap((result) => (result.status === 'fulfilled' ? result.value : []));
    this.outputRefusals.note(this.countOf(alone), refused);
    this.keep(refused.map((one) => this.letter(one)));
  }

  private async toSinksOf(transaction: Transaction): Promise<void> {
    const own = this.outputs.filter(({ sink }) => sink.transaction === transaction);
    if (this.countOf(own) === 0 && !transaction.keepsOffsets) return;
    await this.within(transaction, async () => {
      const refused: Refused[] = [];
      for (const output of own) refused.push(...(await this.write(output)));
      this.outputRefusals.note(this.countOf(own), refused);
      return refused;
    });
  }

  private async toDatabase(database: Database): Promise<void> {
    const work = this.workFor(database);
    if (work.changes.length + work.marks.length === 0 && !database.keepsOffsets) return;
    const refused = await this.within(database, async (next) => {
      const rows = await database.write(work, next);
      const origins = new Set(work.changes.map(({ origin }) => origin));
      this.rowRefusals.note(origins.size, rows);
      return rows;
    });
    const left = new Set(refused.map(({ outgoing }) => outgoing.origin));
    this.options.stats.written += work.changes.filter(({ origin }) => !left.has(origin)).length;
  }

  /** One attempt of a transaction. */
  private async within(
    transaction: Transaction,
    write: (next: readonly Position[]) => Promise<readonly Refused[]>,
  ): Promise<readonly Refused[]> {
    const next = this.options.commits ? nextOf(this.group) : [];
    try {
      await transaction.begin(next);
      const refused = await write(next);
      const letters = refused.map((one) => this.letter(one));
      if (transaction.keepsOffsets) await this.bury(letters);
      await transaction.commit(next, this.options.hardStop);
      this.keep(letters);
      return refused;
    } catch (thrown) {
      await transaction.abort();
      throw thrown;
    }
  }

  /** Rows of the messages of which no other output was refused. */
  private workFor({ takesResults }: Database): DatabaseWork {
    const { refused, group } = this;
    const good = ({ origin }: { readonly origin: RawMessage }): boolean => !refused.has(origin);
    const rows = takesResults ? group.flatMap(({ results }) => results).map(asRow) : [];
    const changes = group.flatMap((outcome) => outcome.changes);
    const marks = group.flatMap((outcome) => outcome.marks);
    return { changes: [...rows, ...changes].filter(good), marks: marks.filter(good) };
  }

  private countOf(outputs: readonly Output[]): number {
    let count = 0;
    for (const { of } of outputs) for (const outcome of this.group) count += of(outcome).length;
    return count;
  }

  private async write({ sink, of }: Output): Promise<readonly Refused[]> {
    const outgoing = this.group.flatMap(of);
    if (outgoing.length === 0) return [];
    const { hardStop, stats } = this.options;
    const refused = [...((await sink.write(outgoing)) ?? []), ...((await sink.flush(hardStop)) ?? [])];
    stats.produced += outgoing.length - refused.length;
    return refused;
  }

  /** Again and again while the fault is passing. */
  private async persist<T>(attempt: () => Promise<T>): Promise<T> {
    const { clock, logger, stats, stopping } = this.options;
    for (let count = 1; ; count++) {
      try {
        return await attempt();
      } catch (thrown) {
        if (thrown instanceof Abandoned) throw thrown;
        if (!(thrown instanceof RetryableError))
          throw asFatal(thrown, 'an output could not be confirmed', 'APF_SINK');
        if (stopping.aborted) throw new Abandoned(thrown.message);
        const ms = backoff(count, thrown.retryAfter);
        stats.retries++;
        logger.warn(
          { code: thrown.code, attempt: count, wait: ms / 1000 },
          `will write again in ${ms / 1000} s: ${thrown.message}`,
        );
        await clock.sleep(ms, stopping);
        if (stopping.aborted) throw new Abandoned(thrown.message);
      }
    }
  }

  private keep(letters: readonly DeadLetter[]): void {
    for (const letter of letters) this.refused.set(letter.message, letter);
  }

  /** Keeps the dead letters of the group that are not kept yet. */
  private async bury(more: readonly DeadLetter[]): Promise<void> {
    const { deadLetters, stats, hardStop, observer } = this.options;
    const all = [...this.group.flatMap((outcome) => outcome.deadLetters), ...this.refused.values(), ...more];
    const letters = oncePerMessage(all).filter(({ message }) => !this.buried.has(message));
    if (letters.length === 0) return;
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
    for (const { message } of letters) this.buried.add(message);
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
}

/** What is left of batches when these partitions have another owner. */
export function without(group: readonly Outcome[], partitions: readonly TopicPartition[]): Outcome[] {
  const gone = inPartitions(partitions);
  return group
    .map((outcome) => {
      const ours = outcome.messages.filter((message) => !gone(message));
      return ours.length === outcome.messages.length ? outcome : only(outcome, ours);
    })
    .filter(({ messages }) => messages.length > 0);
}

/** Where each partition is to be read on once these batches are done. */
function nextOf(group: readonly Outcome[]): Position[] {
  const checkpoint = new Checkpoint();
  for (const { messages } of group) checkpoint.mark(messages);
  return checkpoint.take();
}

const NO_OPTIONS = {};

/** A result as a row of the table of results. */
const asRow = ({ value, origin }: Outgoing): RowChange => ({
  origin,
  table: undefined,
  kind: 'upsert',
  row: value as RowChange['row'],
  options: NO_OPTIONS,
});

function asFatal(thrown: unknown, what: string, code: 'APF_SINK' | 'APF_DEAD_LETTER'): FatalError {
  if (thrown instanceof FatalError) return thrown;
  const error = toError(thrown);
  return new FatalError(`${what}: ${error.message}`, { code: codeOf(error, code), cause: error });
}
