import { FatalError } from '@apf/core';
import { ConfigResourceTypes, ConfigSources, ListOffsetTimestamps, type Admin } from '@platformatic/kafka';
import type { Run } from './admin-client.js';
import { brokerCode } from './admin-error.js';
import { checkTopicName } from './names.js';
import { until } from './until.js';

export interface TopicSpec {
  /** 1 where absent. */
  readonly partitions?: number;
  /** How many brokers keep each partition; 1 where absent. */
  readonly replicas?: number;
  /** Kafka's topic configuration, by its dotted names. */
  readonly config?: Readonly<Record<string, string>>;
}

export interface TopicSummary {
  readonly topic: string;
  readonly partitions: number;
  readonly replicas: number;
}

export interface PartitionDetails {
  readonly partition: number;
  /** A broker's id; -1 where there is none now. */
  readonly leader: number;
  readonly replicas: readonly number[];
  readonly inSync: readonly number[];
  /** The offset of the oldest message that is kept, and the one that the next will get. */
  readonly earliest: number;
  readonly latest: number;
}

export interface TopicDetails extends TopicSummary {
  readonly partitionDetails: readonly PartitionDetails[];
  /** What differs from the broker's own configuration. */
  readonly config: Readonly<Record<string, string>>;
}

/** What may be done with topics. Each resolves once the broker acts on it; a name that cannot be a topic's is a UsageError. */
export interface TopicAdmin {
  /** Kafka's own topics are left out. By name. */
  listTopics(): Promise<TopicSummary[]>;
  /** @throws FatalError (APF_TOPIC) where there is none. */
  describeTopic(name: string): Promise<TopicDetails>;
  /** Rejects where it is there already. */
  createTopic(name: string, spec?: TopicSpec): Promise<void>;
  /** False where it was there already, whatever its partitions and configuration. */
  ensureTopic(name: string, spec?: TopicSpec): Promise<boolean>;
  /** Rejects where there is none. */
  deleteTopic(name: string): Promise<void>;
  /** False where there was none. */
  dropTopic(name: string): Promise<boolean>;
  /** Forgets the records of a partition with offsets below `before`. */
  deleteRecords(topic: string, partition: number, before: number): Promise<void>;
}

export function topicAdmin(run: Run): TopicAdmin {
  const createTopic = async (name: string, spec: TopicSpec = {}): Promise<void> => {
    const { partitions = 1, replicas = 1, config = {} } = spec;
    await run(`topic ${checkTopicName(name)} could not be made`, async (admin) => {
      const configs = Object.entries(config).map(([key, value]) => ({ name: key, value }));
      await admin.createTopics({ topics: [name], partitions, replicas, configs });
      await until(async () => {
        const { topics } = await admin.metadata({ topics: [name], forceUpdate: true });
        const made = topics.get(name)?.partitions ?? [];
        return made.length === partitions && made.every(({ leader }) => leader >= 0);
      });
    });
  };
  const deleteTopic = async (name: string): Promise<void> => {
    await run(`topic ${checkTopicName(name)} could not be deleted`, async (admin) => {
      await admin.deleteTopics({ topics: [name] });
      await until(async () => !(await admin.listTopics()).includes(name));
    });
  };
  /** False where the broker answers with `code`. */
  const unless = async (code: string, work: Promise<void>): Promise<boolean> => {
    try {
      await work;
      return true;
    } catch (error) {
      if (brokerCode(error) === code) return false;
      throw error;
    }
  };

  return {
    createTopic,
    deleteTopic,
    ensureTopic: (name, spec) => unless('TOPIC_ALREADY_EXISTS', createTopic(name, spec)),
    dropTopic: (name) => unless('UNKNOWN_TOPIC_OR_PARTITION', deleteTopic(name)),

    listTopics: () =>
      run('topics could not be listed', async (admin) => {
        const names = (await admin.listTopics()).sort();
        if (names.length === 0) return [];
        const { topics } = await admin.metadata({ topics: names });
        return names.flatMap((topic) => {
          const partitions = topics.get(topic)?.partitions;
          return partitions === undefined
            ? []
            : [{ topic, partitions: partitions.length, replicas: partitions[0]?.replicas.length ?? 0 }];
        });
      }),

    describeTopic: async (topic) =>
      run(`topic ${checkTopicName(topic)} could not be described`, async (admin) => {
        if (!(await admin.listTopics({ includeInternals: true })).includes(topic)) {
          throw new FatalError(`there is no topic '${topic}'`, { code: 'APF_TOPIC' });
        }
        const { topics } = await admin.metadata({ topics: [topic] });
        const partitions = topics.get(topic)?.partitions ?? [];
        const [earliest, latest] = [
          await offsets(admin, topic, partitions.length, ListOffsetTimestamps.EARLIEST),
          await offsets(admin, topic, partitions.length, ListOffsetTimestamps.LATEST),
        ];
        return {
          topic,
          partitions: partitions.length,
          replicas: partitions[0]?.replicas.length ?? 0,
          partitionDetails: partitions.map(({ leader, replicas, isr }, partition) => ({
            partition,
            leader,
            replicas,
            inSync: isr,
            earliest: earliest.get(partition) ?? 0,
            latest: latest.get(partition) ?? 0,
          })),
          config: await ownConfig(admin, topic),
        };
      }),

    deleteRecords: (topic, partition, before) =>
      run(`records of ${topic} could not be deleted`, async (admin) => {
        const partitions = [{ partition, offset: BigInt(before) }];
        await admin.deleteRecords({ topics: [{ name: topic, partitions }] });
      }),
  };
}

/**
 * The offsets of partitions 0 to `count` - 1 at a time.
 * @param timestamp milliseconds since 1970, or one of Kafka's marks. A partition without a message since then is left out.
 */
export async function offsets(
  admin: Admin,
  topic: string,
  count: number,
  timestamp: bigint,
): Promise<Map<number, number>> {
  const partitions = Array.from({ length: count }, (_, partitionIndex) => ({ partitionIndex, timestamp }));
  const [found] = await admin.listOffsets({ topics: [{ name: topic, partitions }] });
  return new Map(
    (found?.partitions ?? []).flatMap(({ partitionIndex, offset }) =>
      offset < 0n ? [] : [[partitionIndex, Number(offset)] as const],
    ),
  );
}

/** How many partitions a topic has that exists. */
export async function partitionsOf(admin: Admin, topic: string): Promise<number> {
  const { topics } = await admin.metadata({ topics: [topic] });
  return topics.get(topic)?.partitions.length ?? 0;
}

async function ownConfig(admin: Admin, topic: string): Promise<Record<string, string>> {
  const [described] = await admin.describeConfigs({
    resources: [{ resourceType: ConfigResourceTypes.TOPIC, resourceName: topic }],
  });
  return Object.fromEntries(
    (described?.configs ?? []).flatMap(({ name, value, configSource, isSensitive }) =>
      configSource === ConfigSources.TOPIC_CONFIG && !isSensitive ? [[name, value ?? '']] : [],
    ),
  );
}
