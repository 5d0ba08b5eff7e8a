import { createHash } from 'node:crypto';
import { UsageError } from '@apf/core';
import { type Connection, connection } from '../connection/connection.js';
import { checkWhole, streamPlan, type StreamPlan } from '../consume/stream-plan.js';
import { FilterCatalogue } from './filter-catalogue.js';
import type { FilterOptions } from './filter-options.js';
import { outputTopics } from './output-topics.js';
import type { FilterRun } from './run-filters.js';

/** Groups of more filters than these are named by a digest. */
const NAMED = 3;

/** What a command line comes to. @throws UsageError for what is missing, or does not go together */
export async function filterRun(options: FilterOptions, say: (line: string) => void): Promise<FilterRun> {
  const { filter = [], all, dryRun } = options;
  if (all && filter.length > 0) throw new UsageError('--filter and --all exclude each other');
  if (!all && filter.length === 0)
    throw new UsageError('no filter is named: give --filter NAME, or --all; apf filters list shows them');
  checkWhole({ partitions: options.partitions });
  checkPort(options.metrics);
  const catalogue = await FilterCatalogue.open(options.filters);
  const filters = all ? await catalogue.all() : await catalogue.choose(filter);
  const from = await connection(options);
  const names = filters.map(({ name }) => name);
  const plan = planOf(options, from, `filter-${digestOf(names)}`, dryRun);
  const naming = { prefix: options.topicPrefix, pattern: options.topicPattern };
  const to = options.to === undefined ? from : await connection(broker(options.to));
  return {
    filters,
    topics: outputTopics(names, naming, options.to === undefined ? plan.topics : []),
    lenient: all,
    plan,
    from,
    to,
    schemas: options,
    framing: options.framing,
    timeout: options.timeout,
    dryRun,
    partitions: options.partitions,
    deadLetters: options.deadLetters,
    metrics: options.metrics,
    say,
    interrupted: () => say('interrupted before the broker had answered: nothing was read'),
  };
}

function checkPort(port: number | undefined): void {
  if (port !== undefined && !(Number.isInteger(port) && port >= 0 && port <= 65_535))
    throw new UsageError('--metrics is a port: a whole number up to 65535');
}

/** Filters of other names are another service, which reads the stream for itself. */
function planOf(options: FilterOptions, from: Connection, purpose: string, dryRun: boolean): StreamPlan {
  if (!dryRun) return streamPlan(options, from, Date.now(), purpose);
  const group: unknown = false;
  const plan = streamPlan({ ...options, group: group as undefined }, from, Date.now(), purpose);
  return { ...plan, untilEnd: options.untilEos ?? true };
}

function digestOf(names: readonly string[]): string {
  const sorted = [...names].sort();
  if (names.length <= NAMED) return sorted.join('-');
  return createHash('sha256').update(sorted.join('\n')).digest('hex').slice(0, 8);
}

const broker = (to: string): { servers: string } | { profile: string } =>
  /:\d+(,|$)/.test(to) ? { servers: to } : { profile: to };
