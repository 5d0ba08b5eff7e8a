import type { TopicPartition } from '@apf/core';
import type { TopicPartitions } from './consumer-client.js';

/** The partitions of these topics, and of those that match where they are expressions (`^…`). */
export function partitionsOf(topics: readonly string[], existing: TopicPartitions): TopicPartition[] {
  const matches = topics.map((topic) => (topic.startsWith('^') ? new RegExp(topic) : topic));
  return [...existing]
    .filter(([name]) =>
      matches.some((match) => (typeof match === 'string' ? match === name : match.test(name))),
    )
    .flatMap(([, partitions]) => partitions);
}
