import { FatalError, printable } from '@apf/core';
import { type Admin, ListOffsetTimestamps } from '@platformatic/kafka';
import type { Run } from './admin-client.js';
import { brokerCode } from './admin-error.js';
import { describeConsumerGroup } from './describe-consumer-group.js';
import { type GroupMove, type GroupMoves, planMoves } from './group-reset.js';
import type { ResetTarget } from './reset-target.js';
import { offsets, partitionsOf } from './topics.js';
import { until } from './until.js';

export interface GroupSummary {
  readonly group: string;
  /** `STABLE`, `EMPTY`, `PREPARING_REBALANCE`, … */
  readonly state: string;
  /** `classic`; `consumer` for the protocol of KIP-848, `share` for that of queues. */
  readonly type: string;
}

export interface GroupMember {
  readonly member: string;
  readonly client: string;
  readonly host: string;
  /** `topic[partition]` */
  readonly partitions: readonly { readonly topic: string; readonly partition: number }[];
}

export interface GroupPosition {
  readonly topic: string;
  readonly partition: number;
  /** The next offset that the group will read; null where it has committed none. */
  readonly committed: number | null;
  /** The offset that the next message will get. */
  readonly latest: number;
  /** Messages between the two; from the earliest on where none is committed. */
  readonly lag: number;
}

export interface GroupDetails {
  readonly group: string;
  readonly state: string;
  readonly members: readonly GroupMember[];
  readonly positions: readonly GroupPosition[];
}

/** What may be done with consumer groups. A group that is not there is a FatalError. */
export interface GroupAdmin {
  /** By name. */
  listGroups(): Promise<GroupSummary[]>;
  describeGroup(group: string): Promise<GroupDetails>;
  /** False where there was no such group. Rejects while members are active. */
  deleteGroup(group: string): Promise<boolean>;
  /**
   * Where a reset would move a group, without moving it; it may be one that does not exist yet, if topics are named.
   * @param topics all that it has committed where absent. @throws UsageError for a topic that does not exist.
   */
  planReset(group: string, to: ResetTarget, topics?: readonly string[]): Promise<GroupMoves>;
  /** Does what was planned. Rejects, having changed nothing, while members are active. */
  reset(moves: GroupMoves): Promise<void>;
}

export function groupAdmin(run: Run): GroupAdmin {
  const named = (group: string): string => `group '${printable(group)}'`;

  return {
    listGroups: () =>
      run('groups could not be listed', async (admin) =>
        [...(await admin.listGroups({ types: TYPES })).values()]
          .map(({ id, state, groupType }) => ({ group: id, state, type: groupType || 'classic' }))
          .sort((a, b) => (a.group < b.group ? -1 : 1)),
      ),

    describeGroup: (group) =>
      run(`${named(group)} could not be described`, async (admin) => {
        const { state, members } = await membersOf(admin, group);
        if (state === 'DEAD') throw noSuchGroup(group);
        return { group, state, members, positions: await positionsOf(admin, group) };
      }),

    deleteGroup: (group) =>
      run(`${named(group)} could not be deleted`, async (admin) => {
        const { state, members } = await membersOf(admin, group);
        if (state === 'DEAD') return false;
        refuseActive(group, members);
        await coordinated(() => admin.deleteGroups({ groups: [group] }));
        await until(async () => (await membersOf(admin, group)).state === 'DEAD');
        return true;
      }),

    planReset: (group, to, topics) =>
      run(`a reset of ${named(group)} could not be planned`, async (admin) => {
        const { state, members } = await membersOf(admin, group);
        if (state === 'DEAD' && topics === undefined) throw noSuchGroup(group);
        return { group, members, moves: await planMoves(admin, await committedBy(admin, group), to, topics) };
      }),

    reset: ({ group, moves }) =>
      run(`${named(group)} could not be reset`, async (admin) => {
        refuseActive(group, (await membersOf(admin, group)).members);
        if (moves.length === 0) return;
        await coordinated(() => admin.alterConsumerGroupOffsets({ groupId: group, topics: byTopic(moves) }));
      }),
  };
}

const noSuchGroup = (group: string): FatalError =>
  new FatalError(`there is no group '${printable(group)}'`, { code: 'APF_BROKER' });

/** @throws FatalError that names who must be stopped first. */
export function refuseActive(group: string, members: readonly GroupMember[]): void {
  if (members.length === 0) return;
  const who = members
    .slice(0, 3)
    .map(({ client, host }) => `${printable(client)} at ${host.replace(/^\//, '')}`);
  const more = members.length > 3 ? ` and ${members.length - 3} more` : '';
  throw new FatalError(
    `group '${printable(group)}' has active members: stop ${who.join(', ')}${more} first, and wait for their session to time out if they were killed`,
    { code: 'APF_BROKER' },
  );
}

interface Membership {
  readonly state: string;
  readonly members: readonly GroupMember[];
}

const TYPES = ['classic', 'consumer', 'share'];

async function membersOf(admin: Admin, group: string): Promise<Membership> {
  const listed = (await admin.listGroups({ types: TYPES })).get(group);
  return membersOfType(admin, group, listed?.groupType);
}

/** @param type the protocol of the group: `consumer`, or the classic one */
export async function membersOfType(
  admin: Admin,
  group: string,
  type: string | undefined,
): Promise<Membership> {
  if (type === 'consumer') return coordinated(() => describeConsumerGroup(admin, group));
  const described = await coordinated(() => admin.describeGroups({ groups: [group] }));
  const found = described.get(group);
  if (found === undefined) return { state: 'DEAD', members: [] };
  const members = [...found.members.values()].map(({ id, clientId, clientHost, assignments }) => ({
    member: id,
    client: clientId,
    host: clientHost,
    partitions: [...(assignments?.values() ?? [])].flatMap(({ topic, partitions }) =>
      partitions.map((partition) => ({ topic, partition })),
    ),
  }));
  return { state: found.state, members };
}

/** What a group has committed: topic, partition, offset. */
export type Committed = ReadonlyMap<string, ReadonlyMap<number, number>>;

async function committedBy(admin: Admin, group: string): Promise<Committed> {
  const [found] = await coordinated(() => admin.listConsumerGroupOffsets({ groups: [group] }));
  return new Map(
    (found?.topics ?? []).map(({ name, partitions }) => [
      name,
      new Map(
        partitions.flatMap(({ partitionIndex, committedOffset }) =>
          committedOffset < 0n ? [] : [[partitionIndex, Number(committedOffset)] as const],
        ),
      ),
    ]),
  );
}

async function positionsOf(admin: Admin, group: string): Promise<GroupPosition[]> {
  const committed = await committedBy(admin, group);
  const known = new Set(await admin.listTopics({ includeInternals: true }));
  const topics = [...committed.keys()].filter((topic) => known.has(topic)).sort();
  const positions: GroupPosition[] = [];
  for (const topic of topics) {
    const count = await partitionsOf(admin, topic);
    const latest = await offsets(admin, topic, count, ListOffsetTimestamps.LATEST);
    const earliest = await offsets(admin, topic, count, ListOffsetTimestamps.EARLIEST);
    for (let partition = 0; partition < count; partition++) {
      const at = committed.get(topic)?.get(partition) ?? null;
      const end = latest.get(partition) ?? 0;
      const lag = Math.max(0, end - (at ?? earliest.get(partition) ?? 0));
      positions.push({ topic, partition, committed: at, latest: end, lag });
    }
  }
  return positions;
}

function byTopic(
  moves: readonly GroupMove[],
): { name: string; partitionOffsets: { partition: number; offset: bigint }[] }[] {
  return [...new Set(moves.map(({ topic }) => topic))].map((name) => ({
    name,
    partitionOffsets: moves
      .filter(({ topic }) => topic === name)
      .map(({ partition, to }) => ({ partition, offset: BigInt(to) })),
  }));
}

const PASSING = new Set(['COORDINATOR_NOT_AVAILABLE', 'COORDINATOR_LOAD_IN_PROGRESS', 'NOT_COORDINATOR']);

/** On a new cluster the first question about any group makes the topic of all groups, and must be asked again. */
export async function coordinated<T>(ask: () => Promise<T>): Promise<T> {
  let answer: { readonly value: T } | undefined;
  let refusal: unknown;
  await until(async () => {
    try {
      answer = { value: await ask() };
    } catch (error) {
      if (PASSING.has(brokerCode(error) ?? '')) throw error;
      refusal = error;
    }
    return true;
  });
  if (answer === undefined) throw refusal;
  return answer.value;
}
