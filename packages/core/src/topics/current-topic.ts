import type { TopicStrategy } from '../contracts.js';
import { UsageError } from '../errors.js';
import { DailyTopicStrategy } from './daily-topic-strategy.js';
import { isRegex } from './topic-name.js';

/**
 * The one topic that a producer with this strategy writes to now.
 * @throws UsageError where the strategy gives none, several, or a regular expression.
 */
export function currentTopic(strategy: TopicStrategy, now: Date): string {
  if (strategy instanceof DailyTopicStrategy) return strategy.current(now);
  const [topic, ...others] = strategy.topics(now);
  if (topic === undefined || others.length > 0 || isRegex(topic)) {
    throw new UsageError(
      `a producer writes to one topic, but its TOPIC_STRATEGY gives ${JSON.stringify(strategy.topics(now))}`,
      { code: 'APF_SETTINGS' },
    );
  }
  return topic;
}
