import type { AlertContext, SideOutput } from '../context.js';
import type { DeadLetter } from '../contracts.js';
import type { RowChange } from '../database.js';
import type { Result } from './align.js';

/** What has come of some alerts so far. */
export class Part<Out> {
  results: Result<Out>[] = [];
  readonly sideOutputs: SideOutput[] = [];
  readonly changes: RowChange[] = [];
  readonly deadLetters: DeadLetter[] = [];
  /** Alerts whose execute succeeded. */
  executed = 0;

  /** @param keyOf gives each result its Kafka key; absent where hooks may still change the results */
  constructor(private readonly keyOf?: (result: Out) => Result<Out>['key']) {}

  /** Takes what one successful `execute` gave and produced on the side. */
  take(produced: Out | readonly Out[] | undefined | void, context: AlertContext): void {
    if (produced !== undefined && produced !== null) {
      const list = Array.isArray(produced) ? (produced as readonly Out[]) : [produced as Out];
      // All keys before the first push: a key that throws fails the alert, which must leave nothing behind.
      const results = list.map((value) => ({ value, origin: context.message, key: this.keyOf?.(value) }));
      for (const result of results) this.results.push(result);
    }
    this.takeAsides(context);
    this.executed++;
  }

  /** Takes what a successful `execute` put aside for other outputs than its results. */
  takeAsides({ sideOutputs, database }: Pick<AlertContext, 'sideOutputs' | 'database'>): void {
    for (const output of sideOutputs ?? []) this.sideOutputs.push(output);
    for (const change of database?.changes ?? []) this.changes.push(change);
  }

  append(other: Part<Out>): void {
    for (const result of other.results) this.results.push(result);
    for (const output of other.sideOutputs) this.sideOutputs.push(output);
    for (const change of other.changes) this.changes.push(change);
    for (const letter of other.deadLetters) this.deadLetters.push(letter);
    this.executed += other.executed;
  }
}
