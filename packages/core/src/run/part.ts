import type { AlertContext, SideOutput } from '../context.js';
import type { DeadLetter, RawMessage } from '../contracts.js';
import type { Result } from './align.js';

/** What has come of some alerts so far. */
export class Part<Out> {
  results: Result<Out>[] = [];
  readonly sideOutputs: SideOutput[] = [];
  readonly deadLetters: DeadLetter[] = [];
  /** Alerts whose execute succeeded. */
  executed = 0;

  /** Takes what one successful `execute` gave and produced on the side. */
  take(produced: Out | readonly Out[] | undefined | void, context: AlertContext): void {
    this.executed++;
    this.addResults(produced, context.message);
    if (context.sideOutputs) this.sideOutputs.push(...context.sideOutputs);
  }

  addResults(produced: Out | readonly Out[] | undefined | void, origin: RawMessage): void {
    if (produced === undefined || produced === null) return;
    if (Array.isArray(produced)) {
      for (const value of produced as readonly Out[]) this.results.push({ value, origin });
    } else {
      this.results.push({ value: produced as Out, origin });
    }
  }

  append(other: Part<Out>): void {
    for (const result of other.results) this.results.push(result);
    for (const output of other.sideOutputs) this.sideOutputs.push(output);
    for (const letter of other.deadLetters) this.deadLetters.push(letter);
    this.executed += other.executed;
  }
}
