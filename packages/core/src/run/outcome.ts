import type { SideOutput } from '../context.js';
import type { DeadLetter, Outgoing, RawMessage } from '../contracts.js';

/** What is left of a batch once every alert of it has succeeded or is a dead letter. */
export interface Outcome {
  /** The messages that are done. */
  readonly messages: readonly RawMessage[];
  readonly results: readonly Outgoing[];
  readonly sideOutputs: readonly SideOutput[];
  readonly deadLetters: readonly DeadLetter[];
}

/** A message is one dead letter, whatever the number of its alerts that failed. */
export function oncePerMessage(letters: readonly DeadLetter[]): DeadLetter[] {
  return [...new Map(letters.toReversed().map((letter) => [letter.message, letter])).values()].toReversed();
}
