import { printable } from '@apf/core';
import { type Admin, ListOffsetTimestamps } from '@platformatic/kafka';
import { brokerCode } from './admin-error.js';
import { coordinated, type GroupMember, membersOfType } from './groups.js';
import type { DatedOffset } from './offset-times.js';
import { partitionName } from './partition-name.js';

/** KIP-734: the message with the latest timestamp. The client has no name for it. */
const MAX_TIMESTAMP = -3n;

export interface PartitionState {
  readonly topic: string;
  readonly partition: number;
  /** Null where it has no leader now. */
  readonly begin: number | null;
  readonly end: number | null;
  /** The message with the latest timestamp. */
  readonly newest: DatedOffset | null;
}

export interface GroupState {
  readonly group: string;
  readonly state: string;
  readonly type: string;
  readonly members: readonly GroupMember[];
  /** The next offset that it will read, by `partitionName`. */
  readonly committed: ReadonlyMap<string, number>;
}

/** Every topic that this user may see, with its partitions by number and whether they have a leader. */
export async function visibleTopics(admin: Admin): Promise<ReadonlyMap<string, readonly boolean[]>> {
  const names = await admin.listTopics();
  if (names.length === 0) return new Map();
  const { topics } = await admin.metadata({ topics: names, forceUpdate: true });
  return new Map(
    [...topics].flatMap(([name, found]) =>
      // A topic may go between the two questions.
      found === undefined ? [] : [[name, found.partitions.map(({ leader }) => leader >= 0)] as const],
    ),
  );
}

export async function partitionStates(
  admin: Admin,
  topics: ReadonlyMap<string, readonly boolean[]>,
): Promise<PartitionState[]> {
  const all = [...topics].flatMap(([topic, leaders]) =>
    leaders.map((led, partition) => ({ topic, partition, led })),
  );
  const led = all.filter((one) => one.led);
  const [begins, ends, newest] = await Promise.all([
    firstMessages(admin, led, () => ListOffsetTimestamps.EARLIEST),
    firstMessages(admin, led, () => ListOffsetTimestamps.LATEST),
    // A broker before 3.0 does not know the question.
    firstMessages(admin, led, () => MAX_TIMESTAMP).catch(() => new Map<string, DatedOffset>()),
  ]);
  return all.map(({ topic, partition }) => {
    const name = partitionName(topic, partition);
    return {
      topic,
      partition,
      begin: begins.get(name)?.offset ?? null,
      end: ends.get(name)?.offset ?? null,
      newest: newest.get(name) ?? null,
    };
  });
}

/**
 * By partition the first message that is not older than a time (ms since 1970, or one of Kafka's marks). One that has
 * none is left out.
 */
export async function firstMessages<P extends { readonly topic: string; readonly partition: number }>(
  admin: Admin,
  partitions: readonly P[],
  timeOf: (partition: P) => bigint,
): Promise<Map<string, DatedOffset>> {
  if (partitions.length === 0) return new Map();
  const questions = new Map<string, { partitionIndex: number; timestamp: bigint }[]>();
  for (const one of partitions) {
    const question = { partitionIndex: one.partition, timestamp: timeOf(one) };
    const others = questions.get(one.topic);
    if (others) others.push(question);
    else questions.set(one.topic, [question]);
  }
  const topics = [...questions].map(([name, asked]) => ({ name, partitions: asked }));
  const found = await admin.listOffsets({ topics });
  return new Map(
    found.flatMap(({ name, partitions: answers }) =>
      answers.flatMap(({ partitionIndex, offset, timestamp }) =>
        offset < 0n
          ? []
          : [
              [
                partitionName(name, partitionIndex),
                { offset: Number(offset), time: Number(timestamp) },
              ] as const,
            ],
      ),
    ),
  );
}

/**
 * The groups that this user may see and that are wanted.
 * @param unseen gets a line for each that does not tell
 */
export async function groupStates(
  admin: Admin,
  wanted: (group: string) => boolean,
  unseen: string[],
): Promise<GroupState[]> {
  const listed = [...(await admin.listGroups({ types: ['classic', 'consumer'] })).values()]
    .filter(({ id }) => wanted(id))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  const states = listed.map(async ({ id, state, groupType }): Promise<GroupState | undefined> => {
    const type = groupType || 'classic';
    try {
      const [members, [found]] = await Promise.all([
        state === 'EMPTY' ? [] : membersOfType(admin, id, type).then((membership) => membership.members),
        coordinated(() => admin.listConsumerGroupOffsets({ groups: [id] })),
      ]);
      const committed = (found?.topics ?? []).flatMap(({ name, partitions }) =>
        partitions.map(
          ({ partitionIndex, committedOffset }) =>
            [partitionName(name, partitionIndex), Number(committedOffset)] as const,
        ),
      );
      return { group: id, state, type, members, committed: new Map(committed.filter(([, at]) => at >= 0)) };
    } catch (error) {
      const code = brokerCode(error);
      if (code === undefined) throw error;
      unseen.push(`group '${printable(id)}' does not tell of itself: ${code}`);
      return undefined;
    }
  });
  return (await Promise.all(states)).filter((state) => state !== undefined);
}
