import type { Settings } from '@apf/core';

export default {
  CONSUMER_CONFIG: {
    CLASS: 'KafkaSchemalessConsumer',
    PARAMS: {
      'bootstrap.servers': 'localhost:9092',
      'group.id': 'correction',
      'auto.offset.reset': 'earliest',
    },
    TOPICS: 'sorting-hat',
    SCHEMA_PATH: '../schemas/epochs.avsc',
    'consume.messages': 100,
    'consume.timeout': 1,
  },
  PRODUCER_CONFIG: {
    CLASS: 'KafkaSchemalessProducer',
    PARAMS: { 'bootstrap.servers': 'localhost:9092' },
    TOPIC: 'correction',
    SCHEMA_PATH: '../schemas/epochs.avsc',
    KEY_FIELD: 'oid',
  },
} satisfies Settings;
