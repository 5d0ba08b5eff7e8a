import type { Framing } from '../codecs/codec.js';
import type { Int64 } from '../codecs/decoder-source.js';
import type { DailyTopicParams } from '../topics/daily-topic-strategy.js';

/** Names and values for the Kafka client, as librdkafka documents them; or for a class of your own, what it wants. */
export type Params = Readonly<Record<string, unknown>>;

/** Which topics to read or write, by date or by a class of your own. */
export interface TopicStrategySettings {
  /** `DailyTopicStrategy`, APF's dotted path to it, or `./file.js#Name`. @default 'DailyTopicStrategy' */
  readonly CLASS?: string;
  readonly PARAMS: DailyTopicParams | Params;
}

export interface ConsumerSettings {
  /**
   * `KafkaConsumer`, `KafkaJsonConsumer`, `KafkaSchemalessConsumer`, `KafkaSchemalessRegistryConsumer`,
   * `AvroFileConsumer`, `JsonConsumer`, `CsvConsumer`, APF's dotted path to one of them, or `./file.js#Name`.
   * @default 'KafkaConsumer'
   */
  readonly CLASS?: string;
  /** Kafka: librdkafka's properties; `bootstrap.servers` and `group.id` are needed. */
  readonly PARAMS?: Params;
  /** Kafka: comma-separated text or a list of names and of regular expressions that begin with `^`. */
  readonly TOPICS?: string | readonly string[];
  /** Kafka: instead of TOPICS. */
  readonly TOPIC_STRATEGY?: TopicStrategySettings;
  /** Alerts in a batch. @default 1 */
  readonly 'consume.messages'?: number;
  /** Seconds that a batch waits to be full, from its first alert. @default 60 */
  readonly 'consume.timeout'?: number;
  /** APF's older name of `consume.messages`. */
  readonly NUM_MESSAGES?: number;
  /** APF's older name of `consume.timeout`. */
  readonly TIMEOUT?: number;
  /**
   * Kafka: times as milliseconds since 1970 or ISO text. `start` is for partitions without a commit; at `end` the step
   * stops, with `'latest'` at what each partition held when it started.
   */
  readonly offsets?: { readonly start?: number | string; readonly end?: number | string };
  /** Kafka: stop when every partition has been read to its end. @default false */
  readonly STOP_AT_END?: boolean;
  /** Kafka: attempts to commit; 0 is without end. @default 5 */
  readonly COMMIT_RETRY?: number;
  /** Kafka: `group.instance.id`, for static membership. */
  readonly GROUP_INSTANCE?: string;
  /** Kafka: leave an expiring topic at once, read or not. @default false */
  readonly DROP_UNREAD?: boolean;
  /** @default what CLASS implies, `container` for KafkaConsumer */
  readonly FRAMING?: Framing;
  /** A schema file (.avsc): the schema of `schemaless` messages. */
  readonly SCHEMA_PATH?: string;
  /** A folder of schema files named by their id, for `confluent`. */
  readonly SCHEMAS?: string;
  /** The schema registry's URL, for `confluent`. */
  readonly REGISTRY?: string;
  /** Decode only these fields of an alert. */
  readonly FIELDS?: readonly string[];
  /** What a 64-bit integer becomes; `number` refuses those that it cannot hold. @default 'bigint' */
  readonly INT64?: Int64;
  /** Whether bytes after an alert, and text that is not UTF-8, are errors. @default true */
  readonly STRICT?: boolean;
  /** Hand null messages to `execute` instead of skipping them. @default false */
  readonly TOMBSTONES?: boolean;
  /** Files: one file. */
  readonly FILE_PATH?: string;
  /** Files: a folder or a glob. */
  readonly DIRECTORY_PATH?: string;
  /** CSV: between two cells. @default a comma, a tab in .tsv files */
  readonly DELIMITER?: string;
  /** CSV: the columns that hold numbers, or true for all that look like one. @default false */
  readonly NUMBERS?: boolean | readonly string[];
}

export interface ProducerSettings {
  /**
   * `KafkaProducer`, `KafkaSchemalessProducer`, `KafkaJsonProducer`, `AvroFileProducer`, `JsonProducer`, `CsvProducer`,
   * `SlackProducer`, `SlackTableProducer`, `AnnotationProducer`,
   * APF's dotted path to one of them, or `./file.js#Name`. @default 'KafkaProducer'
   */
  readonly CLASS?: string;
  /**
   * Kafka: librdkafka's properties; `bootstrap.servers` is needed. Slack: `channel` (or a member) of results that name
   * none. Slack tables: `channels` (the file that lists them), `class` (the field that holds it), `columns`, `unknown`.
   */
  readonly PARAMS?: Params;
  /** Kafka: every result goes to all of them. */
  readonly TOPIC?: string | readonly string[];
  /** Kafka: instead of TOPIC; it gives exactly one topic. */
  readonly TOPIC_STRATEGY?: TopicStrategySettings;
  /** @default what CLASS implies, `container` for KafkaProducer */
  readonly FRAMING?: Framing;
  /** The Avro schema to write with (.avsc). */
  readonly SCHEMA_PATH?: string;
  /** The id to write in front of `confluent` messages. */
  readonly SCHEMA_ID?: number;
  /** The field of a result that is its Kafka key; a method `key(result)` of the step wins over it. */
  readonly KEY_FIELD?: string;
  /** Refuse a result with a field that the schema does not have. @default true for `schemaless`, as in APF */
  readonly STRICT?: boolean;
  /** Files: the file to write. */
  readonly FILE_PATH?: string;
  /** Avro files: a folder to write files to. */
  readonly DIRECTORY_PATH?: string;
}

/** Where messages go that cannot be processed. */
export interface DeadLetterSettings {
  /** `FolderDeadLetters`, `KafkaDeadLetters`, or `./file.js#Name`. @default 'FolderDeadLetters' */
  readonly CLASS?: string;
  /** The folder. @default './dead-letters' */
  readonly DIRECTORY_PATH?: string;
  /** Kafka: librdkafka's properties. */
  readonly PARAMS?: Params;
  /** Kafka: the topic. */
  readonly TOPIC?: string;
}

/** A field of the alerts to report; of a batch the values of all its alerts, in a list. */
export interface ExtraMetric {
  /** The field; `candidate.fid` is one inside another. */
  readonly key: string;
  /** What it is called in the document. @default the key */
  readonly alias?: string;
  /** Makes the value of what the alert has: `text`, `number`, `length`, or a method of the step, by its name. */
  readonly format?: string;
  /** Always this value. */
  readonly value?: unknown;
}

/** APF's metrics: a JSON document for each batch, sent once the batch is committed. */
export interface MetricsSettings {
  /**
   * `KafkaMetricsProducer`, `LogMetricsProducer` (to the step's log), APF's dotted path to one of them, or
   * `./file.js#Name`. @default 'KafkaMetricsProducer'
   */
  readonly CLASS?: string;
  /** Kafka: librdkafka's properties; `bootstrap.servers` is needed. APF's nested form, with TOPIC inside, is taken too. */
  readonly PARAMS?: Params;
  readonly TOPIC?: string;
  /** Instead of TOPIC; it gives exactly one topic. */
  readonly TOPIC_STRATEGY?: TopicStrategySettings;
  /** @default ['candid'] */
  readonly EXTRA_METRICS?: readonly (string | ExtraMetric)[];
}

/** How PostgreSQL is reached; what is left out is as libpq has it (`PGHOST` and the like, then its defaults). */
export interface DatabaseParams {
  readonly HOST?: string;
  /** @default 5432 */
  readonly PORT?: number;
  readonly USER?: string;
  readonly PASSWORD?: string;
  readonly DB_NAME?: string;
  /** Where tables are looked for and made. @default 'public' */
  readonly SCHEMA?: string;
  /** `verify-full` checks the server's certificate, `require` only encrypts. @default 'disable' */
  readonly SSL?: 'disable' | 'require' | 'verify-full';
  /** A file (.pem) with the authority that signed the server's certificate. */
  readonly SSL_CA?: string;
  /** Seconds after which the server gives up a statement, which is then tried again. @default 60 */
  readonly STATEMENT_TIMEOUT?: number;
}

/** The database that results and the rows of `context.db` are written to. */
export interface DatabaseSettings {
  /** @default 'sqlite' */
  readonly ENGINE?: 'sqlite' | 'postgres';
  /** SQLite: the file. @default './apf.sqlite' */
  readonly FILE_PATH?: string;
  /** PostgreSQL: how it is reached. */
  readonly PARAMS?: DatabaseParams;
  /** The table that results are written to, field by column; without it only `context.db` writes. */
  readonly TABLE?: string;
  /** The Avro schema of the results (.avsc): TABLE is made from it, with KEY, where the database has none of that name. */
  readonly SCHEMA_PATH?: string;
  /** The columns that tell the rows of TABLE apart. @default its primary key */
  readonly KEY?: string | readonly string[];
  /** What becomes of a row whose KEY is in TABLE already: the result's fields go over it, or it stays. @default 'update' */
  readonly ON_CONFLICT?: 'update' | 'ignore';
  /**
   * Who keeps how far the step has read. With `database` the offsets stand in the same transaction as the rows, and
   * the rows are there exactly once. @default 'broker'
   */
  readonly OFFSETS?: 'broker' | 'database';
  /** Drops alerts that were seen before, in any topic: `key` is a field of the alert, with dots for inner ones. */
  readonly UNIQUE?: {
    readonly key: string;
    /** Seconds for which an alert is remembered. @default 604800 (7 days) */
    readonly ttl?: number;
  };
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** What `settings.ts` exports: APF's own keys. Times are in seconds, as in APF. Plain data only. */
export interface Settings {
  readonly CONSUMER_CONFIG: ConsumerSettings;
  /** Where results go; without it they are dropped. */
  readonly PRODUCER_CONFIG?: ProducerSettings;
  /** Outputs for `context.produce(name, …)`. */
  readonly SIDE_OUTPUTS?: Readonly<Record<string, ProducerSettings>>;
  readonly DEAD_LETTERS?: DeadLetterSettings;
  /** The database; without it `context.db` does not write. */
  readonly DB_CONFIG?: DatabaseSettings;
  /** Whether to commit what is done; false reads the same alerts again at the next start. @default true */
  readonly COMMIT?: boolean;
  /** What happens to an alert for which `execute` keeps throwing. @default 'dead-letter' */
  readonly ON_ERROR?: 'dead-letter' | 'stop';
  /** Alerts of a `Step` that are executed at once; their results keep their order. @default 1 */
  readonly CONCURRENCY?: number;
  /** Processes of the step on this machine, which share its partitions. @default 1 */
  readonly WORKERS?: number;
  /** Seconds for finishing, flushing and committing when told to stop. @default 25 */
  readonly SHUTDOWN_TIMEOUT?: number;
  /** @default 'info' */
  readonly LOG_LEVEL?: LogLevel;
  /** APF's way to say LOG_LEVEL 'debug'. */
  readonly LOGGING_DEBUG?: boolean;
  /** Serve `/metrics` for Prometheus, `/health/live` and `/health/ready`. @default false */
  readonly PROMETHEUS?: boolean;
  /** The address to serve them at; `0.0.0.0` lets other machines in. @default '127.0.0.1' */
  readonly PROMETHEUS_HOST?: string;
  /** 0 is any free port. @default 8000 */
  readonly PROMETHEUS_PORT?: number;
  readonly METRICS_CONFIG?: MetricsSettings;
}
