import type { OffsetLookup, PartitionBounds } from './offset-lookup.js';
import type { OffsetRange } from './offset-range.js';

/** Which part of a stream is wanted. Times are in ms since 1970, by the broker's clock. */
export interface RangeRequest {
  readonly since?: number | undefined;
  readonly until?: number | undefined;
  /** The last so many messages of all partitions together. */
  readonly tail?: number | undefined;
  /** Where to begin without `since` and `tail`. @default 'earliest' */
  readonly from?: 'earliest' | 'latest' | undefined;
  /** Whether to stop at what is there now. */
  readonly untilEnd?: boolean | undefined;
  readonly now: number;
}

type Asked = Pick<OffsetLookup, 'at'>;

/** The offsets that a request comes to, for each partition. A part that ends in the future has no end. */
export async function resolveRanges(
  lookup: Asked,
  bounds: readonly PartitionBounds[],
  request: RangeRequest,
): Promise<OffsetRange[]> {
  const starts = await startsOf(lookup, bounds, request);
  const { until, untilEnd, now } = request;
  const past = until !== undefined && until <= now;
  const ends = past ? await lookup.at(bounds, until) : [];
  return bounds.map(({ topic, partition, high }, i) => {
    const end = past ? (ends[i] ?? high) : untilEnd ? high : undefined;
    const start = starts[i] ?? high;
    return { topic, partition, start: end === undefined ? start : Math.min(start, end), end };
  });
}

async function startsOf(
  lookup: Asked,
  bounds: readonly PartitionBounds[],
  { since, tail, from, now }: RangeRequest,
): Promise<readonly number[]> {
  if (tail !== undefined) return lastOf(lookup, bounds, tail, now);
  if (since !== undefined) {
    const offsets = await lookup.at(bounds, since);
    return bounds.map(({ low, high }, i) => Math.max(low, offsets[i] ?? high));
  }
  return bounds.map(({ low, high }) => (from === 'latest' ? high : low));
}

/**
 * Where the last `count` messages begin. Partitions fill unevenly, so a time is looked for from which on there are so
 * many; of messages of the same millisecond as many are taken as are needed.
 */
async function lastOf(
  lookup: Asked,
  bounds: readonly PartitionBounds[],
  count: number,
  now: number,
): Promise<readonly number[]> {
  const startsAt = async (time: number): Promise<number[]> => {
    const offsets = await lookup.at(bounds, time);
    return bounds.map(({ low, high }, i) => Math.min(high, Math.max(low, offsets[i] ?? high)));
  };
  const total = (starts: readonly number[]): number =>
    bounds.reduce((sum, { high }, i) => sum + high - starts[i]!, 0);
  const lows = bounds.map(({ low }) => low);
  if (total(lows) <= count) return lows;
  if (bounds.length === 1) return bounds.map(({ high }) => high - count);
  // From `late` on there are at most `count`, from `early` on more.
  let early = 0;
  let late = now + 1;
  let starts = await startsAt(late);
  // Clocks of producers may be ahead.
  while (total(starts) > count) starts = await startsAt((late = 2 * late));
  while (late - early > 1) {
    const middle = Math.floor((early + late) / 2);
    const found = await startsAt(middle);
    if (total(found) > count) early = middle;
    else [late, starts] = [middle, found];
  }
  const earlier = await startsAt(early);
  let missing = count - total(starts);
  return starts.map((start, i) => {
    const more = Math.min(missing, start - earlier[i]!);
    missing -= more;
    return start - more;
  });
}
