import type { SideOutput } from '../context.js';
import type { DeadLetter, Outgoing, RawMessage } from '../contracts.js';
import type { Mark, RowChange } from '../database.js';

/** What is left of a batch once every alert of it has succeeded or is a dead letter. */
export interface Outcome {
  /** The messages that are done. */
  readonly messages: readonly RawMessage[];
  readonly results: readonly Outgoing[];
  readonly sideOutputs: readonly SideOutput[];
  /** Rows for the database, without those of the results. */
  readonly changes: readonly RowChange[];
  /** Alerts that are not to be processed again (`UNIQUE`). */
  readonly marks: readonly Mark[];
  readonly deadLetters: readonly DeadLetter[];
}

/** A message is one dead letter, whatever the number of its alerts that failed. */
export function oncePerMessage(letters: readonly DeadLetter[]): DeadLetter[] {
  return [...new Map(letters.toReversed().map((letter) => [letter.message, letter])).values()].toReversed();
}

/** The part of an outcome that belongs to these of its messages. */
export function only(outcome: Outcome, messages: readonly RawMessage[]): Outcome {
  const kept = new Set(messages);
  return {
    messages,
    results: outcome.results.filter(({ origin }) => kept.has(origin)),
    sideOutputs: outcome.sideOutputs.filter(({ outgoing }) => kept.has(outgoing.origin)),
    changes: outcome.changes.filter(({ origin }) => kept.has(origin)),
    marks: outcome.marks.filter(({ origin }) => kept.has(origin)),
    deadLetters: outcome.deadLetters.filter(({ message }) => kept.has(message)),
  };
}
