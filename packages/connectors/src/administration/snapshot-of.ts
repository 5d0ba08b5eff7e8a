import type { GroupState, PartitionState } from './broker-state.js';
import { partitionName } from './partition-name.js';
import type { StreamSnapshot, WatchedGroup, WatchedReading, WatchedTopic } from './stream-snapshot.js';

export interface Observed {
  /** ms since 1970. */
  readonly at: number;
  readonly partitions: readonly PartitionState[];
  readonly groups: readonly GroupState[];
  readonly unseen: readonly string[];
  /** Whether groups without a word on these topics are told too. */
  readonly all: boolean;
  /** Messages per second, by `partitionName`. */
  readonly endRate: (name: string) => number | null;
  readonly commitRate: (group: string, name: string) => number | null;
  /** The timestamp of a message; undefined where it is not known. */
  readonly timeOf: (name: string, offset: number) => number | undefined;
}

/** What was observed, reckoned up. */
export function snapshotOf(observed: Observed): StreamSnapshot {
  const { at, partitions, groups, unseen, all } = observed;
  const byTopic = new Map<string, PartitionState[]>();
  for (const partition of partitions) {
    const others = byTopic.get(partition.topic);
    if (others) others.push(partition);
    else byTopic.set(partition.topic, [partition]);
  }
  return {
    at,
    topics: [...byTopic].map(([topic, ones]) => topicOf(topic, ones, observed)),
    groups: groups
      .map((group) => groupOf(group, byTopic, observed))
      .filter((group) => all || group.topics.length > 0),
    unseen,
  };
}

function topicOf(
  topic: string,
  partitions: readonly PartitionState[],
  { at, endRate }: Observed,
): WatchedTopic {
  const watched = partitions.map(({ partition, begin, end, newest }) => ({
    partition,
    begin,
    end,
    rate: endRate(partitionName(topic, partition)),
    newest: newest?.time ?? null,
  }));
  const newest = latest(watched.map((one) => one.newest));
  return {
    topic,
    messages: sum(watched.map(({ begin, end }) => (end ?? 0) - (begin ?? 0))),
    rate: total(watched.map(({ rate }) => rate)),
    newest,
    latency: newest === null ? null : secondsTo(at, newest),
    partitions: watched,
  };
}

function groupOf(
  { group, state, type, members, committed }: GroupState,
  byTopic: ReadonlyMap<string, readonly PartitionState[]>,
  observed: Observed,
): WatchedGroup {
  const holders = new Map(
    members.flatMap(({ client, partitions }) =>
      partitions.map(({ topic, partition }) => [partitionName(topic, partition), client] as const),
    ),
  );
  const readings = [...byTopic].flatMap(([topic, partitions]): WatchedReading[] => {
    const names = partitions.map(({ partition }) => partitionName(topic, partition));
    if (!names.some((name) => committed.has(name) || holders.has(name))) return [];
    return [readingOf(topic, partitions, { group, committed, holders }, observed)];
  });
  return {
    group,
    state,
    type,
    members: members.map(({ member, client, host, partitions }) => ({
      member,
      client,
      host,
      partitions: partitions.length,
    })),
    topics: readings,
  };
}

function readingOf(
  topic: string,
  partitions: readonly PartitionState[],
  reader: {
    readonly group: string;
    readonly committed: ReadonlyMap<string, number>;
    readonly holders: ReadonlyMap<string, string>;
  },
  { at, commitRate, timeOf }: Observed,
): WatchedReading {
  const positions = partitions.map(({ partition, begin, end, newest }) => {
    const name = partitionName(topic, partition);
    const committed = reader.committed.get(name) ?? null;
    const lag = begin === null || end === null ? 0 : Math.max(0, end - Math.max(committed ?? begin, begin));
    const committedTime =
      committed === null || committed <= (begin ?? 0)
        ? null
        : newest && committed > newest.offset
          ? newest.time
          : (timeOf(name, committed - 1) ?? null);
    return {
      partition,
      committed,
      lag,
      rate: commitRate(reader.group, name),
      committedTime,
      // Where nothing waits, the age of the newest message is no delay: it grows while nothing comes.
      latency: lag === 0 || committedTime === null ? null : secondsTo(at, committedTime),
      client: reader.holders.get(name) ?? null,
    };
  });
  return {
    topic,
    lag: sum(positions.map(({ lag }) => lag)),
    rate: total(positions.map(({ rate }) => rate)),
    latency: latest(positions.map(({ latency }) => latency)),
    partitions: positions,
  };
}

const sum = (values: readonly number[]): number => values.reduce((left, right) => left + right, 0);

function total(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : sum(known);
}

function latest(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : Math.max(...known);
}

/** The clocks of the broker's clients and of this machine may differ by a little. */
const secondsTo = (at: number, time: number): number => Math.max(0, (at - time) / 1_000);
