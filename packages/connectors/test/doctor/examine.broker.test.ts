import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { loadSettings, type Settings } from '@apf/core';
import { examine } from '../../src/doctor/examine.js';
import type { Finding } from '../../src/doctor/finding.js';
import { onRealKafka, uniqueName } from '../cluster/test-cluster.js';
import { closeSinks, produce } from '../kafka/kafka-fixture.js';
import { temporaryFolder } from '../wiring/temporary-folder.js';

afterEach(closeSinks);

/** The answer to a Metadata request of version 12: one broker, 7, which says that it is at 127.0.0.1:1. */
function metadata(request: Buffer): Buffer {
  const int = (value: number): Buffer => {
    const bytes = Buffer.alloc(4);
    bytes.writeInt32BE(value);
    return bytes;
  };
  const host = Buffer.from('127.0.0.1');
  const body = Buffer.concat([
    // Which request it answers, no tags, not throttled, a list of one.
    ...[request.subarray(8, 12), Buffer.from([0]), int(0), Buffer.from([2])],
    ...[int(7), Buffer.from([host.length + 1]), host, int(1), Buffer.from([0, 0])],
    // No name of the cluster, its controller, no topics, no tags.
    ...[Buffer.from([0]), int(7), Buffer.from([1]), Buffer.from([0])],
  ]);
  return Buffer.concat([int(body.length), body]);
}

onRealKafka('acl', 'apf doctor', (kafka) => {
  const user = uniqueName('reader');
  const prefix = uniqueName('survey').replace(/\d/g, 'x');
  const [alerts, empty, garbage] = [`${prefix}_alerts`, `${prefix}_empty`, `${prefix}_garbage`];

  beforeAll(async () => {
    for (const topic of [alerts, empty, garbage]) await kafka.createTopic(topic);
    await produce(kafka.bootstrapServers, alerts, ['{"objectId":"ZTF1"}']);
    await produce(kafka.bootstrapServers, garbage, ['{"objectId":']);
    await kafka.addUser(user, 'secret');
    await kafka.allow({ user, topic: prefix, group: prefix, prefix: true, operations: ['READ', 'DESCRIBE'] });
  });

  async function findings(changes: {
    params?: Record<string, string>;
    topics?: string;
    more?: Partial<Settings>;
  }): Promise<Finding[]> {
    const written: Settings = {
      CONSUMER_CONFIG: {
        CLASS: 'KafkaJsonConsumer',
        PARAMS: {
          'bootstrap.servers': kafka.saslServers,
          'group.id': `${prefix}_step`,
          'security.protocol': 'SASL_PLAINTEXT',
          'sasl.mechanism': 'SCRAM-SHA-256',
          'sasl.username': user,
          'sasl.password': 'secret',
          ...changes.params,
        },
        TOPICS: changes.topics ?? alerts,
      },
      ...changes.more,
    };
    const { settings } = loadSettings(written, {});
    const found: Finding[] = [];
    await examine(
      settings,
      { folder: temporaryFolder(), load: undefined },
      (finding) => void found.push(finding),
    );
    expect(JSON.stringify(found)).not.toContain('secret');
    return found;
  }

  const failing = (found: readonly Finding[]): string[] =>
    found.filter(({ status }) => status === 'fail').map(({ check }) => check);

  it('finds nothing wrong with what is right, and names what is not read', async () => {
    const found = await findings({});
    expect(failing(found)).toEqual([]);
    const said = found.map(({ check, status }) => `${status} ${check}`);
    for (const line of ['ok connection', 'ok login', 'ok topics', 'ok group', 'ok decode', 'ok dead letters'])
      expect(said).toContain(line);
    const unsubscribed = found.find(({ check }) => check === 'unsubscribed');
    expect(unsubscribed?.message).toContain(garbage);
    expect(found.find(({ check }) => check === 'decode')?.message).toContain('1 alerts');
  });

  it('tells a wrong password from a name that is not known and a port where nobody listens', async () => {
    const wrong = await findings({ params: { 'sasl.password': 'secrets' } });
    expect(failing(wrong)).toEqual(['login']);
    expect(wrong.find(({ check }) => check === 'login')?.remedy).toContain('sasl.password');
    const unknown = await findings({ params: { 'bootstrap.servers': 'no-such-broker.invalid:9092' } });
    expect(failing(unknown)).toEqual(['connection']);
    expect(unknown[0]?.message).toContain("the name 'no-such-broker.invalid' is not known");
    const closed = await findings({ params: { 'bootstrap.servers': '127.0.0.1:1' } });
    expect(failing(closed)).toEqual(['connection']);
    expect(closed[0]?.message).toContain('refused');
  });

  it('proposes the nearest topic for one that is not there, and says of others that they may not be read', async () => {
    const misspelt = await findings({ topics: `${prefix}_alert` });
    expect(failing(misspelt)).toEqual(['topics']);
    expect(misspelt.find(({ check, status }) => check === 'topics' && status === 'fail')).toMatchObject({
      message: `topic '${prefix}_alert' is not on the broker`,
      remedy: `did you mean '${alerts}'? correct its name, or create it`,
    });
    const seen = uniqueName('seen');
    await kafka.createTopic(seen);
    await produce(kafka.bootstrapServers, seen, ['{}']);
    const hidden = await findings({ topics: seen });
    expect(failing(hidden)).toEqual(['topics']);
    expect(hidden.find(({ status }) => status === 'fail')?.message).toBe(
      `this account may not see a topic '${seen}'; the broker does not say whether there is one`,
    );
    await kafka.allow({ user, topic: seen, operations: ['DESCRIBE'] });
    const unread = await findings({ topics: seen });
    expect(failing(unread)).toEqual(['permission']);
    expect(unread.find(({ check }) => check === 'permission')?.message).toContain(`'${seen}'`);
  });

  it('does not take the topic of another day for a misspelling', async () => {
    const day = `${prefix}_nights_20200101`;
    await kafka.createTopic(day);
    const params = { topic_format: [`${prefix}_nights_%s`], date_format: '%Y%m%d', change_hour: 23 };
    const found = await findings({
      more: {
        CONSUMER_CONFIG: {
          PARAMS: { 'bootstrap.servers': kafka.bootstrapServers, 'group.id': prefix },
          TOPIC_STRATEGY: { CLASS: 'DailyTopicStrategy', PARAMS: params },
        },
      },
    });
    const absent = found.filter(({ check, status }) => check === 'topics' && status === 'warn');
    expect(absent.map(({ remedy }) => remedy)).toEqual(absent.map(() => 'it is read as soon as it appears'));
    expect(absent.length).toBeGreaterThan(0);
    expect(found.find(({ check }) => check === 'unsubscribed')?.message).toContain(day);
  });

  it('warns of a message that is broken where others decode', async () => {
    const mixed = `${prefix}_mixed`;
    await kafka.createTopic(mixed);
    await produce(kafka.bootstrapServers, mixed, ['{"objectId":"ZTF1"}', '{"objectId":']);
    const found = await findings({ topics: mixed });
    expect(failing(found)).toEqual([]);
    const decode = found.filter(({ check }) => check === 'decode');
    expect(decode.map(({ status }) => status)).toEqual(['ok', 'warn']);
    expect(decode[1]!.message).toContain(`the message ${mixed}[0] at 1 cannot be decoded`);
    expect(decode[1]!.remedy).toContain('it will be a dead letter');
  });

  it('knows without writing whether a topic may be written to', async () => {
    const PARAMS = {
      'bootstrap.servers': kafka.saslServers,
      'security.protocol': 'SASL_PLAINTEXT',
      'sasl.mechanism': 'SCRAM-SHA-256',
      'sasl.username': user,
      'sasl.password': 'secret',
    } as const;
    const outputs = async (topic: string): Promise<Finding[]> => {
      const PRODUCER_CONFIG = { CLASS: 'KafkaJsonProducer', PARAMS, TOPIC: topic };
      return (await findings({ more: { PRODUCER_CONFIG } })).filter(({ check }) => check === 'output');
    };
    expect(await outputs(empty)).toEqual([
      {
        check: 'output',
        status: 'fail',
        message: `PRODUCER_CONFIG: this account may not write to the topic '${empty}'`,
        remedy: "ask the broker's operators for WRITE on it, or correct its name",
      },
    ]);
    await kafka.allow({ user, topic: empty, operations: ['WRITE'] });
    expect(await outputs(empty)).toMatchObject([
      { status: 'ok', message: `PRODUCER_CONFIG: topic '${empty}' is there, and may be written to` },
    ]);
  });

  it('says that a broker gives itself an address that cannot be reached', async () => {
    const broker = createServer((socket) => socket.on('data', (data) => socket.write(metadata(data))));
    await once(broker.listen(0, '127.0.0.1'), 'listening');
    const { port } = broker.address() as AddressInfo;
    const found = await findings({
      more: {
        CONSUMER_CONFIG: {
          PARAMS: { 'bootstrap.servers': `127.0.0.1:${port}`, 'group.id': prefix },
          TOPICS: alerts,
        },
      },
    });
    broker.close();
    expect(failing(found)).toEqual(['advertised']);
    expect(found.find(({ check }) => check === 'advertised')?.message).toBe(
      `CONSUMER_CONFIG: 127.0.0.1:${port} answers, but its broker 7 says that it is at 127.0.0.1:1, and there the connection is refused (ECONNREFUSED)`,
    );
  });

  it('says that a group does not have the prefix', async () => {
    const found = await findings({ params: { 'group.id': uniqueName('mine') } });
    expect(failing(found)).toEqual(['group']);
    expect(found.find(({ check }) => check === 'group')?.remedy).toContain('prefix');
  });

  it('warns of an empty topic, and says what an undecodable message looks like', async () => {
    const nothing = await findings({ topics: empty });
    expect(failing(nothing)).toEqual([]);
    expect(nothing.find(({ check }) => check === 'empty')?.status).toBe('warn');
    expect(failing(await findings({ topics: garbage }))).toEqual(['decode']);
    const framed = await findings({
      more: {
        CONSUMER_CONFIG: {
          PARAMS: { 'bootstrap.servers': kafka.bootstrapServers, 'group.id': prefix },
          TOPICS: alerts,
        },
      },
    });
    expect(framed.find(({ check }) => check === 'decode')?.remedy).toBe(
      'check FRAMING and the schema in CONSUMER_CONFIG; it looks like json',
    );
  });

  it('looks at outputs and the database too', async () => {
    const params = { 'bootstrap.servers': kafka.bootstrapServers };
    const found = await findings({
      more: {
        PRODUCER_CONFIG: { CLASS: 'KafkaJsonProducer', PARAMS: params, TOPIC: uniqueName('out') },
        DB_CONFIG: { ENGINE: 'sqlite', FILE_PATH: './none.sqlite', TABLE: 'alert' },
      },
    });
    expect(found.find(({ check }) => check === 'output')?.status).toBe('warn');
    expect(failing(found)).toEqual(['database']);
  });
});
