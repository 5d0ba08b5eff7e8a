import type { Settings } from '@apf/core';

export default {
  CONSUMER_CONFIG: {
    CLASS: 'KafkaSchemalessConsumer',
    PARAMS: {
      'bootstrap.servers': 'localhost:9092',
      'group.id': 'light_curve',
      'auto.offset.reset': 'earliest',
    },
    TOPICS: 'correction',
    SCHEMA_PATH: '../schemas/epochs.avsc',
    'consume.messages': 100,
    'consume.timeout': 1,
  },
  DB_CONFIG: { FILE_PATH: '../light-curves.sqlite' },
  PRODUCER_CONFIG: {
    CLASS: 'KafkaSchemalessProducer',
    PARAMS: { 'bootstrap.servers': 'localhost:9092' },
    TOPIC: 'light-curve',
    SCHEMA_PATH: '../schemas/light_curve.avsc',
    KEY_FIELD: 'oid',
  },
} satisfies Settings;
