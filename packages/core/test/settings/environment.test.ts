import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  loadSettings,
  printableSettings,
  UsageError,
  type Environment,
  type LoadedSettings,
  type Settings,
} from '@apf/core';

const PARAMS = { 'bootstrap.servers': 'localhost:9092', 'group.id': 'sn' };
const kafka = { CONSUMER_CONFIG: { PARAMS, TOPICS: 'ztf' } } satisfies Settings;
const SASL = {
  ...PARAMS,
  'security.protocol': 'SASL_PLAINTEXT',
  'sasl.mechanism': 'SCRAM-SHA-256',
  'sasl.username': 'me',
};
const sasl = { CONSUMER_CONFIG: { PARAMS: SASL, TOPICS: 'ztf' } };
const PASSWORD = 'APF__CONSUMER_CONFIG__PARAMS__SASL_PASSWORD';

const load = (settings: unknown, environment: Environment): LoadedSettings['settings'] =>
  loadSettings(settings, environment).settings;
const line = (settings: unknown, environment: Environment): string => {
  try {
    loadSettings(settings, environment);
  } catch (error) {
    expect(error).toBeInstanceOf(UsageError);
    return (error as Error).message;
  }
  return 'no error';
};
const file = (text: string): string => {
  const path = join(mkdtempSync(join(tmpdir(), 'apf-settings-')), 'value');
  writeFileSync(path, text);
  return path;
};

describe('the environment', () => {
  it('wins over settings.ts, with __ between levels and _ for dots', () => {
    const settings = load(kafka, {
      APF__CONSUMER_CONFIG__PARAMS__BOOTSTRAP_SERVERS: 'broker:9093',
      APF__CONSUMER_CONFIG__PARAMS__QUEUED_MAX_MESSAGES_KBYTES: '131072',
      APF__CONSUMER_CONFIG__CONSUME_MESSAGES: '500',
      APF__CONSUMER_CONFIG__OFFSETS__START: '2026-03-15T00:00Z',
      APF__CONSUMER_CONFIG__OFFSETS__END: '1773532800000',
      APF__CONSUMER_CONFIG__FIELDS: 'objectId, candid',
      APF__ON_ERROR: 'stop',
      APF__SHUTDOWN_TIMEOUT: '7.5',
    });
    expect(settings.CONSUMER_CONFIG).toMatchObject({
      PARAMS: {
        'bootstrap.servers': 'broker:9093',
        'group.id': 'sn',
        'queued.max.messages.kbytes': '131072',
      },
      'consume.messages': 500,
      offsets: { start: '2026-03-15T00:00Z', end: 1_773_532_800_000 },
      FIELDS: ['objectId', 'candid'],
    });
    expect(settings).toMatchObject({ ON_ERROR: 'stop', SHUTDOWN_TIMEOUT: 7.5 });
  });

  it('names a database and its password', () => {
    const written = {
      ...kafka,
      DB_CONFIG: { ENGINE: 'sqlite', TABLE: 'detection', UNIQUE: { key: 'candid' } },
    };
    const settings = load(written, {
      APF__DB_CONFIG__ENGINE: 'Postgres',
      APF__DB_CONFIG__PARAMS__PORT: '5433',
      APF__DB_CONFIG__PARAMS__DB_NAME: 'alerts',
      APF__DB_CONFIG__PARAMS__PASSWORD_FILE: file('hunter2\n'),
      APF__DB_CONFIG__UNIQUE__TTL: '3600',
    });
    expect(settings.DB_CONFIG).toEqual({
      ENGINE: 'postgres',
      PARAMS: { PORT: 5433, DB_NAME: 'alerts', PASSWORD: 'hunter2' },
      TABLE: 'detection',
      OFFSETS: 'broker',
      UNIQUE: { key: 'candid', ttl: 3600 },
    });
    expect(printableSettings(settings)).not.toContain('hunter2');
  });

  it("knows APF's own variables; ours win over them", () => {
    const settings = load(
      {},
      {
        CONSUMER_SERVER: 'a:1',
        CONSUMER_GROUP_ID: 'g',
        CONSUMER_TOPICS: 'ztf, atlas',
        CONSUME_MESSAGES: '100',
        CONSUME_TIMEOUT: '0',
        PRODUCER_SERVER: 'b:1',
        PRODUCER_TOPIC: 'out',
        PRODUCER_MESSAGE_MAX_BYTES: '6291456',
        APF__PRODUCER_CONFIG__SCHEMA_PATH: 'out.avsc',
        APF__CONSUMER_CONFIG__PARAMS__GROUP_ID: 'ours',
        LOGGING_DEBUG: 'True',
      },
    );
    expect(settings.CONSUMER_CONFIG).toMatchObject({
      PARAMS: { 'bootstrap.servers': 'a:1', 'group.id': 'ours' },
      TOPICS: 'ztf, atlas',
      'consume.messages': 100,
      'consume.timeout': 0,
    });
    expect(settings.PRODUCER_CONFIG).toMatchObject({
      PARAMS: { 'bootstrap.servers': 'b:1', 'message.max.bytes': '6291456' },
      TOPIC: 'out',
    });
    expect(settings.LOG_LEVEL).toBe('debug');
  });

  it('makes of a user name and a password what APF makes of them', () => {
    const environment = { CONSUMER_KAFKA_USERNAME: 'me', CONSUMER_KAFKA_PASSWORD: 'hunter2' };
    expect(load(kafka, environment).CONSUMER_CONFIG.PARAMS).toEqual({
      ...PARAMS,
      'security.protocol': 'SASL_SSL',
      'sasl.mechanism': 'SCRAM-SHA-512',
      'sasl.username': 'me',
      'sasl.password': 'hunter2',
    });
    expect(load(sasl, environment).CONSUMER_CONFIG.PARAMS['sasl.mechanism']).toBe('SCRAM-SHA-256');
  });

  it('builds a daily strategy from variables alone', () => {
    const settings = load(
      { CONSUMER_CONFIG: { PARAMS, TOPICS: 'ztf' }, PRODUCER_CONFIG: { PARAMS, SCHEMA_PATH: 'a.avsc' } },
      {
        TOPIC_STRATEGY_FORMAT: 'ztf_%s_programid1',
        PRODUCER_TOPIC_FORMAT: 'lc_classifier_%s',
        PRODUCER_CHANGE_HOUR: '23',
        PRODUCER_RETENTION_DAYS: '1',
        APF__CONSUMER_CONFIG__TOPIC_STRATEGY__PARAMS__TIMEZONE: 'America/Santiago',
      },
    );
    expect(settings.CONSUMER_CONFIG).not.toHaveProperty('TOPICS');
    expect(settings.CONSUMER_CONFIG.TOPIC_STRATEGY).toEqual({
      CLASS: 'DailyTopicStrategy',
      PARAMS: { topic_format: 'ztf_%s_programid1', timezone: 'America/Santiago' },
    });
    expect(settings.PRODUCER_CONFIG?.TOPIC_STRATEGY?.PARAMS).toEqual({
      topic_format: 'lc_classifier_%s',
      change_hour: 23,
      retention_days: 1,
    });
  });

  it('replaces the strategy of the file by topics, and refuses both from the environment', () => {
    const daily = { CONSUMER_CONFIG: { PARAMS, TOPIC_STRATEGY: { PARAMS: { topic_format: 'ztf_%s' } } } };
    expect(load(daily, { CONSUMER_TOPICS: 'ztf' }).CONSUMER_CONFIG).toMatchObject({ TOPICS: 'ztf' });
    expect(line(daily, { CONSUMER_TOPICS: 'ztf', TOPIC_STRATEGY_FORMAT: 'a_%s' })).toBe(
      'settings: CONSUMER_CONFIG has both TOPICS and TOPIC_STRATEGY; remove one of them',
    );
  });

  it('reaches side outputs by their name, however it is written', () => {
    const scribe = { PARAMS, TOPIC: 'w_object', FRAMING: 'json' };
    const settings = load(
      { ...kafka, SIDE_OUTPUTS: { 'lc-scribe': scribe } },
      { APF__SIDE_OUTPUTS__LC_SCRIBE__TOPIC: 'other' },
    );
    expect(settings.SIDE_OUTPUTS['lc-scribe']?.TOPIC).toBe('other');
  });

  it.each([
    ['False', false],
    ['0', false],
    ['no', false],
    ['off', false],
    ['True', true],
    ['1', true],
    ['yes', true],
  ])('reads %s as %s', (text, expected) => {
    expect(load(kafka, { APF__COMMIT: text }).COMMIT).toBe(expected);
  });

  it('makes True and False in PARAMS booleans, and leaves digits text', () => {
    const { PARAMS: params } = load(kafka, {
      ENABLE_PARTITION_EOF: 'False',
      APF__CONSUMER_CONFIG__PARAMS__CLIENT_ID: '007',
    }).CONSUMER_CONFIG;
    expect(params).toMatchObject({ 'enable.partition.eof': false, 'client.id': '007' });
  });

  it('takes an empty variable for none', () => {
    expect(load(kafka, { APF__COMMIT: '', CONSUMER_SERVER: '' })).toEqual(load(kafka, {}));
  });

  it('leaves variables of others alone', () => {
    expect(load(kafka, { APF_HEARTBEAT: '/tmp/x', METRICS_TOPIC: 'm', PATH: '/bin' })).toEqual(
      load(kafka, {}),
    );
  });

  describe('with _FILE', () => {
    it('reads the value from a file, without its last line break', () => {
      const read = (text: string): unknown =>
        load(sasl, { [`${PASSWORD}_FILE`]: file(text) }).CONSUMER_CONFIG.PARAMS['sasl.password'];
      expect(read('hunter2\n')).toBe('hunter2');
      expect(read('hunter2\r\n')).toBe('hunter2');
      expect(read(' hunter\n2\n\n')).toBe(' hunter\n2\n');
      expect(load(kafka, { CONSUMER_SERVER_FILE: file('a:1\n') }).CONSUMER_CONFIG.PARAMS).toMatchObject({
        'bootstrap.servers': 'a:1',
      });
    });

    it('refuses a file that is not there, one that is empty, and a value given twice', () => {
      expect(line(sasl, { [`${PASSWORD}_FILE`]: '/nowhere/password' })).toBe(
        `settings: ${PASSWORD}_FILE names /nowhere/password, which cannot be read (ENOENT)`,
      );
      const empty = file('\n');
      expect(line(sasl, { [`${PASSWORD}_FILE`]: empty })).toBe(
        `settings: ${PASSWORD}_FILE names ${empty}, which is empty`,
      );
      expect(line(sasl, { [`${PASSWORD}_FILE`]: file('x'), [PASSWORD]: 'hunter2' })).toBe(
        `settings: ${PASSWORD} and ${PASSWORD}_FILE are both set; unset one of them`,
      );
    });

    it("leaves librdkafka's own properties that end in .file as they are", () => {
      const name = 'APF__CONSUMER_CONFIG__PARAMS__SASL_OAUTHBEARER_ASSERTION_FILE';
      expect(load(kafka, { [name]: '/nowhere' }).CONSUMER_CONFIG.PARAMS).toMatchObject({
        'sasl.oauthbearer.assertion.file': '/nowhere',
      });
    });
  });

  it.each<[Environment, string]>([
    [
      { APF__CONSUMR_CONFIG__TOPICS: 'x' },
      "APF__CONSUMR_CONFIG__TOPICS is not a setting; did you mean 'CONSUMER_CONFIG'?",
    ],
    [
      { APF__CONSUMER_CONFIG__CONSUME_MESAGES: '5' },
      "APF__CONSUMER_CONFIG__CONSUME_MESAGES is not a setting; did you mean 'CONSUME_MESSAGES'?",
    ],
    [
      { APF__CONSUMER_CONFIG: 'x' },
      "APF__CONSUMER_CONFIG names a group of settings; go on with '__' and one of its keys",
    ],
    [{ APF__COMMIT__NOW: 'x' }, 'APF__COMMIT__NOW: COMMIT has no settings of its own'],
    [
      { APF__CONSUMER_CONFIG__ADD_TOPIC: '1' },
      "APF__CONSUMER_CONFIG__ADD_TOPIC is not taken; remove it: the topic is at hand as 'context.topic', the alert itself is never changed",
    ],
    [
      { CONSUME_MESSAGES: 'ten' },
      'CONSUMER_CONFIG.consume.messages (from CONSUME_MESSAGES) must be a whole number from 1 on, not "ten"',
    ],
    [{ APF__COMMIT: 'maybe' }, 'COMMIT (from APF__COMMIT) must be true or false, not "maybe"'],
    [
      { CONFIG_FROM_YAML: '1' },
      'CONFIG_FROM_YAML is not read; write settings.ts, or set single settings as APF__CONSUMER_CONFIG__…',
    ],
  ])('refuses %j in one line', (environment, message) => {
    expect(line(kafka, environment)).toBe(`settings: ${message}`);
  });
});

describe('secrets', () => {
  const SECRETS = {
    'sasl.password': 'hunter2-a',
    'ssl.key.password': 'hunter2-b',
    'ssl.keystore.password': 'hunter2-c',
    'ssl.key.pem': 'hunter2-d',
    'sasl.oauthbearer.client.secret': 'hunter2-e',
    'sasl.oauthbearer.config': 'hunter2-f',
    'plugin.api_key': 'hunter2-g',
    access_token: 'hunter2-h',
    'db.pasword': 'hunter2-j',
  };

  it('are hidden wherever settings are printed', () => {
    const { settings } = loadSettings(
      {
        CONSUMER_CONFIG: {
          PARAMS: { ...SASL, ...SECRETS },
          TOPICS: 'ztf',
          REGISTRY: 'https://me:hunter2-i@registry',
        },
        SIDE_OUTPUTS: { scribe: { PARAMS: { ...SASL, ...SECRETS }, TOPIC: 't', FRAMING: 'json' } },
      },
      {},
    );
    const printed = printableSettings(settings);
    expect(printed).not.toContain('hunter2');
    expect(JSON.parse(printed)).toMatchObject({
      CONSUMER_CONFIG: {
        PARAMS: { 'sasl.username': 'me', 'sasl.password': '[hidden]' },
        REGISTRY: 'https://[hidden]@registry',
      },
    });
  });

  it('warn when they stand in settings.ts, and not when they came from the environment', () => {
    const literal = { CONSUMER_CONFIG: { PARAMS: { ...SASL, 'sasl.password': 'hunter2' }, TOPICS: 'ztf' } };
    expect(loadSettings(literal, {}).warnings).toEqual([
      `settings: CONSUMER_CONFIG.PARAMS.sasl.password stands in settings.ts itself; move it to the environment or to .env as ${PASSWORD}`,
    ]);
    expect(loadSettings(literal, { MY_PASSWORD: 'hunter2' }).warnings).toEqual([]);
    expect(loadSettings(sasl, { [PASSWORD]: 'hunter2' }).warnings).toEqual([]);
    expect(loadSettings(sasl, { [`${PASSWORD}_FILE`]: file('hunter2\n') }).warnings).toEqual([]);
  });

  it('do not show in the error for a wrong value', () => {
    const wrong = { CONSUMER_CONFIG: { PARAMS: { ...SASL, 'sasl.password': ['hunter2'] }, TOPICS: 'ztf' } };
    expect(line(wrong, {})).toBe(
      'settings: CONSUMER_CONFIG.PARAMS.sasl.password must be text, a number, true or false',
    );
    expect(
      line({ CONSUMER_CONFIG: { ...kafka.CONSUMER_CONFIG, REGISTRY: 'ftp://me:hunter2@host' } }, {}),
    ).toBe(
      'settings: CONSUMER_CONFIG.REGISTRY must be a URL such as \'https://registry.example.org\', not "ftp://[hidden]@host"',
    );
  });
});
