import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import RdKafka from 'node-rdkafka';
import { type AvroSchema, loadSchema, parseSchema, readContainer, writeContainer } from '@apf/core';
import { STAMP_CLASSIFIER_SCHEMA, type StampClassification } from '@apf/alerts';
import { onRealKafka, uniqueName } from '../../connectors/test/cluster/test-cluster.js';
import { outgoing, testSink, testSource } from '../../connectors/test/kafka/kafka-fixture.js';
import { Reader } from '../../connectors/test/kafka/reader.js';
import { FakeSlack, type Answer } from '../../connectors/test/slack/fake-slack.js';
import type { Ended, Running } from './apf.js';
import { classifications, isSupernova } from './sn-process/classifications.js';
import { ExampleProject, readmeExample } from './sn-process/example-project.js';

/** ALeRCE's own example, from its documentation of the stream, with Python's quotes and layout. */
const DOCUMENT_SETTINGS = `
import type { Settings } from '@apf/core';
const CONSUMER_CONFIG = {
    "CLASS": "apf.consumers.KafkaConsumer",
    "PARAMS": {
        "bootstrap.servers": "52.72.162.197:9093",
        "group.id": "sample_group_SN_STEP",
        "security.protocol": "SASL_PLAINTEXT",
        "sasl.mechanism": "SCRAM-SHA-256",
        "sasl.username": "my_username",
        "sasl.password": "my_password",
        "auto.offset.reset": "earliest",
    },
  "TOPIC_STRATEGY": {
    "CLASS": "apf.core.topic_management.DailyTopicStrategy",
    "PARAMS": {
        "topic_format": [
            "stamp_classifier_%s",
        ],
        "date_format": "%Y%m%d",
        "change_hour": 23,
        "retention_days": 2,
    }
  }
}
export default { CONSUMER_CONFIG } satisfies Settings;
`;

const DAY = 86_400_000;
const PARTITIONS = 2;
const TOKEN = uniqueName('xoxb');
const PASSWORD = `${uniqueName('secret')} "quoted" \\`;

/** A supernova's alert on the broker. */
interface Place {
  readonly objectId: string;
  readonly partition: string;
  readonly offset: number;
}

onRealKafka('sasl', "The README's example, on a daily stream behind SCRAM and ACLs", (kafka) => {
  const user = uniqueName('sn');
  const slack = new FakeSlack();
  const started = new Date();
  /** Where it is noon now: no date changes during the test, and at none is it 23:00. */
  const zone = `Etc/GMT${started.getUTCHours() < 12 ? '-' : '+'}${Math.abs(12 - started.getUTCHours())}`;
  const topic = (days: number): string => {
    const date = new Date(started.getTime() + days * DAY).toISOString();
    return `stamp_classifier_${date.slice(0, 10).replaceAll('-', '')}`;
  };
  const [today, yesterday] = [topic(0), topic(-1)];
  const topics = [topic(-2), yesterday, today, topic(1)];
  let folder: string;
  let project: ExampleProject;
  let supernovae: string[];
  let places: Place[];
  const running: Running[] = [];

  beforeAll(async () => {
    await slack.start();
    folder = await mkdtemp(join(tmpdir(), 'apf-sn-process-'));
    const [settings, step] = [await readmeExample('settings.ts'), await readmeExample('step.ts')];
    project = await ExampleProject.make(join(folder, 'readme'), settings, step);
    await kafka.addUser(user, PASSWORD);
    await kafka.allow({ user, operations: ['READ'], topic: 'stamp_classifier_', group: user, prefix: true });
    const schemas = [parseSchema(STAMP_CLASSIFIER_SCHEMA), ...publishedSchema()];
    const sent = new Map<string, StampClassification[]>();
    for (const name of topics) {
      // A Kafka that outlives the tests may have it from another run.
      await kafka.deleteTopic(name).catch(() => undefined);
      await kafka.createTopic(name, { partitions: PARTITIONS });
      sent.set(name, classifications(uniqueName('ZTF26'), 120));
      await fill(name, sent.get(name)!, schemas);
    }
    supernovae = names([...sent.get(yesterday)!, ...sent.get(today)!].filter(isSupernova));
    places = await findSupernovae([yesterday, today]);
  }, 120_000);
  afterAll(async () => {
    for (const name of topics) await kafka.deleteTopic(name);
    await slack.stop();
    await rm(folder, { recursive: true, force: true });
  });
  beforeEach(() => {
    slack.answers = [];
    slack.requests.length = 0;
    slack.onRequest = () => undefined;
  });
  afterEach(async () => {
    for (const { child } of running) child.kill('SIGKILL');
    const ended = await Promise.all(running.splice(0).map((run) => run.ended));
    const said = ended.map(({ stdout, stderr }) => stdout + stderr).join('');
    for (const secret of [TOKEN, PASSWORD.slice(0, 15), 'no-such-password'])
      expect(said).not.toContain(secret);
  });

  /** Writes the stream with our schema and ALeRCE's own file, message by message, an object's in its partition. */
  async function fill(
    name: string,
    alerts: readonly StampClassification[],
    schemas: readonly AvroSchema[],
  ): Promise<void> {
    const sink = testSink(kafka.bootstrapServers, name);
    await sink.open();
    await sink.write(
      alerts.map((alert, i) =>
        outgoing(writeContainer(schemas[i % schemas.length]!, [alert]), { key: alert.objectId }),
      ),
    );
    await sink.flush(new AbortController().signal);
    await sink.close();
  }

  async function findSupernovae(names: string[]): Promise<Place[]> {
    const reader = new Reader(testSource(kafka.bootstrapServers, names, { stopAtEnd: true }).source);
    await (await reader.start()).end();
    await reader.close();
    return reader.messages.flatMap(({ topic: name, partition, offset, value }) => {
      const [alert] = readContainer<StampClassification>(value!).records;
      if (!alert || !isSupernova(alert)) return [];
      return [{ objectId: alert.objectId, partition: `${name}/${partition}`, offset }];
    });
  }

  const environment = (group: string, more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv => ({
    NODE_OPTIONS: '',
    TZ: zone,
    APF__CONSUMER_CONFIG__PARAMS__BOOTSTRAP_SERVERS: kafka.saslServers,
    APF__CONSUMER_CONFIG__PARAMS__GROUP_ID: group,
    APF__CONSUMER_CONFIG__PARAMS__SASL_USERNAME: user,
    APF__CONSUMER_CONFIG__PARAMS__SASL_PASSWORD: PASSWORD,
    APF__CONSUMER_CONFIG__PARAMS__SESSION_TIMEOUT_MS: '6000',
    APF__CONSUMER_CONFIG__STOP_AT_END: 'true',
    SLACK_API_TOKEN: TOKEN,
    SLACK_API_URL: slack.url,
    ...more,
  });
  const newGroup = (): string => uniqueName(`${user}_sn_process`);
  const begin = (group: string, more?: NodeJS.ProcessEnv, which = project): Running => {
    const run = which.run(environment(group, more));
    running.push(run);
    return run;
  };
  const runToEnd = (group: string, more?: NodeJS.ProcessEnv): Promise<Ended> => begin(group, more).ended;
  const posted = (): string[] => slack.texts.map((text) => /[^/]*$/.exec(text ?? '')![0]);

  /** The next offset of each partition that has one. */
  async function committed(group: string): Promise<ReadonlyMap<string, number>> {
    const config = { 'bootstrap.servers': kafka.bootstrapServers, 'group.id': group, log_level: 0 };
    const client = new RdKafka.KafkaConsumer(config, {});
    await new Promise((resolve, reject) =>
      client.connect({}, (error, data) => (error ? reject(new Error(error.message)) : resolve(data))),
    );
    const partitions = [yesterday, today].flatMap((name) =>
      Array.from({ length: PARTITIONS }, (_, partition) => ({ topic: name, partition })),
    );
    const offsets = await new Promise<RdKafka.TopicPartitionOffset[]>((resolve, reject) =>
      client.committed(partitions, 10_000, (error, found) =>
        error ? reject(new Error(error.message)) : resolve(found),
      ),
    );
    await new Promise((resolve) => client.disconnect(resolve));
    return new Map(
      offsets
        .filter(({ offset }) => offset >= 0)
        .map(({ topic: name, partition, offset }) => [`${name}/${partition}`, offset]),
    );
  }

  it('posts each supernova of today and yesterday once, with its link, and nothing else', async () => {
    const { code, stdout, stderr } = await runToEnd(newGroup(), { LOG_LEVEL: 'debug' });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(slack.texts.toSorted()).toEqual(
      supernovae.map((objectId) => `New SN: https://alerce.online/object/${objectId}`),
    );
    for (const { url, authorization, form } of slack.requests) {
      expect({ url, authorization }).toEqual({
        url: '/api/chat.postMessage',
        authorization: `Bearer ${TOKEN}`,
      });
      expect(form['channel']).toBe('#sn_channel');
    }
    expect(stdout).toContain(zone);
    expect(stdout).toContain(' 0 dead letters, ');
  });

  it("runs with the settings of ALeRCE's document as they stand, until it is told to stop", async () => {
    const step = await readmeExample('step.ts');
    const document = await ExampleProject.make(join(folder, 'document'), DOCUMENT_SETTINGS, step);
    const run = begin(newGroup(), { APF__CONSUMER_CONFIG__STOP_AT_END: 'false' }, document);
    const all = new Promise<void>((resolve) => {
      slack.onRequest = () => slack.requests.length === supernovae.length && resolve();
    });
    await Promise.race([all, run.ended.then(({ stderr }) => Promise.reject(new Error(stderr)))]);
    run.child.kill('SIGTERM');
    const { code, stderr } = await run.ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(posted().toSorted()).toEqual(supernovae);
  });

  it('loses no supernova by kill -9, and posts only those again that were not committed', async () => {
    const group = newGroup();
    const run = begin(group);
    slack.onRequest = () => {
      if (slack.requests.length === supernovae.length >> 1) run.child.kill('SIGKILL');
    };
    expect(await run.ended).toMatchObject({ signal: 'SIGKILL' });
    slack.onRequest = () => undefined;
    const before = posted();
    const next = await committed(group);
    const done = places.filter(({ partition, offset }) => offset < (next.get(partition) ?? 0));
    const left = places.filter((place) => !done.includes(place));
    // What is committed was posted, and something was committed.
    expect(before).toEqual(expect.arrayContaining(names(done)));
    expect(done).not.toEqual([]);

    expect(await runToEnd(group)).toMatchObject({ code: 0, stderr: '' });
    expect(posted().slice(before.length).toSorted()).toEqual(names(left));
    expect([...new Set(posted())].toSorted()).toEqual(supernovae);
  });

  it('does not start without a token', async () => {
    const { code, stderr } = await runToEnd(newGroup(), { SLACK_API_TOKEN: '' });
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr:
        "apf: Slack needs a token: set SLACK_API_TOKEN to your bot's (it begins with xoxb-) (APF_SLACK)\n",
    });
    expect(slack.requests).toEqual([]);
  });

  it.each([
    ['channel_not_found', "Slack knows no channel '#sn_channel': check the name or id; .*"],
    ['not_in_channel', "the Slack bot is not in '#sn_channel': invite it there, .*"],
    ['invalid_auth', 'Slack refuses the token: put a valid bot token .* into SLACK_API_TOKEN'],
  ])('stops at %s with one line, and commits nothing past it', async (error, line) => {
    const group = newGroup();
    slack.answers = [{}, {}, { body: { ok: false, error } }].map((answer) => ({
      body: { ok: true },
      ...answer,
    }));
    const { code, stderr } = await runToEnd(group);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringMatching(new RegExp(`^sn_process: ${line} \\(${error}\\) \\(APF_SLACK\\)\n$`)),
    });
    expect(slack.requests).toHaveLength(3);
    const next = await committed(group);
    const refused = places.find(({ objectId }) => objectId === posted()[2])!;
    expect(next.get(refused.partition) ?? 0).toBeLessThanOrEqual(refused.offset);
    const passed = places.filter(({ partition, offset }) => offset < (next.get(partition) ?? 0));
    expect(posted().slice(0, 2)).toEqual(expect.arrayContaining(names(passed)));
  });

  it('tries again when Slack limits the rate or is out of order, and then posts', async () => {
    const broken: Answer = { status: 500, body: 'oops' };
    slack.answers = [{ status: 429, headers: { 'retry-after': '1' } }, broken, broken];
    const { code, stdout, stderr } = await runToEnd(newGroup());
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(posted().slice(3).toSorted()).toEqual(supernovae);
    expect(new Set(posted().slice(0, 4)).size).toBe(1);
    expect(stdout).toContain('Slack limits the rate: again after 1 s');
    expect(stdout).toMatch(/will try again in 1 s: Slack is out of order: .* HTTP 500/);
  });

  it('says in one line that the password is wrong', async () => {
    const { code, stderr } = await runToEnd(newGroup(), {
      APF__CONSUMER_CONFIG__PARAMS__SASL_PASSWORD: 'no-such-password',
    });
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringMatching(
        /^sn_process: the broker 127[^\n]* refused the user name or the password [^\n]*check PARAMS\['sasl.username'\][^\n]*\(APF_AUTHENTICATION\)\n$/,
      ),
    });
  });

  it('says in one line that a group must begin with the prefix', async () => {
    const { code, stderr } = await runToEnd('my_group');
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringMatching(
        /^sn_process: the broker 127[^\n]* does not permit the group id 'my_group': PARAMS\['group.id'\] must start with the prefix [^\n]*\(APF_AUTHORIZATION\)\n$/,
      ),
    });
    expect(slack.requests).toEqual([]);
  });
});

const names = (list: readonly { objectId: string }[]): string[] =>
  [...new Set(list.map(({ objectId }) => objectId))].toSorted();

/** ALeRCE's published schema, as its file has it. */
function publishedSchema(): AvroSchema[] {
  const { APF_SCHEMAS } = process.env;
  if (APF_SCHEMAS) return [loadSchema(join(APF_SCHEMAS, 'alerce', 'stamp_classifier.ztf.avsc'))];
  console.warn("APF_SCHEMAS is not set: the daily stream is written with our schema only, not ALeRCE's own");
  return [];
}
