/** What is in a cluster and who reads it, at one moment. Times are in ms since 1970, rates in messages per second. */
export interface StreamSnapshot {
  /** When the broker was asked, by this machine's clock. */
  readonly at: number;
  /** By name; Kafka's own are left out. */
  readonly topics: readonly WatchedTopic[];
  /** By name. */
  readonly groups: readonly WatchedGroup[];
  /** What could not be seen, and why: a line each. Empty where all that was asked for was told. */
  readonly unseen: readonly string[];
}

export interface WatchedTopic {
  readonly topic: string;
  /** How many messages are kept, transaction markers included. */
  readonly messages: number;
  /** How fast messages come; null at the first look. */
  readonly rate: number | null;
  /** The latest timestamp of a message; null where there is none, or the broker (before 3.0) cannot tell. */
  readonly newest: number | null;
  /** Seconds from `newest` to the snapshot. */
  readonly latency: number | null;
  readonly partitions: readonly WatchedPartition[];
}

export interface WatchedPartition {
  readonly partition: number;
  /** The offset of the oldest message that is kept, and the one that the next will get; null without a leader. */
  readonly begin: number | null;
  readonly end: number | null;
  readonly rate: number | null;
  readonly newest: number | null;
}

export interface WatchedGroup {
  readonly group: string;
  /** `STABLE`, `EMPTY`, `PREPARING_REBALANCE`, … */
  readonly state: string;
  /** `classic`, or `consumer` for the protocol of KIP-848. */
  readonly type: string;
  readonly members: readonly WatchedMember[];
  /** Those of the watched topics of which it has committed a partition, or a member holds one. */
  readonly topics: readonly WatchedReading[];
}

export interface WatchedMember {
  readonly member: string;
  readonly client: string;
  readonly host: string;
  /** How many partitions it holds, of any topic. */
  readonly partitions: number;
}

/** A group in a topic. */
export interface WatchedReading {
  readonly topic: string;
  /** Messages from what is committed to the end; from the oldest on in a partition of which nothing is committed. */
  readonly lag: number;
  /** How fast its commits advance; null at the first look. */
  readonly rate: number | null;
  /**
   * Seconds from the timestamp of the newest committed message to the snapshot: that of the partition most behind. Null
   * where nothing waits (lag 0), or where it is not known.
   */
  readonly latency: number | null;
  readonly partitions: readonly WatchedPosition[];
}

export interface WatchedPosition {
  readonly partition: number;
  /** The next offset that the group will read; null where it has committed none. */
  readonly committed: number | null;
  readonly lag: number;
  readonly rate: number | null;
  /**
   * The timestamp of the newest committed message; null where none is. Messages are not read to learn it: the broker is
   * asked for offsets by time until it is known to a second or to 5 % of its age.
   */
  readonly committedTime: number | null;
  /** Seconds from `committedTime` to the snapshot; null where nothing waits (lag 0), or where it is not known. */
  readonly latency: number | null;
  /** The client that holds the partition. */
  readonly client: string | null;
}

/** A snapshot's sums, as they are kept for a while. */
export interface StreamMoment {
  readonly at: number;
  readonly topics: readonly Pick<WatchedTopic, 'topic' | 'messages' | 'rate' | 'latency'>[];
  readonly groups: readonly (Pick<WatchedReading, 'topic' | 'lag' | 'rate' | 'latency'> & {
    readonly group: string;
  })[];
}

export function momentOf({ at, topics, groups }: StreamSnapshot): StreamMoment {
  return {
    at,
    topics: topics.map(({ topic, messages, rate, latency }) => ({ topic, messages, rate, latency })),
    groups: groups.flatMap(({ group, topics: readings }) =>
      readings.map(({ topic, lag, rate, latency }) => ({ group, topic, lag, rate, latency })),
    ),
  };
}
