import {
  DailyTopicStrategy,
  type DailyTopicParams,
  FixedTopics,
  strategyClass,
  type TopicStrategy,
  type TopicStrategySettings,
} from '@apf/core';
import { type Custom, instantiate } from './load-class.js';

/** The topics of a consumer or a producer, from its TOPICS (or TOPIC) or its TOPIC_STRATEGY; one of them is there. */
export async function topicStrategy(
  topics: string | readonly string[] | undefined,
  settings: TopicStrategySettings | undefined,
  path: string,
  custom: Custom,
): Promise<TopicStrategy> {
  if (topics !== undefined || settings === undefined)
    return new FixedTopics(topics ?? [], `settings: ${path}`);
  const where = `${path}.TOPIC_STRATEGY`;
  const named = strategyClass(settings.CLASS ?? 'DailyTopicStrategy', `${where}.CLASS`);
  if (named.kind === 'daily') {
    return new DailyTopicStrategy(settings.PARAMS as DailyTopicParams, `settings: ${where}.PARAMS`);
  }
  const methods = ['topics', 'nextChange'] as const;
  return instantiate<TopicStrategy>(named, `${where}.CLASS`, methods, [settings.PARAMS], custom);
}
