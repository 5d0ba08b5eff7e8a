import { printable, topicNameProblem, UsageError } from '@apf/core';
import { type Admin, ListOffsetTimestamps } from '@platformatic/kafka';
import type { Committed, GroupMember } from './groups.js';
import type { ResetTarget } from './reset-target.js';
import { offsets, partitionsOf } from './topics.js';

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
