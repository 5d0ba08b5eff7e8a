import { loadSettings, UsageError, type Environment, type ResolvedSettings, type Settings } from '@apf/core';

const PARAMS = { 'bootstrap.servers': 'localhost:9092', 'group.id': 'sn' };
const kafka = { CONSUMER_CONFIG: { PARAMS, TOPICS: 'ztf' } } satisfies Settings;
const PRODUCER = { PARAMS: { 'bootstrap.servers': 'localhost:9092' }, TOPIC: 'sn', SCHEMA_PATH: 'sn.avsc' };

const load = (settings: unknown, environment: Environment = {}): ResolvedSettings =>
  loadSettings(settings, environment).settings;

/** A copy of `kafka` with some keys of CONSUMER_CONFIG replaced. */
const consumer = (changes: object): unknown => ({
  CONSUMER_CONFIG: { ...kafka.CONSUMER_CONFIG, ...changes },
});

const line = (settings: unknown, environment: Environment = {}): string => {
  try {
    loadSettings(settings, environment);
  } catch (error) {
    expect(error).toBeInstanceOf(UsageError);
    expect((error as UsageError).code).toBe('APF_SETTINGS');
    expect((error as Error).message).not.toContain('\n');
    return (error as Error).message;
  }
  return 'no error';
};

describe('loadSettings', () => {
  it('fills in every default', () => {
    expect(load(kafka)).toEqual({
      CONSUMER_CONFIG: {
        CLASS: 'KafkaConsumer',
        PARAMS,
        TOPICS: 'ztf',
        'consume.messages': 1,
        'consume.timeout': 60,
        STOP_AT_END: false,
        COMMIT_RETRY: 5,
        DROP_UNREAD: false,
        FRAMING: 'container',
        INT64: 'bigint',
        STRICT: true,
        TOMBSTONES: false,
      },
      SIDE_OUTPUTS: {},
      DEAD_LETTERS: { CLASS: 'FolderDeadLetters', DIRECTORY_PATH: './dead-letters', PARAMS: {} },
      COMMIT: true,
      ON_ERROR: 'dead-letter',
      CONCURRENCY: 1,
      WORKERS: 1,
      SHUTDOWN_TIMEOUT: 25,
      PROMETHEUS: false,
      PROMETHEUS_HOST: '127.0.0.1',
      PROMETHEUS_PORT: 8000,
      LOG_LEVEL: 'info',
    });
  });

  it("takes the blocks of ALeRCE's document, pasted with their quotes and %s", () => {
    const document = {
      CONSUMER_CONFIG: {
        PARAMS: {
          'bootstrap.servers': '52.72.162.197:9093',
          'group.id': 'sample_group_SN_STEP',
          'security.protocol': 'SASL_PLAINTEXT',
          'sasl.mechanism': 'SCRAM-SHA-256',
          'sasl.username': 'my_username',
          'sasl.password': 'my_password',
          'auto.offset.reset': 'earliest',
        },
        TOPIC_STRATEGY: {
          CLASS: 'apf.core.topic_management.DailyTopicStrategy',
          PARAMS: {
            topic_format: ['stamp_classifier_%s'],
            date_format: '%Y%m%d',
            change_hour: 23,
            retention_days: 2,
          },
        },
      },
    } satisfies Settings;
    const { settings, warnings } = loadSettings(document, {});
    expect(settings.CONSUMER_CONFIG.TOPIC_STRATEGY).toEqual(document.CONSUMER_CONFIG.TOPIC_STRATEGY);
    expect(settings.CONSUMER_CONFIG.PARAMS).toEqual(document.CONSUMER_CONFIG.PARAMS);
    expect(warnings).toEqual([
      'settings: CONSUMER_CONFIG.PARAMS.sasl.password stands in settings.ts itself; ' +
        'move it to the environment or to .env as APF__CONSUMER_CONFIG__PARAMS__SASL_PASSWORD',
    ]);
  });

  it('never changes the object that it is given, and skips keys that are undefined', () => {
    const written = Object.freeze({ ...kafka, COMMIT: undefined, PRODUCER_CONFIG: undefined });
    const settings = load(written, { CONSUMER_SERVER: 'other:9092' });
    expect(settings.COMMIT).toBe(true);
    expect(settings).not.toHaveProperty('PRODUCER_CONFIG');
    expect(kafka.CONSUMER_CONFIG.PARAMS['bootstrap.servers']).toBe('localhost:9092');
  });

  it("takes APF's older keys", () => {
    const settings = load(consumer({ NUM_MESSAGES: 100, TIMEOUT: 10, COMMIT_RETRY: 0 }));
    expect(settings.CONSUMER_CONFIG).toMatchObject({
      'consume.messages': 100,
      'consume.timeout': 10,
      COMMIT_RETRY: 0,
    });
    expect(settings.CONSUMER_CONFIG).not.toHaveProperty('NUM_MESSAGES');
  });

  it.each([
    ['apf.consumers.KafkaConsumer', 'container'],
    ['apf.consumers.KafkaJsonConsumer', 'json'],
    ['apf.consumers.kafka.KafkaSchemalessConsumer', 'schemaless'],
    ['KafkaSchemalessRegistryConsumer', 'confluent'],
    ['apf.consumers.AVROFileConsumer', 'container'],
    ['AvroFileConsumer', 'container'],
    ['apf.consumers.JSONConsumer', 'json'],
    ['apf.consumers.CSVConsumer', 'json'],
    ['./source.js#MySource', 'container'],
  ])('knows the consumer %s, framing %s', (CLASS, framing) => {
    const changes = { CLASS, SCHEMA_PATH: 'a.avsc', SCHEMAS: 'schemas', FILE_PATH: 'a' };
    expect(load(consumer(changes)).CONSUMER_CONFIG.FRAMING).toBe(framing);
  });

  it.each([
    ['apf.producers.KafkaProducer', 'container'],
    ['apf.producers.kafka.KafkaSchemalessProducer', 'schemaless'],
    ['apf.producers.JSONProducer', 'json'],
    ['apf.producers.CSVProducer', 'json'],
    ['AvroFileProducer', 'container'],
  ])('knows the producer %s, framing %s', (CLASS, framing) => {
    const PRODUCER_CONFIG = { ...PRODUCER, CLASS, FILE_PATH: 'out' };
    expect(load({ ...kafka, PRODUCER_CONFIG }).PRODUCER_CONFIG?.FRAMING).toBe(framing);
  });

  it('checks side outputs as it checks the producer', () => {
    expect(load({ ...kafka, SIDE_OUTPUTS: { scribe: PRODUCER } }).SIDE_OUTPUTS.scribe).toMatchObject({
      CLASS: 'KafkaProducer',
      STRICT: false,
      FRAMING: 'container',
    });
    expect(line({ ...kafka, SIDE_OUTPUTS: { scribe: { ...PRODUCER, TOPC: 'x' } } })).toBe(
      "settings: SIDE_OUTPUTS.scribe.TOPC is not a setting; did you mean 'TOPIC'?",
    );
    expect(line({ ...kafka, SIDE_OUTPUTS: { 'a b': PRODUCER } })).toBe(
      'settings: SIDE_OUTPUTS.a b is no name for an output; use letters, digits, underscore and dash',
    );
  });

  it('is strict by default where APF is: with schemaless producers', () => {
    const of = (changes: object): unknown =>
      load({ ...kafka, PRODUCER_CONFIG: { ...PRODUCER, ...changes } }).PRODUCER_CONFIG?.STRICT;
    expect(of({})).toBe(false);
    expect(of({ CLASS: 'KafkaSchemalessProducer' })).toBe(true);
    expect(of({ CLASS: 'KafkaSchemalessProducer', STRICT: false })).toBe(false);
  });

  it('lets a strategy of your own have parameters of its own', () => {
    const TOPIC_STRATEGY = { CLASS: './nights.js#Nights', PARAMS: { site: { name: 'Paranal' } } };
    expect(load(consumer({ TOPICS: undefined, TOPIC_STRATEGY })).CONSUMER_CONFIG.TOPIC_STRATEGY).toEqual(
      TOPIC_STRATEGY,
    );
  });

  it("makes LOGGING_DEBUG the log level 'debug'", () => {
    expect(load({ ...kafka, LOGGING_DEBUG: true }).LOG_LEVEL).toBe('debug');
    expect(load({ ...kafka, LOGGING_DEBUG: true, LOG_LEVEL: 'warn' }).LOG_LEVEL).toBe('warn');
  });
});

describe('one line for each mistake', () => {
  it.each<[string, unknown, string]>([
    ['no object', [], 'settings.ts must have an object as its default export'],
    ['top key', { ...kafka, COMIT: true }, "COMIT is not a setting; did you mean 'COMMIT'?"],
    ['case', { ...kafka, commit: true }, "commit is not a setting; did you mean 'COMMIT'?"],
    [
      'nested key',
      consumer({ 'consume.mesages': 5 }),
      "CONSUMER_CONFIG.consume.mesages is not a setting; did you mean 'consume.messages'?",
    ],
    [
      'other spelling',
      consumer({ consume_messages: 5 }),
      "CONSUMER_CONFIG.consume_messages is not a setting; did you mean 'consume.messages'?",
    ],
    [
      'nothing near',
      consumer({ offsets: { zzzzzz: 1 } }),
      'CONSUMER_CONFIG.offsets.zzzzzz is not a setting; the keys here are start, end',
    ],
    [
      'strategy key',
      consumer({ TOPICS: undefined, TOPIC_STRATEGY: { PARAMS: { topic_format: 'a_%s', retention: 2 } } }),
      'CONSUMER_CONFIG.TOPIC_STRATEGY.PARAMS.retention is not a setting; ' +
        'the keys here are topic_format, date_format, change_hour, retention_days, timezone',
    ],
    [
      'librdkafka property',
      consumer({ PARAMS: { ...PARAMS, 'sasl.pasword': 'hunter2' } }),
      "CONSUMER_CONFIG.PARAMS.sasl.pasword is not a property of librdkafka; did you mean 'sasl.password'?",
    ],
    [
      'both spellings',
      consumer({ NUM_MESSAGES: 1, 'consume.messages': 2 }),
      'CONSUMER_CONFIG.consume.messages is given twice, once by its older name NUM_MESSAGES; remove one of them',
    ],
    ['not an object', { CONSUMER_CONFIG: 'kafka' }, 'CONSUMER_CONFIG must be an object, { … }'],
    [
      'zero',
      consumer({ 'consume.messages': 0 }),
      'CONSUMER_CONFIG.consume.messages must be a whole number from 1 on, not 0',
    ],
    [
      'text for a number',
      consumer({ 'consume.messages': '100' }),
      'CONSUMER_CONFIG.consume.messages must be a whole number from 1 on, not "100"',
    ],
    [
      'negative time-out',
      consumer({ 'consume.timeout': -1 }),
      'CONSUMER_CONFIG.consume.timeout must be a number of seconds, 0 or more, not -1',
    ],
    ['text for a boolean', { ...kafka, COMMIT: 'no' }, 'COMMIT must be true or false, not "no"'],
    ['null', { ...kafka, COMMIT: null }, 'COMMIT must be true or false, not null'],
    [
      'object for a value',
      { ...kafka, COMMIT: { a: { b: 1 } } },
      'COMMIT must be true or false, not {"a":{"b":1}}',
    ],
    [
      'wrong word',
      { ...kafka, ON_ERROR: 'skip' },
      "ON_ERROR must be one of 'dead-letter', 'stop', not \"skip\"",
    ],
    [
      'time',
      consumer({ offsets: { start: 'yesterday' } }),
      'CONSUMER_CONFIG.offsets.start must be milliseconds since 1970 or an ISO time such as \'2026-03-15T00:00Z\', not "yesterday"',
    ],
    [
      'two mistakes',
      { ...kafka, COMMIT: 1, CONCURRENCY: 0.5 },
      'COMMIT must be true or false, not 1 (and 1 more wrong)',
    ],
    [
      'a function for CLASS',
      consumer({ CLASS: class Mine {} }),
      "CONSUMER_CONFIG.CLASS is a function; name the class: './file.js#Name'",
    ],
    [
      'a Map',
      consumer({ PARAMS: new Map() }),
      'CONSUMER_CONFIG.PARAMS is a Map; settings hold plain data only (text, numbers, booleans, lists, objects); functions are methods of the step',
    ],
    [
      'unknown class',
      consumer({ CLASS: 'apf.consumers.KafkaConsumr' }),
      "CONSUMER_CONFIG.CLASS names no class of apf, 'apf.consumers.KafkaConsumr'; did you mean 'KafkaConsumer'? A class of your own is written './file.js#KafkaConsumr'",
    ],
    [
      'unknown strategy',
      consumer({
        TOPICS: undefined,
        TOPIC_STRATEGY: { CLASS: 'DailyTopics', PARAMS: { topic_format: 'a_%s' } },
      }),
      "CONSUMER_CONFIG.TOPIC_STRATEGY.CLASS names no class of apf, 'DailyTopics'; ours are DailyTopicStrategy. A class of your own is written './file.js#DailyTopics'",
    ],
    [
      'no broker',
      consumer({ PARAMS: { 'group.id': 'sn' } }),
      "CONSUMER_CONFIG.PARAMS.bootstrap.servers is missing: write the broker as 'host:port', several with commas between, or set APF__CONSUMER_CONFIG__PARAMS__BOOTSTRAP_SERVERS",
    ],
    [
      'no group',
      consumer({ PARAMS: { 'bootstrap.servers': 'x:1' } }),
      'CONSUMER_CONFIG.PARAMS.group.id is missing: write the name of your consumer group, with the prefix that the broker gave you, or set APF__CONSUMER_CONFIG__PARAMS__GROUP_ID',
    ],
    [
      'no password',
      consumer({
        PARAMS: {
          ...PARAMS,
          'security.protocol': 'SASL_PLAINTEXT',
          'sasl.mechanism': 'SCRAM-SHA-256',
          'sasl.username': 'me',
        },
      }),
      'CONSUMER_CONFIG.PARAMS.sasl.password is missing: set APF__CONSUMER_CONFIG__PARAMS__SASL_PASSWORD in the environment or in .env, or APF__CONSUMER_CONFIG__PARAMS__SASL_PASSWORD_FILE to a file',
    ],
    [
      'a password without SASL',
      consumer({ PARAMS: { ...PARAMS, 'sasl.password': 'hunter2' } }),
      "CONSUMER_CONFIG.PARAMS.security.protocol must be 'SASL_SSL' or 'SASL_PLAINTEXT' for 'sasl.password' to be used, not null",
    ],
    [
      'a list in PARAMS',
      consumer({ PARAMS: { ...PARAMS, 'client.id': ['a'] } }),
      'CONSUMER_CONFIG.PARAMS.client.id must be text, a number, true or false, not ["a"]',
    ],
    [
      'auto commit',
      consumer({ PARAMS: { ...PARAMS, 'enable.auto.commit': true } }),
      'CONSUMER_CONFIG.PARAMS.enable.auto.commit is not taken; remove it: offsets are committed when results are confirmed',
    ],
    [
      'glob',
      consumer({ TOPICS: 'stamp_classifier_*' }),
      "CONSUMER_CONFIG.TOPICS: 'stamp_classifier_*' is not a topic name; write the regular expression '^stamp_classifier_.*'",
    ],
    [
      'no topics',
      consumer({ TOPICS: undefined }),
      'CONSUMER_CONFIG.TOPICS is missing: name the topics, or a TOPIC_STRATEGY',
    ],
    [
      'topics and strategy',
      consumer({ TOPIC_STRATEGY: { PARAMS: { topic_format: 'a_%s' } } }),
      'CONSUMER_CONFIG has both TOPICS and TOPIC_STRATEGY; remove one of them',
    ],
    [
      'strategy',
      consumer({
        TOPICS: undefined,
        TOPIC_STRATEGY: { PARAMS: { topic_format: 'a_%s', date_format: '%V' } },
      }),
      "CONSUMER_CONFIG.TOPIC_STRATEGY.PARAMS: date_format '%V' uses %V, which is not supported; a date can be made of %Y %y %m %d %j %b %B %a %A %U %W %u %w",
    ],
    [
      'schemaless without a schema',
      consumer({ FRAMING: 'schemaless' }),
      'CONSUMER_CONFIG.SCHEMA_PATH is missing: schemaless messages are read with the schema in a file (.avsc)',
    ],
    [
      'confluent without a registry',
      consumer({ FRAMING: 'confluent' }),
      "CONSUMER_CONFIG reads confluent messages: name the 'REGISTRY', or a folder of schemas with 'SCHEMAS'",
    ],
    [
      'framing against class',
      consumer({ CLASS: 'KafkaJsonConsumer', FRAMING: 'container' }),
      "CONSUMER_CONFIG.FRAMING 'container' does not go with CLASS 'KafkaJsonConsumer', which is 'json'",
    ],
    [
      'registry',
      consumer({ REGISTRY: 'registry.example.org' }),
      'CONSUMER_CONFIG.REGISTRY must be a URL such as \'https://registry.example.org\', not "registry.example.org"',
    ],
    [
      'files without a path',
      consumer({ CLASS: 'AvroFileConsumer' }),
      "CONSUMER_CONFIG reads files: name one with 'FILE_PATH', or a folder with 'DIRECTORY_PATH'",
    ],
    [
      'a producer without a topic',
      { ...kafka, PRODUCER_CONFIG: { ...PRODUCER, TOPIC: undefined } },
      'PRODUCER_CONFIG.TOPIC is missing: name the topics, or a TOPIC_STRATEGY',
    ],
    [
      'a producer with a regular expression',
      { ...kafka, PRODUCER_CONFIG: { ...PRODUCER, TOPIC: '^sn' } },
      "PRODUCER_CONFIG.TOPIC '^sn' is a regular expression; write the name of a topic",
    ],
    [
      'fields of JSON',
      consumer({ FRAMING: 'json', FIELDS: ['objectId'] }),
      'CONSUMER_CONFIG.FIELDS is for Avro alone: JSON is parsed whole; leave it out',
    ],
    [
      'a JSON producer without a file',
      { ...kafka, PRODUCER_CONFIG: { CLASS: 'JsonProducer', DIRECTORY_PATH: 'out' } },
      'PRODUCER_CONFIG.FILE_PATH is missing: name the file to write',
    ],
    [
      'an Avro producer without a file',
      { ...kafka, PRODUCER_CONFIG: { CLASS: 'AvroFileProducer' } },
      "PRODUCER_CONFIG.FILE_PATH is missing: name the file to write, or a folder as 'DIRECTORY_PATH'",
    ],
    [
      'a producer without a schema',
      { ...kafka, PRODUCER_CONFIG: { ...PRODUCER, SCHEMA_PATH: undefined } },
      'PRODUCER_CONFIG.SCHEMA_PATH is missing: results are written as Avro with the schema in a file (.avsc)',
    ],
    [
      'a confluent producer without an id',
      { ...kafka, PRODUCER_CONFIG: { ...PRODUCER, FRAMING: 'confluent' } },
      "PRODUCER_CONFIG.SCHEMA_ID is missing: confluent messages begin with their schema's number in the registry",
    ],
    [
      'dead letters without a topic',
      { ...kafka, DEAD_LETTERS: { CLASS: 'KafkaDeadLetters', PARAMS } },
      'DEAD_LETTERS.TOPIC is missing: write the topic for dead letters',
    ],
    [
      'databases',
      { ...kafka, DB_CONFIG: { URL: 'postgres://me:hunter2@db' } },
      'DB_CONFIG.URL is not a setting; the keys here are ENGINE, FILE_PATH, PARAMS, TABLE, SCHEMA_PATH, KEY, ON_CONFLICT, OFFSETS, UNIQUE',
    ],
    [
      'a server for SQLite',
      { ...kafka, DB_CONFIG: { PARAMS: { PASSWORD: 'hunter2' } } },
      "DB_CONFIG.PARAMS is for ENGINE 'postgres'; SQLite has a file alone: name it with 'FILE_PATH'",
    ],
    [
      'a file for PostgreSQL',
      { ...kafka, DB_CONFIG: { ENGINE: 'postgres', FILE_PATH: 'x.sqlite' } },
      "DB_CONFIG.FILE_PATH is for ENGINE 'sqlite'; a PostgreSQL server is named with 'PARAMS'",
    ],
    [
      'an authority that nobody asks',
      { ...kafka, DB_CONFIG: { ENGINE: 'postgres', PARAMS: { SSL: 'require', SSL_CA: 'ca.pem' } } },
      "DB_CONFIG.PARAMS.SSL must be 'verify-full' for 'SSL_CA' to be used",
    ],
    [
      'a key of no table',
      { ...kafka, DB_CONFIG: { KEY: 'candid' } },
      "DB_CONFIG.KEY says how results are written: name their table with 'TABLE', or leave it out",
    ],
    [
      'a schema of no table',
      { ...kafka, DB_CONFIG: { SCHEMA_PATH: 'result.avsc', KEY: 'candid' } },
      "DB_CONFIG.KEY says how results are written: name their table with 'TABLE', or leave it out",
    ],
    [
      'a table to be made without a key',
      { ...kafka, DB_CONFIG: { TABLE: 'result', SCHEMA_PATH: 'result.avsc' } },
      "DB_CONFIG.KEY is missing: a table made from 'SCHEMA_PATH' needs the fields that tell its rows apart",
    ],
    [
      'offsets of files',
      {
        CONSUMER_CONFIG: { CLASS: 'JsonConsumer', FILE_PATH: 'x.jsonl' },
        DB_CONFIG: { OFFSETS: 'database' },
      },
      "DB_CONFIG.OFFSETS 'database' is for topics: a file of the same name may hold other alerts tomorrow, which would be passed over; leave it out",
    ],
    [
      'offsets that are kept and not kept',
      { ...kafka, COMMIT: false, DB_CONFIG: { OFFSETS: 'database' } },
      "COMMIT is false, so that nothing is to be remembered: leave out DB_CONFIG.OFFSETS 'database'",
    ],
    [
      'a transaction of a side output',
      { ...kafka, SIDE_OUTPUTS: { x: { ...PRODUCER, PARAMS: { ...PARAMS, 'transactional.id': 't' } } } },
      'SIDE_OUTPUTS.x.PARAMS.transactional.id is not taken: PRODUCER_CONFIG alone writes in transactions; leave it out',
    ],
    [
      'offsets in two places',
      {
        ...kafka,
        PRODUCER_CONFIG: { ...PRODUCER, PARAMS: { ...PARAMS, 'transactional.id': 't' } },
        DB_CONFIG: { OFFSETS: 'database' },
      },
      "PRODUCER_CONFIG.PARAMS.transactional.id and DB_CONFIG.OFFSETS 'database' would both keep the offsets; leave one of them out",
    ],
    [
      'unique alerts without a key',
      { ...kafka, DB_CONFIG: { UNIQUE: { ttl: 60 } } },
      "DB_CONFIG.UNIQUE.key is missing: name the field that tells alerts apart, 'candid' say",
    ],
    [
      'metrics without a broker',
      { ...kafka, METRICS_CONFIG: { TOPIC: 'metrics' } },
      "METRICS_CONFIG.PARAMS.bootstrap.servers is missing: write the broker as 'host:port', several with commas between, or set APF__METRICS_CONFIG__PARAMS__BOOTSTRAP_SERVERS",
    ],
    [
      'metrics with a misspelt key',
      {
        ...kafka,
        METRICS_CONFIG: { CLASS: 'LogMetricsProducer', EXTRA_METRICS: [{ key: 'oid', alais: 'o' }] },
      },
      "METRICS_CONFIG.EXTRA_METRICS[0].alais is not a setting; did you mean 'alias'?",
    ],
    [
      'metrics of no field',
      { ...kafka, METRICS_CONFIG: { CLASS: 'LogMetricsProducer', EXTRA_METRICS: ['candid', { value: 1 }] } },
      'METRICS_CONFIG.EXTRA_METRICS[1].key is missing: write the field of the alerts',
    ],
    [
      'metrics with a format that is no name',
      {
        ...kafka,
        METRICS_CONFIG: { CLASS: 'LogMetricsProducer', EXTRA_METRICS: [{ key: 'oid', format: 1 }] },
      },
      'METRICS_CONFIG.EXTRA_METRICS[0].format must be text',
    ],
    [
      'workers that would all read the same files',
      { CONSUMER_CONFIG: { CLASS: 'AvroFileConsumer', FILE_PATH: 'a.avro' }, WORKERS: 2 },
      'WORKERS is 2, but each process would read all the files of CONSUMER_CONFIG; set it to 1',
    ],
    [
      'workers that would all write one file',
      { ...kafka, SIDE_OUTPUTS: { log: { CLASS: 'JsonProducer', FILE_PATH: 'out' } }, WORKERS: 2 },
      'WORKERS is 2, but a file has one writer: set it to 1, or let SIDE_OUTPUTS.log produce to Kafka',
    ],
    [
      'a port that is none',
      { ...kafka, PROMETHEUS_PORT: 80_000 },
      'PROMETHEUS_PORT must be a port from 0 (any free one) to 65535, not 80000',
    ],
    [
      'ADD_TOPIC',
      consumer({ ADD_TOPIC: true }),
      "CONSUMER_CONFIG.ADD_TOPIC is not taken; remove it: the topic is at hand as 'context.topic', the alert itself is never changed",
    ],
    [
      'STEP_CONFIG',
      { STEP_CONFIG: kafka },
      "STEP_CONFIG is not taken; write its keys directly, without 'STEP_CONFIG'",
    ],
  ])('%s', (_, settings, message) => {
    expect(line(settings)).toBe(`settings: ${message}`);
    expect(line(settings)).not.toContain('hunter2');
  });

  it('refuses a daily producer with several topics', () => {
    const TOPIC_STRATEGY = { PARAMS: { topic_format: ['a_%s', 'b_%s'] } };
    expect(line({ ...kafka, PRODUCER_CONFIG: { ...PRODUCER, TOPIC: undefined, TOPIC_STRATEGY } })).toBe(
      `settings: PRODUCER_CONFIG.TOPIC_STRATEGY.PARAMS: a producer writes to one topic, so its 'topic_format' must be one name, not ["a_%s","b_%s"]`,
    );
  });

  it("takes APF's metrics, nested as it has them, and variables", () => {
    const nested = {
      CLASS: 'apf.metrics.KafkaMetricsProducer',
      EXTRA_METRICS: [{ key: 'candid', format: 'text' }, 'oid'],
      PARAMS: { PARAMS: { 'bootstrap.servers': 'localhost:9092' }, TOPIC: 'metrics' },
    };
    const { PARAMS: client, TOPIC } = nested.PARAMS;
    const { METRICS_CONFIG, WORKERS, PROMETHEUS } = load(
      { ...kafka, METRICS_CONFIG: nested },
      { APF__METRICS_CONFIG__PARAMS__CLIENT_ID: 'sn', WORKERS: '3', PROMETHEUS: 'true' },
    );
    expect({ WORKERS, PROMETHEUS }).toEqual({ WORKERS: 3, PROMETHEUS: true });
    expect(METRICS_CONFIG).toEqual({
      ...nested,
      TOPIC,
      PARAMS: { ...client, 'client.id': 'sn' },
    });
    expect(load({ ...kafka, METRICS_CONFIG: { CLASS: 'LogMetricsProducer' } }).METRICS_CONFIG).toEqual({
      CLASS: 'LogMetricsProducer',
      PARAMS: {},
      EXTRA_METRICS: ['candid'],
    });
  });
});
