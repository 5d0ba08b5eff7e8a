import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KafkaRangeSource, OffsetLookup, partitionsOf } from '@apf/connectors';
import { END, newStats, parseSchema, type RawMessage, systemClock, writeContainer } from '@apf/core';
import { silent } from '../../../core/src/run/stats';
import { onRealKafka, uniqueName } from '../../../connectors/test/cluster/test-cluster';
import { closeSinks, outgoing, testSink } from '../../../connectors/test/kafka/kafka-fixture';
import { type Ended, startApf } from '../apf';
import { Shell } from '../compat/shell';
import { apfHere, documentedHere, type Ran } from '../in-process';

/** A small schema in the shape of ZTF's. */
const schema = parseSchema({
  type: 'record',
  name: 'alert',
  fields: [
    { name: 'objectId', type: 'string' },
    { name: 'candid', type: 'long' },
    {
      name: 'candidate',
      type: {
        type: 'record',
        name: 'candidate',
        fields: [
          ...['jd', 'ra', 'dec'].map((name) => ({ name, type: 'double' })),
          { name: 'fid', type: 'int' },
          { name: 'magpsf', type: 'float' },
          { name: 'sigmapsf', type: 'float' },
          { name: 'isdiffpos', type: 'string' },
        ],
      },
    },
    { name: 'cutoutScience', type: 'bytes' },
  ],
});
/** From 15 mag on, half a magnitude fainter each; every other one in r. */
const alert = (i: number): object => ({
  objectId: `ZTF${i}`,
  candid: 2n ** 60n + BigInt(i),
  candidate: {
    ...{ jd: 2459288.5, ra: 150 + i / 3600, dec: 0 },
    ...{ fid: 1 + (i % 2), magpsf: 15 + i / 2, sigmapsf: 0.1, isdiffpos: 't' },
  },
  cutoutScience: Buffer.alloc(20, i),
});
const COUNT = 20;
const container = (i: number): Buffer => writeContainer(schema, [alert(i)]);

interface Figures {
  readonly alerts: number;
  readonly committed: number;
  readonly failed: number;
  readonly deadLetters: number;
  readonly filters: readonly { name: string; topic: string; passed: number; failed: number; left: boolean }[];
}

onRealKafka('groups', 'apf filter', (kafka) => {
  const servers = kafka.bootstrapServers;
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'apf-filter-'));
    await mkdir(join(folder, 'filters'));
  });
  afterEach(async () => {
    await closeSinks();
    await rm(folder, { recursive: true, force: true });
  });

  const env = (): NodeJS.ProcessEnv => ({ XDG_CONFIG_HOME: folder, XDG_CACHE_HOME: folder });
  const filter = (...args: string[]): Promise<Ran> =>
    apfHere(['filter', '--servers', servers, '--until-eos', ...places(), ...args], env());
  const places = (): string[] => [
    '--filters',
    join(folder, 'filters'),
    '--dead-letters',
    join(folder, 'dead-letters'),
  ];
  const figures = ({ stdout }: Ran): Figures => JSON.parse(stdout) as Figures;
  const passed = (ended: Ran): Record<string, number> =>
    Object.fromEntries(figures(ended).filters.map(({ name, passed }) => [name, passed]));
  const own = async (name: string, text: string): Promise<void> => {
    await writeFile(join(folder, 'filters', `${name}.ts`), text);
  };

  const topicWith = async (
    messages: readonly { value: Buffer; key?: Buffer | string; headers?: Record<string, string> }[],
  ): Promise<string> => {
    const topic = uniqueName('alerts');
    await kafka.createTopic(topic, { partitions: 1 });
    const sink = testSink(servers, topic);
    await sink.open();
    await sink.write(messages.map(({ value, ...more }) => outgoing(value, more)));
    await sink.flush(new AbortController().signal);
    await sink.close();
    return topic;
  };
  const messagesOf = async (topic: string): Promise<RawMessage[]> => {
    const params = { 'bootstrap.servers': servers };
    const lookup = await OffsetLookup.open({ params });
    const bounds = await lookup.bounds(partitionsOf([topic], await lookup.topics()));
    await lookup.close();
    const ranges = bounds.map(({ topic, partition, low, high }) => ({
      topic,
      partition,
      start: low,
      end: high,
    }));
    const source = new KafkaRangeSource({
      params,
      ranges,
      logger: silent,
      clock: systemClock,
      stats: newStats(),
      endTime: undefined,
    });
    await source.open({ revoked: async () => undefined, lost: () => undefined });
    const messages: RawMessage[] = [];
    for (;;) {
      const polled = await source.poll(100, new AbortController().signal);
      if (polled === END) break;
      messages.push(...polled);
    }
    await source.close();
    return messages;
  };
  const bytes = async (topic: string): Promise<Buffer[]> =>
    (await messagesOf(topic)).map(({ value }) => value!);
  const all = (): Promise<string> =>
    topicWith(Array.from({ length: COUNT }, (_, i) => ({ value: container(i) })));

  it('forwards to each filter’s topic the bytes as they came, counts, and goes on where it stopped (3.4)', async () => {
    const topic = await all();
    const prefix = uniqueName('p').slice(0, 20);
    const args = ['--topics', topic, '--topic-prefix', prefix, '--json', '--filter', 'bright'];
    args.push('--filter', "red=band == 'r' and mag < 18", '--filter', 'near=cone(150, 0, 2.5)');
    const first = await filter(...args);
    expect(first).toMatchObject({ code: 0 });
    expect(figures(first)).toMatchObject({ alerts: COUNT, committed: COUNT, failed: 0, deadLetters: 0 });
    expect(passed(first)).toEqual({ bright: 10, red: 3, near: 3 });
    const original = await bytes(topic);
    expect(await bytes(`${prefix}bright`)).toEqual(original.slice(0, 10));
    expect(await bytes(`${prefix}red`)).toEqual([1, 3, 5].map((i) => original[i]));
    expect(await bytes(`${prefix}near`)).toEqual(original.slice(0, 3));
    // Nothing is sent again.
    const again = await filter(...args);
    expect(figures(again)).toMatchObject({ alerts: 0 });
    expect(await bytes(`${prefix}red`)).toHaveLength(3);
  });

  it('keeps key and headers, and says where a message came from', async () => {
    const key = schema.json;
    const topic = await topicWith([{ value: schema.encode(alert(0)), key, headers: { survey: 'ztf' } }]);
    const output = uniqueName('kept');
    const ended = await filter(
      '--topics',
      topic,
      '--filter',
      'bright',
      '--no-group',
      '--topic-pattern',
      `${output}_{filter}`,
    );
    expect(ended.code).toBe(0);
    const [message] = await messagesOf(`${output}_bright`);
    expect(message!.value).toEqual(schema.encode(alert(0)));
    expect(String(message!.key)).toBe(key);
    const headers = Object.assign({}, ...message!.headers!) as Record<string, Buffer>;
    expect(String(headers.survey)).toBe('ztf');
    expect(String(headers['apf-source'])).toBe(`${topic}-0-0`);
  });

  it('with --dry-run counts, and writes and commits nothing', async () => {
    const topic = await all();
    const output = uniqueName('dry');
    const args = [
      '--topics',
      topic,
      '--filter',
      `${output}=mag < 16`,
      '--json',
      '--group',
      uniqueName('group'),
    ];
    const dry = await filter(...args, '--dry-run');
    expect(passed(dry)).toEqual({ [output]: 2 });
    expect((await kafka.listTopics()).map(({ topic }) => topic)).not.toContain(output);
    expect(await readdir(folder)).toEqual(['filters']);
    expect(passed(await filter(...args))).toEqual({ [output]: 2 });
  });

  it('a filter that throws stops no other: dead letters name it, and in the end it is left out', async () => {
    await own('hopeless', "export default { fields: ['nothing?'], passes: (a) => a.nothing.there > 1 };");
    await own(
      'weak',
      "export default { fields: ['candid'], passes: ({ candid }) => { if (candid % 5n === 1n) throw new Error('five'); return true; } };",
    );
    const topic = await topicWith(Array.from({ length: 30 }, (_, i) => ({ value: container(i) })));
    const prefix = uniqueName('e').slice(0, 20);
    const ended = await filter('--topics', topic, '--all', '--no-group', '--topic-prefix', prefix, '--json');
    expect(ended.code).toBe(1);
    const { filters, failed, committed } = figures(ended);
    expect(filters).toEqual([
      { name: 'hopeless', topic: `${prefix}hopeless`, passed: 0, failed: 20, left: true },
      { name: 'weak', topic: `${prefix}weak`, passed: 24, failed: 6, left: false },
    ]);
    expect([failed, committed]).toEqual([26, 30]);
    expect(ended.stderr).toContain("filter 'hopeless' failed on 20 alerts in a row: it is left out");
    expect(await messagesOf(`${prefix}weak`)).toHaveLength(24);
    const letters = (await readdir(join(folder, 'dead-letters'))).filter((name) => name.endsWith('.json'));
    // 20 of the one; of the other those after its end.
    expect(letters).toHaveLength(20 + 2);
    const text = await readFile(
      join(
        folder,
        'dead-letters',
        letters.find((name) => name.includes('-25.'))!,
      ),
      'utf8',
    );
    expect(JSON.parse(text)).toMatchObject({
      error: "filter 'weak': five",
      code: 'APF_EXECUTE',
      step: 'apf filter',
    });
  });

  it('says what a filter needs before anything is written or committed (3.6)', async () => {
    const topic = await all();
    const output = uniqueName('rrlyr');
    const args = ['--topics', topic, '--no-group', '--topic-pattern', `${output}_{filter}`];
    const needs = await filter(...args, '--filter', 'rrlyr');
    expect(needs.code).toBe(2);
    expect(needs.stderr).toContain("apf: filter 'rrlyr': needs cdsxmatch: run the cross-match step first");
    const other = await filter(...args, '--filter', 'bright', '--filter', 'lsst_quality');
    expect(other.code).toBe(2);
    expect(other.stderr).toContain("filter 'lsst_quality': it is for alerts of lsst, these are of ztf");
    expect(await messagesOf(`${output}_bright`)).toEqual([]);
    const lenient = await filter(...args, '--all', '--json');
    expect(lenient.code).toBe(0);
    expect(lenient.stderr).toContain("filter 'rrlyr' is left out: needs cdsxmatch");
    expect(figures(lenient)).toMatchObject({ alerts: COUNT, committed: COUNT });
  });

  it('loses nothing to kill -9: what passes of each alert is there, once or more', async () => {
    const count = 4000;
    const topic = await topicWith(Array.from({ length: count }, (_, i) => ({ value: container(i) })));
    const prefix = uniqueName('k').slice(0, 20);
    await own('third', `export default { fields: ['candid'], passes: ({ candid }) => candid % 3n === 0n };`);
    await own('odd', `export default { fields: ['candid'], passes: ({ candid }) => candid % 2n === 1n };`);
    const args = ['--topics', topic, '--all', '--topic-prefix', prefix, '--group', uniqueName('group')];
    args.push('-X', 'session.timeout.ms=6000', '-X', 'heartbeat.interval.ms=500');
    const first = startApf(['filter', '--servers', servers, ...places(), ...args], folder, env());
    for (let tries = 0; tries < 300; tries++) {
      if ((await messagesOf(`${prefix}odd`).catch(() => [])).length > 0) break;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    first.child.kill('SIGKILL');
    await first.ended;
    expect((await filter(...args)).code).toBe(0);
    const original = await bytes(topic);
    const wanted = (keep: (id: number) => boolean): string[] =>
      original.filter((_, i) => keep(i)).map((value) => value.toString('latin1'));
    const found = async (name: string): Promise<Set<string>> =>
      new Set((await bytes(`${prefix}${name}`)).map((value) => value.toString('latin1')));
    expect(await found('odd')).toEqual(new Set(wanted((i) => i % 2 === 1)));
    // 2^60 leaves 1 when divided by 3.
    expect(await found('third')).toEqual(new Set(wanted((i) => i % 3 === 2)));
  });

  it('filterStream.py of the document: one filter, a range, a group (F1, F4, F6, G1)', async () => {
    const topic = await topicWith(Array.from({ length: 30 }, (_, i) => ({ value: container(i % 10) })));
    const shell = new Shell(folder, { ...env(), HOSTNAME: uniqueName('host') });
    const until = async (line: string, pattern: RegExp): Promise<Ended> => {
      const running = shell.run(line, folder);
      await running.saw(pattern);
      for (let tries = 0; tries < 100; tries++) {
        const groups = await kafka.describeGroup(line.split(' ').at(-1)!).catch(() => undefined);
        if (JSON.stringify(groups ?? {}).includes('"lag":0')) break;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      running.child.kill('SIGINT');
      return running.ended;
    };
    const one = uniqueName('one');
    const first = await until(`filterStream.py ${servers} ${topic} 1 --group ${one}`, /framing container/);
    expect(first).toMatchObject({ code: 0 });
    expect(first.stderr).toContain('%% Aborted by user');
    const original = await bytes(topic);
    const written = await bytes('Filter001');
    // F3: at most 20 of a visit.
    expect(written.slice(-20)).toEqual(original.slice(0, 20));
    const many = uniqueName('many');
    const range = await until(`filterStream.py ${servers} ${topic} 2 4 --group ${many}`, /framing container/);
    expect(range.stdout.match(/^Filter00\d +Filter00\d +20 +0$/gm)).toHaveLength(3);
    expect((await bytes('Filter004')).slice(-20)).toEqual(original.slice(0, 20));
    for (const wrong of ['0', '101', 'x', '5 2']) {
      const ended = await documentedHere('filterStream.py', [servers, topic, ...wrong.split(' ')]);
      expect([wrong, ended.code]).toEqual([wrong, 2]);
    }
  });
});
