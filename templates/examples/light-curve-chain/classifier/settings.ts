import type { Settings } from '@apf/core';

export default {
  CONSUMER_CONFIG: {
    CLASS: 'KafkaSchemalessConsumer',
    PARAMS: {
      'bootstrap.servers': 'localhost:9092',
      'group.id': 'classifier',
      'auto.offset.reset': 'earliest',
    },
    TOPICS: 'light-curve',
    SCHEMA_PATH: '../schemas/light_curve.avsc',
    'consume.messages': 100,
    'consume.timeout': 1,
  },
  DB_CONFIG: { FILE_PATH: '../light-curves.sqlite' },
  PRODUCER_CONFIG: {
    CLASS: 'KafkaProducer',
    PARAMS: { 'bootstrap.servers': 'localhost:9092' },
    // Others read these: one topic a day, with the schema in every message.
    TOPIC_STRATEGY: {
      CLASS: 'DailyTopicStrategy',
      PARAMS: {
        topic_format: ['lc_classifier_%s'],
        date_format: '%Y%m%d',
        change_hour: 23,
        retention_days: 1,
      },
    },
    SCHEMA_PATH: '../schemas/lc_classifier.avsc',
    KEY_FIELD: 'oid',
  },
} satisfies Settings;
