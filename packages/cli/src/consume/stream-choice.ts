import {
  type OffsetLookup,
  type OffsetRange,
  type PartitionBounds,
  partitionsOf,
  resolveRanges,
} from '@apf/connectors';
import { FatalError, type Logger, nearest, systemClock, toError } from '@apf/core';
import type { Connection } from '../connection/connection.js';
import { counted } from './consumed.js';
import type { StreamPlan } from './stream-plan.js';

/** How long a topic that is named may take to appear, and how often it is looked for, in ms. */
const PATIENCE = 10_000;
const LOOK_EVERY = 500;

/** What is there of a stream, and which part of it is to be read. */
export interface StreamChoice {
  readonly bounds: readonly PartitionBounds[];
  /** Next offsets that the group has committed, in the order of `bounds`. */
  readonly committed: readonly (number | undefined)[];
  readonly ranges: readonly OffsetRange[];
}

/**
 * Finds out what a plan comes to on this broker.
 * @param patience how long a topic that is named may take to appear, in ms
 * @throws FatalError for a topic that does not appear: it names the nearest
 */
export async function chooseStream(
  lookup: OffsetLookup,
  plan: StreamPlan,
  patience = PATIENCE,
): Promise<StreamChoice> {
  const partitions = await partitionsWithin(lookup, plan.topics, patience);
  const bounds = await lookup.bounds(partitions);
  const committed =
    plan.group === undefined ? bounds.map(() => undefined) : await lookup.committed(partitions);
  const { since, until, tail, from, untilEnd, byObservation } = plan;
  const times = byObservation ? {} : { since, until };
  const ranges = await resolveRanges(lookup, bounds, {
    ...times,
    tail,
    from,
    untilEnd: untilEnd && (byObservation || until === undefined),
    now: Date.now(),
  });
  return { bounds, committed, ranges };
}

async function partitionsWithin(
  lookup: OffsetLookup,
  topics: readonly string[],
  patience: number,
): Promise<ReturnType<typeof partitionsOf>> {
  const end = Date.now() + patience;
  for (;;) {
    const existing = await lookup.topics();
    const missing = topics.filter((topic) => !topic.startsWith('^') && !existing.has(topic));
    if (missing.length === 0) return partitionsOf(topics, existing);
    if (Date.now() >= end) throw missingTopic(missing[0]!, [...existing.keys()]);
    await systemClock.sleep(LOOK_EVERY);
  }
}

function missingTopic(topic: string, existing: readonly string[]): FatalError {
  const seen = existing.filter((name) => !name.startsWith('__'));
  const near = nearest(topic, seen);
  const known =
    seen.length === 0
      ? 'you may see no topic at all'
      : near
        ? `did you mean '${near}'?`
        : `there are: ${seen.sort().slice(0, 10).join(', ')}${seen.length > 10 ? `, and ${seen.length - 10} more` : ''}`;
  return new FatalError(`the broker has no topic '${topic}', or you may not see it; ${known}`, {
    code: 'APF_TOPIC',
  });
}

/** The stream in words, a line each: what is read, from where to where. */
export function describeChoice(plan: StreamPlan, choice: StreamChoice, { servers }: Connection): string[] {
  const { group, topics, byObservation } = plan;
  const as = group === undefined ? 'without a group: nothing is committed' : `as group ${group}`;
  const lines = [`reading ${topics.join(', ')} from ${servers} ${as}`];
  const time = [
    plan.since === undefined ? undefined : `from ${new Date(plan.since).toISOString()}`,
    plan.until === undefined ? undefined : `to ${new Date(plan.until).toISOString()} (excluded)`,
  ].filter((part) => part !== undefined);
  if (time.length > 0)
    lines.push(`  ${time.join(' ')}, by the ${byObservation ? "alerts' own time" : "broker's clock"}`);
  const shown = choice.ranges.map((range, i) => describeRange(range, choice.committed[i]));
  lines.push(
    ...(shown.length > 12 ? [...shown.slice(0, 11), `  … ${shown.length - 11} more partitions`] : shown),
  );
  return lines;
}

function describeRange({ topic, partition, start, end }: OffsetRange, committed: number | undefined): string {
  const begin = Math.max(start, committed ?? 0);
  const why =
    committed === undefined ? '' : committed >= start ? ' (committed)' : ' (after what is committed)';
  const until = end === undefined ? 'on' : `to ${end}, ${counted(Math.max(0, end - begin), 'message')}`;
  return `  ${topic}[${partition}] from offset ${begin}${why} ${until}`;
}

/** Why nothing comes. */
export async function explainSilence(lookup: OffsetLookup, plan: StreamPlan): Promise<string> {
  const existing = await lookup.topics();
  const partitions = partitionsOf(plan.topics, existing);
  if (partitions.length === 0) {
    const names = [...existing.keys()].filter((name) => !name.startsWith('__')).sort();
    return `no topic matches ${plan.topics.join(', ')}; there are: ${names.slice(0, 10).join(', ') || 'none'}`;
  }
  const bounds = await lookup.bounds(partitions);
  const names = plan.topics.join(', ');
  if (bounds.every(({ high }) => high === 0)) return `nothing was ever sent to ${names}: waiting`;
  if (bounds.every(({ low, high }) => low === high))
    return `${names} is empty: all that was sent has expired; waiting`;
  if (plan.group === undefined) return `${names} is read to its end: waiting for what comes next`;
  const committed = await lookup.committed(partitions);
  const behind = bounds.reduce(
    (sum, { low, high }, i) =>
      sum + high - Math.max(low, committed[i] ?? (plan.from === 'latest' ? high : low)),
    0,
  );
  return behind === 0
    ? `the group '${plan.group}' is at the end of ${names}: waiting for what comes next (--no-group reads all of it again)`
    : `${counted(behind, 'message')} wait${behind === 1 ? 's' : ''}, but none comes: another member of the group '${plan.group}' may hold the partitions, or one that was killed is waited for (session.timeout.ms, 45 s where nothing else is set); take a --group of your own`;
}

/** A lookup that a failing broker does not end the command with. */
export async function trySilence(lookup: OffsetLookup, plan: StreamPlan, logger: Logger): Promise<void> {
  try {
    logger.warn({}, await explainSilence(lookup, plan));
  } catch (error) {
    logger.warn({}, `nothing comes, and the broker does not say why: ${toError(error).message}`);
  }
}
