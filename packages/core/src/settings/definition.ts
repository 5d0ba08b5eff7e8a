import type { Kind } from './kinds.js';
import * as kinds from './kinds.js';

/** One setting. */
export interface Leaf {
  readonly kind: Kind;
  readonly default?: unknown;
}

/** PARAMS: its keys are not ours. `client` ones are librdkafka's, with dots in their names. */
export interface Params {
  readonly params: 'client' | 'strategy';
}

/** Settings under one key. */
export interface Section {
  readonly keys: Readonly<Record<string, Definition>>;
}

/** Settings under names that the user chooses. */
export interface Named {
  readonly each: Section;
}

export type Definition = Leaf | Params | Section | Named;

const leaf = (kind: Kind, standard?: unknown): Leaf => ({ kind, default: standard });

/** What DailyTopicStrategy takes; a strategy of the step's own takes what it wants. */
export const DAILY_PARAMS: Readonly<Record<string, Leaf>> = {
  topic_format: leaf(kinds.textOrTexts),
  date_format: leaf(kinds.text),
  change_hour: leaf(kinds.wholeFrom(0)),
  retention_days: leaf(kinds.wholeFrom(1)),
  timezone: leaf(kinds.text),
};

const framing = leaf(kinds.oneOf('container', 'schemaless', 'confluent', 'json', 'schema-in-key'));

const strategy: Section = {
  keys: { CLASS: leaf(kinds.text, 'DailyTopicStrategy'), PARAMS: { params: 'strategy' } },
};

const client: Params = { params: 'client' };

const consumer: Section = {
  keys: {
    CLASS: leaf(kinds.text, 'KafkaConsumer'),
    PARAMS: client,
    TOPICS: leaf(kinds.textOrTexts),
    TOPIC_STRATEGY: strategy,
    'consume.messages': leaf(kinds.wholeFrom(1), 1),
    'consume.timeout': leaf(kinds.seconds, 60),
    offsets: { keys: { start: leaf(kinds.startTime), end: leaf(kinds.endTime) } },
    STOP_AT_END: leaf(kinds.flag, false),
    COMMIT_RETRY: leaf(kinds.wholeFrom(0), 5),
    GROUP_INSTANCE: leaf(kinds.text),
    DROP_UNREAD: leaf(kinds.flag, false),
    FRAMING: framing,
    SCHEMA_PATH: leaf(kinds.text),
    SCHEMAS: leaf(kinds.text),
    REGISTRY: leaf(kinds.url),
    FIELDS: leaf(kinds.texts),
    INT64: leaf(kinds.oneOf('bigint', 'string', 'number'), 'bigint'),
    STRICT: leaf(kinds.flag, true),
    TOMBSTONES: leaf(kinds.flag, false),
    FILE_PATH: leaf(kinds.text),
    DIRECTORY_PATH: leaf(kinds.text),
    DELIMITER: leaf(kinds.delimiter),
    NUMBERS: leaf(kinds.flagOrTexts),
  },
};

const producer: Section = {
  keys: {
    CLASS: leaf(kinds.text, 'KafkaProducer'),
    PARAMS: client,
    TOPIC: leaf(kinds.textOrTexts),
    TOPIC_STRATEGY: strategy,
    FRAMING: framing,
    SCHEMA_PATH: leaf(kinds.text),
    SCHEMA_ID: leaf(kinds.wholeFrom(0)),
    KEY_FIELD: leaf(kinds.text),
    STRICT: leaf(kinds.flag),
    FILE_PATH: leaf(kinds.text),
    DIRECTORY_PATH: leaf(kinds.text),
  },
};

const deadLetters: Section = {
  keys: {
    CLASS: leaf(kinds.text, 'FolderDeadLetters'),
    DIRECTORY_PATH: leaf(kinds.text, './dead-letters'),
    PARAMS: client,
    TOPIC: leaf(kinds.text),
  },
};

const metrics: Section = {
  keys: {
    CLASS: leaf(kinds.text, 'KafkaMetricsProducer'),
    PARAMS: client,
    TOPIC: leaf(kinds.text),
    TOPIC_STRATEGY: strategy,
    EXTRA_METRICS: leaf(kinds.metrics, ['candid']),
  },
};

const database: Section = {
  keys: {
    ENGINE: leaf(kinds.oneOf('sqlite', 'postgres'), 'sqlite'),
    FILE_PATH: leaf(kinds.text),
    PARAMS: {
      keys: {
        HOST: leaf(kinds.text),
        PORT: leaf(kinds.wholeFrom(1)),
        USER: leaf(kinds.text),
        PASSWORD: leaf(kinds.text),
        DB_NAME: leaf(kinds.text),
        SCHEMA: leaf(kinds.text),
        SSL: leaf(kinds.oneOf('disable', 'require', 'verify-full')),
        SSL_CA: leaf(kinds.text),
        STATEMENT_TIMEOUT: leaf(kinds.seconds),
      },
    },
    TABLE: leaf(kinds.text),
    SCHEMA_PATH: leaf(kinds.text),
    KEY: leaf(kinds.textOrTexts),
    ON_CONFLICT: leaf(kinds.oneOf('update', 'ignore')),
    OFFSETS: leaf(kinds.oneOf('broker', 'database'), 'broker'),
    UNIQUE: { keys: { key: leaf(kinds.text), ttl: leaf(kinds.seconds) } },
  },
};

/** Every setting there is. */
export const SETTINGS: Section = {
  keys: {
    CONSUMER_CONFIG: consumer,
    PRODUCER_CONFIG: producer,
    SIDE_OUTPUTS: { each: producer },
    DEAD_LETTERS: deadLetters,
    METRICS_CONFIG: metrics,
    DB_CONFIG: database,
    COMMIT: leaf(kinds.flag, true),
    ON_ERROR: leaf(kinds.oneOf('dead-letter', 'stop'), 'dead-letter'),
    CONCURRENCY: leaf(kinds.wholeFrom(1), 1),
    WORKERS: leaf(kinds.wholeFrom(1), 1),
    SHUTDOWN_TIMEOUT: leaf(kinds.seconds, 25),
    PROMETHEUS: leaf(kinds.flag, false),
    PROMETHEUS_HOST: leaf(kinds.text, '127.0.0.1'),
    PROMETHEUS_PORT: leaf(kinds.port, 8000),
    LOG_LEVEL: leaf(kinds.oneOf('debug', 'info', 'warn', 'error')),
    LOGGING_DEBUG: leaf(kinds.flag, false),
  },
};
