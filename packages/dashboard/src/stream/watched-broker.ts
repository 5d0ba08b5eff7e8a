import { type AdminLogin, StreamWatch, type WatchedGroup, type WatchedTopic } from '@apf/connectors';
import type { TopicState } from '../page-api.js';
import type { BrokerState, StreamSource } from './stream-source.js';

/** A broker that can be administered: it tells which groups there are. */
export function watchedBroker(
  login: AdminLogin,
  wanted: {
    readonly topics?: readonly string[] | undefined;
    readonly groups?: readonly string[] | undefined;
  },
): StreamSource {
  const watch = new StreamWatch(login, wanted);
  return {
    servers: login.servers,
    look: async () => {
      const { topics, groups, unseen } = await watch.sample();
      const ends = new Map(
        topics.flatMap(({ topic, partitions }) =>
          partitions.map(({ partition, end }) => [`${topic} ${partition}`, end ?? 0] as const),
        ),
      );
      return {
        topics: topics.map(topicState),
        groups: groups.map((group) => groupState(group, ends)),
        unseen,
      };
    },
    close: () => watch.close(),
  };
}

function topicState({ topic, messages, rate, newest, partitions }: WatchedTopic): TopicState {
  return {
    name: topic,
    messages,
    rate,
    newest,
    partitions: partitions.map(({ partition, begin, end }) => ({
      partition,
      begin: begin ?? 0,
      end: end ?? 0,
    })),
  };
}

function groupState(
  { group, state, members, topics }: WatchedGroup,
  ends: ReadonlyMap<string, number>,
): BrokerState['groups'][number] {
  const rates = topics.flatMap(({ rate }) => (rate === null ? [] : [rate]));
  const latencies = topics.flatMap(({ latency }) => (latency === null ? [] : [latency]));
  return {
    name: group,
    state,
    members: members.length,
    lag: topics.reduce((sum, { lag }) => sum + lag, 0),
    rate: rates.length === 0 ? null : rates.reduce((sum, rate) => sum + rate, 0),
    latency: latencies.length === 0 ? null : Math.max(...latencies),
    partitions: topics.flatMap(({ topic, partitions }) =>
      partitions.map(({ partition, committed, lag }) => ({
        topic,
        partition,
        committed,
        lag,
        end: ends.get(`${topic} ${partition}`) ?? 0,
      })),
    ),
  };
}
