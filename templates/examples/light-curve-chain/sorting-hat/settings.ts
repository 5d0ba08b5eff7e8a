import type { Settings } from '@apf/core';

export default {
  CONSUMER_CONFIG: {
    CLASS: 'KafkaConsumer',
    PARAMS: {
      'bootstrap.servers': 'localhost:9092',
      'group.id': 'sorting_hat',
      'auto.offset.reset': 'earliest',
    },
    TOPICS: 'ztf',
    'consume.messages': 100,
    'consume.timeout': 1,
  },
  DB_CONFIG: { FILE_PATH: '../light-curves.sqlite' },
  PRODUCER_CONFIG: {
    CLASS: 'KafkaSchemalessProducer',
    PARAMS: { 'bootstrap.servers': 'localhost:9092' },
    TOPIC: 'sorting-hat',
    SCHEMA_PATH: '../schemas/epochs.avsc',
    // All that is said of an object goes to one partition, in its order.
    KEY_FIELD: 'oid',
  },
} satisfies Settings;
