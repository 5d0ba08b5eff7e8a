/** APF's own variables, as its steps read them, and what is often set for one run only. */
export const FORMER_VARIABLES: Readonly<Record<string, readonly string[]>> = {
  CONSUMER_SERVER: ['CONSUMER_CONFIG', 'PARAMS', 'bootstrap.servers'],
  CONSUMER_GROUP_ID: ['CONSUMER_CONFIG', 'PARAMS', 'group.id'],
  CONSUMER_KAFKA_USERNAME: ['CONSUMER_CONFIG', 'PARAMS', 'sasl.username'],
  CONSUMER_KAFKA_PASSWORD: ['CONSUMER_CONFIG', 'PARAMS', 'sasl.password'],
  CONSUMER_SECURITY_PROTOCOL: ['CONSUMER_CONFIG', 'PARAMS', 'security.protocol'],
  CONSUMER_SASL_MECHANISM: ['CONSUMER_CONFIG', 'PARAMS', 'sasl.mechanism'],
  ENABLE_PARTITION_EOF: ['CONSUMER_CONFIG', 'PARAMS', 'enable.partition.eof'],
  CONSUMER_TOPICS: ['CONSUMER_CONFIG', 'TOPICS'],
  TOPIC_STRATEGY_FORMAT: ['CONSUMER_CONFIG', 'TOPIC_STRATEGY', 'PARAMS', 'topic_format'],
  CONSUME_MESSAGES: ['CONSUMER_CONFIG', 'consume.messages'],
  CONSUME_TIMEOUT: ['CONSUMER_CONFIG', 'consume.timeout'],
  PRODUCER_SERVER: ['PRODUCER_CONFIG', 'PARAMS', 'bootstrap.servers'],
  PRODUCER_KAFKA_USERNAME: ['PRODUCER_CONFIG', 'PARAMS', 'sasl.username'],
  PRODUCER_KAFKA_PASSWORD: ['PRODUCER_CONFIG', 'PARAMS', 'sasl.password'],
  PRODUCER_SECURITY_PROTOCOL: ['PRODUCER_CONFIG', 'PARAMS', 'security.protocol'],
  PRODUCER_SASL_MECHANISM: ['PRODUCER_CONFIG', 'PARAMS', 'sasl.mechanism'],
  PRODUCER_MESSAGE_MAX_BYTES: ['PRODUCER_CONFIG', 'PARAMS', 'message.max.bytes'],
  PRODUCER_TOPIC: ['PRODUCER_CONFIG', 'TOPIC'],
  PRODUCER_TOPIC_FORMAT: ['PRODUCER_CONFIG', 'TOPIC_STRATEGY', 'PARAMS', 'topic_format'],
  PRODUCER_DATE_FORMAT: ['PRODUCER_CONFIG', 'TOPIC_STRATEGY', 'PARAMS', 'date_format'],
  PRODUCER_CHANGE_HOUR: ['PRODUCER_CONFIG', 'TOPIC_STRATEGY', 'PARAMS', 'change_hour'],
  PRODUCER_RETENTION_DAYS: ['PRODUCER_CONFIG', 'TOPIC_STRATEGY', 'PARAMS', 'retention_days'],
  PROMETHEUS: ['PROMETHEUS'],
  WORKERS: ['WORKERS'],
  LOGGING_DEBUG: ['LOGGING_DEBUG'],
  LOG_LEVEL: ['LOG_LEVEL'],
};

/** APF's steps use these where only a user name and a password are given. */
export const FORMER_SECURITY = { 'security.protocol': 'SASL_SSL', 'sasl.mechanism': 'SCRAM-SHA-512' };
