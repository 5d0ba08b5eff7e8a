import { loadSettings, type Settings } from '@apf/core';
import { examine } from '../../src/doctor/examine.js';
import type { Finding } from '../../src/doctor/finding.js';
import { onRealKafka, uniqueName } from '../cluster/test-cluster.js';
import { closeSinks, produce } from '../kafka/kafka-fixture.js';
import { temporaryFolder } from '../wiring/temporary-folder.js';

afterEach(closeSinks);

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
    await examine(settings, { folder: temporaryFolder() }, (finding) => void found.push(finding));
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
      message: `topic '${prefix}_alert' is not on the broker, or this account may not see it`,
      remedy: `did you mean '${alerts}'? correct its name, or create it, or ask the broker's operators for READ and DESCRIBE on it`,
    });
    const seen = uniqueName('seen');
    await kafka.createTopic(seen);
    await produce(kafka.bootstrapServers, seen, ['{}']);
    expect(failing(await findings({ topics: seen }))).toEqual(['topics']);
    // What may be seen but not read shows when a message is fetched.
    await kafka.allow({ user, topic: seen, operations: ['DESCRIBE'] });
    const unread = await findings({ topics: seen });
    expect(failing(unread)).toEqual(['permission']);
    expect(unread.find(({ check }) => check === 'permission')?.message).toContain(`'${seen}'`);
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
