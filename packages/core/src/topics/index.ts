export { currentTopic } from './current-topic.js';
export { DailyTopicStrategy, type DailyTopicParams } from './daily-topic-strategy.js';
export { describeTopics } from './describe-topics.js';
export { FixedTopics } from './fixed-topics.js';
export { topicNameProblem } from './topic-name.js';
