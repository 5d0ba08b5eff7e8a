import { mkdtemp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseSchema, readContainer, writeContainer } from '@apf/core';
import { AlertConsumer, AlertError, AlertReader } from '../../connectors/src/client/index';
import { onRealKafka, uniqueName } from '../../connectors/test/cluster/test-cluster';
import { closeSinks, outgoing, testSink } from '../../connectors/test/kafka/kafka-fixture';
import { type Ended, type Running, start } from './apf';

const elasticc = parseSchema({
  type: 'record',
  name: 'alert',
  fields: [
    { name: 'alertId', type: 'long' },
    {
      name: 'diaSource',
      type: {
        type: 'record',
        name: 'diaSource',
        fields: [
          { name: 'diaObjectId', type: 'long' },
          { name: 'nobs', type: ['null', 'float'] },
        ],
      },
    },
  ],
});
const fink = parseSchema({
  type: 'record',
  name: 'topLevelRecord',
  fields: [
    ...['timestamp', 'objectId', 'cdsxmatch'].map((name) => ({ name, type: ['string', 'null'] })),
    { name: 'candid', type: 'long' },
    { name: 'rfscore', type: ['double', 'null'] },
    { name: 'cutoutDifference', type: ['null', 'bytes'] },
  ],
});
const alert = (i: number): object => ({
  timestamp: '2020-01-07 11:01:34.515',
  objectId: `ZTF19abuhlx${i}`,
  cdsxmatch: i === 1 ? null : 'Unknown',
  candid: 2n ** 60n + BigInt(i),
  rfscore: i === 1 ? null : 0.593,
  cutoutDifference: i === 2 ? null : Buffer.from('FITS'),
});
const LINE = '2020-01-07 11:01:34.515  |';

onRealKafka('groups', "the documents' clients", (kafka) => {
  const servers = kafka.bootstrapServers;
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'apf-documents-'));
  });
  afterAll(async () => {
    await closeSinks();
    await rm(folder, { recursive: true, force: true });
  });

  const topicWith = async (values: readonly { value: Buffer; key?: string }[]): Promise<string> => {
    const topic = uniqueName('snialike').slice(0, 20);
    await kafka.createTopic(topic, { partitions: 1 });
    const sink = testSink(servers, topic);
    await sink.open();
    await sink.write(values.map(({ value, key }) => outgoing(value, key === undefined ? {} : { key })));
    await sink.flush(new AbortController().signal);
    await sink.close();
    return topic;
  };
  const withKeys = (...ids: number[]): Promise<string> =>
    topicWith(ids.map((i) => ({ value: fink.encode(alert(i)), key: fink.json })));
  const run = (name: string, ...args: string[]): Running =>
    start(process.execPath, [resolve(`packages/cli/bin/${name}.js`), ...args], folder, {
      XDG_CACHE_HOME: folder,
    });
  const conf = async (topic: string): Promise<string> => {
    const path = join(folder, `${uniqueName('conf')}.py`);
    const lines = [
      'username = "me"',
      'password = None',
      `group_id = "${uniqueName('agroup')}"`,
      'maxtimeout = 2',
      'testmode = False',
      `mytopics = ["${topic}"]`,
      `servers = "${servers},"`,
      'schema = ""',
    ];
    await writeFile(path, `${lines.join('\n')}\n`);
    return path;
  };

  it('1.8 to 1.11: poll_one_alert prints an alert as Python does, writes it, and gives the next the second time', async () => {
    const value = (i: bigint): Buffer =>
      elasticc.encode({ alertId: 1231321321n, diaSource: { diaObjectId: i, nobs: i === 7n ? 73 : null } });
    const topic = await topicWith([{ value: value(7n) }, { value: value(8n) }]);
    await writeFile(join(folder, 'elasticc.avsc'), elasticc.json);
    const args = ['elasticc.avsc', '--servers', servers, '--topic', topic, '--group', uniqueName('toto')];
    const poll = (): Promise<Ended> => run('poll_one_alert', ...args).ended;
    expect((await poll()).stdout).toBe(`{
    "alertId": 1231321321,
    "diaSource": {
        "diaObjectId": 7,
        "nobs": 73.0
    }
}
`);
    expect(readContainer(await readFile(join(folder, '7.avro'))).records).toMatchObject([
      { diaSource: { nobs: 73 } },
    ]);
    expect((await poll()).stdout).toContain('"diaObjectId": 8');
    expect((await poll()).stdout).toBe('null\n');
    expect(await run('poll_one_alert').ended).toMatchObject({
      code: 1,
      stderr: 'Usage: poll_one_alert <path_to_elasticc_schema>\n',
    });
  });

  it('2.1 to 2.3: poll_single_alert prints one line, then the next, then that none came', async () => {
    const topic = await withKeys(0, 1);
    const path = await conf(topic);
    const poll = async (): Promise<string> => (await run('poll_single_alert', '-config', path).ended).stdout;
    expect(await poll()).toBe(
      `${'-'.repeat(65)}\n${LINE}${topic.padEnd(10)}|ZTF19abuhlx0   |Unknown   |0.593|\n`,
    );
    expect(await poll()).toBe(
      `${'-'.repeat(65)}\n${LINE}${topic.padEnd(10)}|ZTF19abuhlx1   |None      |None |\n`,
    );
    expect(await poll()).toBe('No alerts received in the last 2 seconds\n');
  });

  it('2.5 and 2.6: fink_consumer shows, saves, waits, and ends cleanly on Ctrl-C', async () => {
    const topic = await withKeys(0, 1);
    await mkdir(join(folder, 'tmpdir'));
    const path = await conf(topic);
    const running = run('fink_consumer', '-config', path, '--display', '--save', '-outdir', 'tmpdir/');
    await running.saw(/No alerts the last 2 seconds/);
    running.child.kill('SIGINT');
    const { code, stdout, stderr } = await running.ended;
    expect([code, stderr]).toEqual([0, '%% Aborted by user\n']);
    expect(stdout).toMatch(
      new RegExp(
        `^-{65}\\n\\w{3} \\w{3} [ \\d]\\d \\d\\d:\\d\\d:\\d\\d \\d{4}\\|2020-01-07 11:01:34.515  \\|${topic}`,
      ),
    );
    expect((await readdir(join(folder, 'tmpdir'))).sort()).toEqual(
      [0, 1].map((i) => `ZTF19abuhlx${i}_${2n ** 60n + BigInt(i)}.avro`),
    );
    // Offsets were committed.
    expect((await run('poll_single_alert', '-config', path).ended).stdout).toContain('No alerts received');
    const missing = await run('fink_consumer', '-config', path, '--save', '-outdir', 'nowhere').ended;
    expect(missing).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("-outdir 'nowhere' must exist"),
    });
  });

  it('P1 to P3: printStream prints every Nth without stamps, writes these, and goes on after what it cannot read', async () => {
    const topic = await topicWith([
      ...[0, 1].map((i) => ({ value: writeContainer(fink, [alert(i)]) })),
      { value: Buffer.from('no alert') },
      ...[2, 3].map((i) => ({ value: writeContainer(fink, [alert(i)]) })),
    ]);
    const running = run(
      'printStream',
      servers,
      topic,
      '2',
      '--stampDir',
      'stamps',
      '--group',
      uniqueName('print'),
    );
    await running.saw(/ZTF19abuhlx3/);
    running.child.kill('SIGINT');
    const { code, stdout, stderr } = await running.ended;
    expect(code).toBe(0);
    expect(
      stdout
        .trim()
        .split('\n')
        .map((line) => (JSON.parse(line) as { objectId: string }).objectId),
    ).toEqual(['ZTF19abuhlx1', 'ZTF19abuhlx3']);
    expect(stdout).not.toContain('cutout');
    expect(stderr).toContain(`%% Data cannot be decoded\n%% ${topic}[0]@2: `);
    expect(stderr).toContain('%% Cannot get stamp');
    expect((await readdir(join(folder, 'stamps'))).length).toBe(3);
    expect((await run('printStream', servers, topic, 'x').ended).code).toBe(2);
  });

  it('1.4 of LSST: monitorStream says where each partition ends', async () => {
    const topic = await withKeys(0, 1, 2);
    const running = run('monitorStream', servers, topic, '--group', uniqueName('monitor'));
    await running.saw(/status:end, offset:3/);
    running.child.kill('SIGTERM');
    const { code, stderr } = await running.ended;
    expect(code).toBe(0);
    expect(stderr).toMatch(
      new RegExp(`^topic:${topic}, partition:0, status:end, offset:3, key:None, time:\\d{10}\\.\\d{3}$`, 'm'),
    );
    expect(stderr).toMatch(/alerts:3, rate:\d+\/s, lag:0, latency/);
  });

  it('5: AlertConsumer polls, consumes, writes before it commits, and names what it cannot read', async () => {
    const topic = await topicWith([
      { value: fink.encode(alert(0)), key: fink.json },
      { value: Buffer.from([1]), key: fink.json },
      ...[2, 3, 4].map((i) => ({ value: fink.encode(alert(i)), key: fink.json })),
    ]);
    const group = uniqueName('client');
    const open = (): AlertConsumer<{ objectId: string }> =>
      new AlertConsumer({ topics: topic, servers, group });
    const out = join(folder, 'client');
    await mkdir(out);
    const first = open();
    expect(await first.availableTopics()).toContain(topic);
    expect(await first.poll(20)).toMatchObject({
      topic,
      partition: 0,
      offset: 0,
      alert: { objectId: 'ZTF19abuhlx0' },
    });
    const broken: unknown = await first.poll(20).catch((error: unknown) => error);
    expect(broken).toBeInstanceOf(AlertError);
    expect(String(broken)).toContain(`${topic}[0]@1: `);
    expect((await first.pollAndWrite(out, 20))?.alert.objectId).toBe('ZTF19abuhlx2');
    await first.close();

    const second = open();
    expect((await second.consume(5, 4)).map(({ alert: { objectId } }) => objectId)).toEqual([
      'ZTF19abuhlx3',
      'ZTF19abuhlx4',
    ]);
    expect(await second.poll(0.2)).toBeNull();
    await second.close();
    await expect(second.poll()).rejects.toThrow('the consumer is closed');

    const reader = new AlertReader<{ objectId: string }>(out);
    expect((await reader.toList()).map(({ objectId }) => objectId)).toEqual(['ZTF19abuhlx2']);
  });
});
