import type { Outgoing, Step } from '@apf/core';

/** What a demo plays, and the step that it runs on it. */
export interface Scenario {
  /** The daily topic, with `%s` for the date. */
  readonly topicFormat: string;
  readonly StepClass: new () => Step<unknown, unknown>;
  /** Where the step's results go; it has none without. */
  readonly resultTopic: string | null;
  /** How many messages there are, as far as is known. */
  readonly total: number;
  messages(): AsyncIterable<Outgoing<Buffer>> | Iterable<Outgoing<Buffer>>;
  /** Messages that could not be played at all. */
  readonly unreadable: number;
  /** What is worth telling in the end. */
  conclusion(): { readonly text: string; readonly record: object } | null;
}
