import { AlertContext, BatchContext, type ContextHost } from '../context.js';
import type { BatchStep } from '../step.js';
import type { Item, Result } from './align.js';
import type { Part } from './part.js';

/**
 * One `execute` of a BatchStep on some alerts; what comes of those that succeeded goes to `part`.
 * @returns the alerts that the step marked as failed
 */
export async function executeBatch<In, Out>(
  step: BatchStep<In, Out>,
  host: ContextHost,
  items: readonly Item<In>[],
  attempt: number,
  part: Part<Out>,
): Promise<[Item<In>, Error][]> {
  if (items.length === 0) return [];
  const contexts = items.map(({ owner, record }) => new AlertContext(host, owner, attempt, record));
  const batch = new BatchContext(host, contexts);
  const produced = await step.execute(
    items.map(({ alert }) => alert),
    batch,
  );
  const list =
    produced === undefined || produced === null ? [] : Array.isArray(produced) ? produced : [produced];
  const good = items.filter((_, i) => !batch.failures.has(i));
  const last = (items[items.length - 1] as Item<In>).owner;
  // One result for each alert that succeeded: each belongs to its alert. Otherwise nobody can tell.
  part.results = (list as readonly Out[]).map((value, i): Result<Out> => {
    return { value, origin: (list.length === good.length && good[i]?.owner) || last };
  });
  contexts.forEach((context, i) => {
    if (!batch.failures.has(i)) part.takeAsides(context);
  });
  part.takeAsides({ sideOutputs: undefined, database: batch.database });
  part.executed = good.length;
  return [...batch.failures].map(([i, error]) => [items[i] as Item<In>, error]);
}
