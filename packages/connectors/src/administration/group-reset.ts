import { topicNameProblem, UsageError, printable } from '@apf/core';
import { type Admin, ListOffsetTimestamps } from '@platformatic/kafka';
import type { Committed, GroupMember } from './groups.js';
import { offsets, partitionsOf } from './topics.js';

/** Where to move a group: to an end of each partition, a time (ms since 1970), an offset, or by a number of messages. */
export type ResetTarget =
  | { readonly kind: 'earliest' }
  | { readonly kind: 'latest' }
  | { readonly kind: 'datetime'; readonly time: number }
  | { readonly kind: 'offset'; readonly offset: number }
  | { readonly kind: 'shift'; readonly by: number };

export interface GroupMove {
  readonly topic: string;
  readonly partition: number;
  /** Null where nothing is committed. */
  readonly from: number | null;
  readonly to: number;
}

export interface GroupMoves {
  readonly group: string;
  /** While there are any, the group cannot be moved. */
  readonly members: readonly GroupMember[];
  readonly moves: readonly GroupMove[];
}

const WHOLE = /^[+-]?\d{1,15}$/;

/**
 * `earliest`, `latest`, a time (`2026-03-01`, `2026-03-01T04:00:00Z`), an offset (`1200`), or a shift (`+100`, `-100`).
 * A time without a zone is in UTC.
 * @throws UsageError for anything else.
 */
export function resetTarget(text: string): ResetTarget {
  if (text === 'earliest' || text === 'latest') return { kind: text };
  if (WHOLE.test(text)) {
    return /^[+-]/.test(text)
      ? { kind: 'shift', by: Number(text) }
      : { kind: 'offset', offset: Number(text) };
  }
  if (/^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?)?(Z|[+-]\d{2}:\d{2})?$/.test(text)) {
    const written = text.replace(' ', 'T');
    const time = Date.parse(
      /T.*(Z|[+-]\d{2}:\d{2})$/.test(written) || !written.includes('T') ? written : `${written}Z`,
    );
    if (!Number.isNaN(time)) return { kind: 'datetime', time };
  }
  throw new UsageError(
    `a group can be moved to earliest, latest, a time such as 2026-03-01T04:00:00Z, an offset such as 1200, or by +100 or -100 messages; not to '${printable(text)}'`,
  );
}

/** The moves of every partition that is meant, kept within what the broker has. */
export async function planMoves(
  admin: Admin,
  committed: Committed,
  to: ResetTarget,
  topics: readonly string[] | undefined,
): Promise<GroupMove[]> {
  const known = new Set(await admin.listTopics({ includeInternals: true }));
  const meant = topics ?? [...committed.keys()].filter((topic) => known.has(topic));
  const moves: GroupMove[] = [];
  for (const topic of [...meant].sort()) {
    if (topicNameProblem(topic) !== undefined || !known.has(topic)) {
      throw new UsageError(`there is no topic '${printable(topic)}'`, { code: 'APF_TOPIC' });
    }
    const count = await partitionsOf(admin, topic);
    const [earliest, latest] = [
      await offsets(admin, topic, count, ListOffsetTimestamps.EARLIEST),
      await offsets(admin, topic, count, ListOffsetTimestamps.LATEST),
    ];
    const since = to.kind === 'datetime' ? await offsets(admin, topic, count, BigInt(to.time)) : undefined;
    for (let partition = 0; partition < count; partition++) {
      const from = committed.get(topic)?.get(partition) ?? null;
      // A reset of what was committed leaves out partitions that were not, unless the topic is named.
      if (from === null && topics === undefined) continue;
      const [low, high] = [earliest.get(partition) ?? 0, latest.get(partition) ?? 0];
      const wanted = target(to, { from, low, high, since: since?.get(partition) });
      moves.push({ topic, partition, from, to: Math.min(Math.max(wanted, low), high) });
    }
  }
  return moves;
}

interface Bounds {
  readonly from: number | null;
  readonly low: number;
  readonly high: number;
  /** The first message at the time or later; undefined where there is none. */
  readonly since: number | undefined;
}

function target(to: ResetTarget, { from, low, high, since }: Bounds): number {
  switch (to.kind) {
    case 'earliest':
      return low;
    case 'latest':
      return high;
    case 'datetime':
      return since ?? high;
    case 'offset':
      return to.offset;
    case 'shift':
      return (from ?? low) + to.by;
  }
}
