import type { RawMessage } from '../contracts.js';

/** An alert while it is worked on, and the message from which it came. */
export interface Item<In> {
  readonly alert: In;
  readonly owner: RawMessage;
  /** Which of the message's alerts it is. */
  readonly record: number;
  /** How often it failed with an error that is neither retryable nor poison. */
  failures: number;
}

/** A result and the message from which it was made. */
export interface Result<Out> {
  readonly value: Out;
  readonly origin: RawMessage;
  readonly key?: string | Buffer | null | undefined;
}

/**
 * Finds the messages of the alerts that `preExecute` returned. An alert that it was given is recognised wherever it
 * stands; a list of the same length may hold new ones in their places.
 */
export function alignAlerts<In>(items: readonly Item<In>[], list: readonly In[]): readonly Item<In>[] {
  const given = new Map(items.map((item) => [item.alert, item]));
  return list.map((alert, i) => {
    const known = given.get(alert);
    if (known) return known;
    const inPlace = list.length === items.length ? items[i] : undefined;
    if (!inPlace) {
      throw new Error(
        `preExecute returned ${list.length} alerts for ${items.length}, with new ones among them; it may drop or reorder alerts, or replace each in its place`,
      );
    }
    return { alert, owner: inPlace.owner, record: inPlace.record, failures: inPlace.failures };
  });
}

/** The same for the results that `postExecute` or `preProduce` returned; a new one belongs to the batch's last message. */
export function alignResults<Out>(
  results: readonly Result<Out>[],
  list: readonly Out[],
  last: RawMessage,
): Result<Out>[] {
  const given = new Map(results.map((result) => [result.value, result]));
  return list.map((value, i) => {
    const inPlace = list.length === results.length ? results[i]?.origin : undefined;
    return given.get(value) ?? { value, origin: inPlace ?? last };
  });
}
