export {
  consumerClass,
  type CustomClass,
  deadLetterClass,
  metricsClass,
  producerClass,
  strategyClass,
} from './class-names.js';
export type { Environment } from './environment.js';
export { type LoadedSettings, loadSettings } from './load-settings.js';
export type {
  ResolvedConsumer,
  ResolvedDatabase,
  ResolvedDeadLetters,
  ResolvedMetrics,
  ResolvedProducer,
  ResolvedSettings,
} from './resolved-settings.js';
export { nearest } from './nearest.js';
export { LIBRDKAFKA_PROPERTIES } from './librdkafka-properties.js';
export { HIDDEN, isSecretKey, printableSettings, secretsIn } from './secrets.js';
export type {
  ConsumerSettings,
  DatabaseParams,
  DatabaseSettings,
  DeadLetterSettings,
  ExtraMetric,
  LogLevel,
  MetricsSettings,
  ProducerSettings,
  Settings,
  TopicStrategySettings,
} from './settings.js';
