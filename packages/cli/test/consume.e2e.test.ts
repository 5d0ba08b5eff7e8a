import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseSchema, readContainer, writeContainer } from '@apf/core';
import { onRealKafka, uniqueName } from '../../connectors/test/cluster/test-cluster';
import { closeSinks, outgoing, testSink } from '../../connectors/test/kafka/kafka-fixture';
import { apf, type Ended, start, startApf } from './apf';

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
          { name: 'jd', type: 'double' },
          { name: 'fid', type: 'int' },
          { name: 'magpsf', type: 'float' },
          { name: 'sigmapsf', type: 'float' },
        ],
      },
    },
  ],
});
const alert = (i: number): object => ({
  objectId: `ZTF${i}`,
  candid: 2n ** 60n + BigInt(i),
  candidate: { jd: 2459288.5 + i / 24, fid: 1, magpsf: 15 + i / 2, sigmapsf: 0.1 },
});
const COUNT = 20;

onRealKafka('times', 'apf consume', (kafka) => {
  const servers = kafka.bootstrapServers;
  const topic = uniqueName('alerts');
  let folder: string;

  const consume = (...args: string[]): Promise<Ended> =>
    apf(['consume', '--servers', servers, ...args], folder, {
      XDG_CONFIG_HOME: folder,
      XDG_CACHE_HOME: folder,
    });
  const produce = async (to: string, values: readonly (Buffer | string)[]): Promise<void> => {
    const sink = testSink(servers, to);
    await sink.open();
    await sink.write(values.map((value, i) => outgoing(value, { timestamp: Date.UTC(2021, 2, 15, i) })));
    await sink.flush(new AbortController().signal);
    await sink.close();
  };
  const ids = ({ stdout }: Ended): string[] =>
    stdout
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { objectId: string }).objectId);
  const names = (from: number, to: number): string[] =>
    Array.from({ length: to - from }, (_, i) => `ZTF${from + i}`);

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'apf-consume-'));
    await kafka.createTopic(topic, { partitions: 1 });
    await produce(
      topic,
      Array.from({ length: COUNT }, (_, i) => writeContainer(schema, [alert(i)])),
    );
  });
  afterAll(async () => {
    await closeSinks();
    await rm(folder, { recursive: true, force: true });
  });

  it('1: goes on where the group has ended, to the very alert, and says what it reads and found', async () => {
    const group = uniqueName('group');
    const first = await consume('--topics', topic, '--group', group, '--limit', '7');
    expect(ids(first)).toEqual(names(0, 7));
    expect(first.stderr.split('\n')).toEqual([
      `apf: reading ${topic} from ${servers} as group ${group}`,
      `apf:   ${topic}[0] from offset 0 on`,
      `apf: ${topic}: framing container, schema alert, survey ztf`,
      'apf: 7 alerts',
      '',
    ]);
    const second = await consume('--topics', topic, '--group', group, '--until-eos');
    expect(ids(second)).toEqual(names(7, COUNT));
    expect(second.stderr).toContain(`${topic}[0] from offset 7 (committed) to 20, 13 messages`);
  });

  it.each([
    ['--tail', ['--tail', '3'], names(17, 20)],
    ['--since and --until', ['--since', '2021-03-15T05:00', '--until', '2021-03-15T08:00'], names(5, 8)],
    ['--night', ['--night', '20210315', '--survey', 'ztf', '--until-eos'], names(0, 20)],
    [
      "the alerts' own time, as an MJD on the scale of TAI",
      ['--time', 'observation', '--since', '59288.2087', '--until', '2459288.8'],
      names(5, 8),
    ],
    [
      '--filter, --every',
      ['--no-group', '--until-eos', '--filter', 'mag < 20', '--every', '3'],
      ['ZTF2', 'ZTF5', 'ZTF8'],
    ],
  ])('1: %s', async (_what, args, expected) => {
    const ended = await consume('--topics', topic, ...args);
    expect(ids(ended)).toEqual(expected);
    expect(ended.stderr).toContain('without a group: nothing is committed');
  });

  it('1: --unique, --fields, and exact 64-bit ids', async () => {
    const twice = uniqueName('twice');
    await kafka.createTopic(twice, { partitions: 1 });
    await produce(
      twice,
      [0, 1, 0, 1].map((i) => writeContainer(schema, [alert(i)])),
    );
    const { stdout, stderr } = await consume(
      '--topics',
      twice,
      '--no-group',
      '--until-eos',
      '--unique',
      '--fields',
      'candid',
    );
    expect(stdout).toBe('{"candid":1152921504606846976}\n{"candid":1152921504606846977}\n');
    expect(stderr).toContain('2 alerts, 2 were repeats');
  });

  it('1: --save keeps each alert, an undecodable one is named and set aside', async () => {
    const mixed = uniqueName('mixed');
    await kafka.createTopic(mixed, { partitions: 1 });
    await produce(mixed, [
      writeContainer(schema, [alert(0)]),
      'no alert',
      writeContainer(schema, [alert(1)]),
    ]);
    const save = join(folder, 'saved');
    const { code, stderr } = await consume('--topics', mixed, '--no-group', '--until-eos', '--save', save);
    expect(code).toBe(0);
    expect(stderr).toContain(`apf: ${mixed}[0]@1: cannot be read, kept in ${save}/undecoded: `);
    expect(stderr).toContain(
      `2 alerts, 1 could not be read (kept in ${save}/undecoded), 2 files written to ${save}`,
    );
    const files = await readdir(save);
    expect(files.sort()).toEqual([`ZTF0_${2n ** 60n}.avro`, `ZTF1_${2n ** 60n + 1n}.avro`, 'undecoded']);
    const bytes = await readFile(join(save, files[0]!));
    expect(readContainer(bytes).records).toMatchObject([{ objectId: 'ZTF0' }]);
  });

  it('1: a stream of which nothing can be read is a failure, unless some of it was read before', async () => {
    const broken = uniqueName('broken');
    await kafka.createTopic(broken, { partitions: 1 });
    await produce(broken, ['no alert']);
    const alone = await consume('--topics', broken, '--no-group', '--until-eos');
    expect(alone.code).toBe(1);
    expect(alone.stderr).toContain(`${broken}[0]@0: cannot be read, left out: `);
    expect(alone.stderr).toContain(
      'apf: the only message could not be read, see above: check --framing and --schema',
    );
    const mended = uniqueName('mended');
    await kafka.createTopic(mended, { partitions: 1 });
    await produce(mended, [writeContainer(schema, [alert(0)])]);
    const save = join(folder, 'mended');
    const args = ['--topics', mended, '--no-group', '--until-eos', '--format', 'json', '--save', save];
    expect((await consume(...args)).code).toBe(0);
    await produce(mended, ['no alert']);
    const again = await consume(...args);
    expect(again.stderr).toContain(
      `0 alerts, 1 could not be read (kept in ${save}/undecoded), saved to ${save}`,
    );
    expect(again.code).toBe(0);
  });

  it('1: --limit goes on past what cannot be read, and ends with the stream', async () => {
    const worn = uniqueName('worn');
    await kafka.createTopic(worn, { partitions: 1 });
    await produce(worn, [
      'no alert',
      'nor this',
      ...[2, 3, 4, 5, 6].map((i) => writeContainer(schema, [alert(i)])),
    ]);
    const group = uniqueName('group');
    const first = await consume('--topics', worn, '--tail', '7', '--limit', '1', '--until-eos');
    expect(ids(first)).toEqual(['ZTF2']);
    const some = await consume('--topics', worn, '--group', group, '--limit', '2', '--format', 'json');
    expect(ids(some)).toEqual(names(2, 4));
    expect(ids(await consume('--topics', worn, '--group', group, '--until-eos'))).toEqual(names(4, 7));
    const bare = uniqueName('bare');
    await kafka.createTopic(bare, { partitions: 1 });
    await produce(
      bare,
      Array.from({ length: 5 }, (_, i) => schema.encode(alert(i))),
    );
    const none = await consume('--topics', bare, '--from', 'earliest', '--until-eos', '--limit', '2');
    expect({ code: none.code, out: none.stdout }).toEqual({ code: 1, out: '' });
    expect(none.stderr).toContain('none of 5 messages could be read');
  });

  it('1: --workers say that a member of the group that was killed is waited for', async () => {
    const left = uniqueName('left');
    await kafka.createTopic(left, { partitions: 2 });
    await produce(left, [writeContainer(schema, [alert(0)])]);
    const args = ['consume', '--servers', servers, '--topics', left, '--group', uniqueName('group')];
    const env = { XDG_CONFIG_HOME: folder, XDG_CACHE_HOME: folder };
    const killed = startApf([...args, '--format', 'json'], folder, env);
    await killed.saw(/ZTF0/);
    killed.child.kill('SIGKILL');
    await killed.ended;
    await produce(left, [writeContainer(schema, [alert(1)])]);
    const next = startApf([...args, '--format', 'none', '--workers', '2'], folder, env);
    await next.saw(/none comes: .* or one that was killed is waited for \(session\.timeout\.ms/);
    next.child.kill('SIGKILL');
    await next.ended;
  });

  it('1: --workers transfers a whole topic, each alert once, and again changes nothing', async () => {
    const wide = uniqueName('wide');
    await kafka.createTopic(wide, { partitions: 3 });
    const values = Array.from({ length: 30 }, (_, i) => writeContainer(schema, [alert(i)]));
    const sink = testSink(servers, wide);
    await sink.open();
    await sink.write(values.map((value, i) => outgoing(value, { key: `key ${i}` })));
    await sink.flush(new AbortController().signal);
    await sink.close();
    const save = join(folder, 'wide');
    const args = ['--topics', wide, '--no-group', '--until-eos', '--format', 'json', '--save', save];
    const first = await consume(...args, '--workers', '9');
    expect(first.stderr).toContain('apf: 3 workers for 3 partitions: more have nothing to read');
    expect(first.stderr).toContain(`apf: 30 alerts, saved to ${save}`);
    expect((await consume(...args, '--workers', '2')).stderr).toContain(`apf: 0 alerts, saved to ${save}`);
    const lines = await Promise.all(
      (await readdir(save))
        .filter((name) => name.endsWith('.jsonl'))
        .map(async (name) => (await readFile(join(save, name), 'utf8')).trim().split('\n')),
    );
    const saved = lines.flat().map((line) => (JSON.parse(line) as { objectId: string }).objectId);
    expect(saved.sort()).toEqual(names(0, 30).sort());
  });

  it("1: what a worker fails of is the command's one line and exit code", async () => {
    const args = ['--topics', topic, '--no-group', '--until-eos', '--format', 'none', '--workers', '2'];
    const wide = await consume(...args, '--filter', 'candidate.magps < 1');
    expect(wide.code).toBe(2);
    expect(wide.stderr.trim().split('\n').at(-1)).toMatch(/^apf: .*candidate\.magps.*candidate\.magpsf/);
  });

  it('3: simulated visits are read without a word about their schema, in a table as wide as the topic', async () => {
    const visits = uniqueName('visits');
    const env = { XDG_CONFIG_HOME: folder, XDG_CACHE_HOME: folder };
    const sky = [
      '--synthetic',
      '--survey',
      'ztf',
      '--objects',
      '50',
      '--visits',
      '--interval',
      '0',
      '--visit-alerts',
      '2',
    ];
    const sent = await apf(['simulate', '--servers', servers, '--topic', visits, ...sky], folder, env);
    expect(sent.code).toBe(0);
    const read = await consume('--topics', visits, '--no-group', '--until-eos', '--format', 'table');
    expect(read.stderr).toContain('framing confluent (schema id 1), schema ztf.alert, survey ztf');
    expect(read.stdout).toMatch(new RegExp(`^topic {${visits.length - 3}}time`));
    const others = await apf(
      ['consume', '--servers', servers, '--topics', visits, '--no-group', '--until-eos', '--format', 'none'],
      folder,
      { ...env, XDG_CACHE_HOME: join(folder, 'others') },
    );
    expect(others.code).toBe(1);
    expect(others.stderr).toMatch(
      /no schema is known for id 1: give .* --registry, .*1\.avsc with --schemas/,
    );
  });

  it('1: --plot saves a picture of each alert, whatever its id says', async () => {
    const hostile = uniqueName('hostile');
    await kafka.createTopic(hostile, { partitions: 1 });
    const evil = { ...alert(1), objectId: '../../<svg onload=1>' };
    await produce(hostile, [writeContainer(schema, [evil]), writeContainer(schema, [alert(2)])]);
    const plot = join(folder, 'pictures', 'inner');
    const args = ['--topics', hostile, '--no-group', '--until-eos', '--format', 'none', '--plot', plot];
    expect((await consume(...args)).code).toBe(0);
    const files = (await readdir(plot)).sort();
    expect(files).toEqual([`ZTF2_${2n ** 60n + 2n}.svg`, `__..__svg_onload_1__${2n ** 60n + 1n}.svg`]);
    expect(await readFile(join(plot, files[1]!), 'utf8')).not.toContain('<svg onload');
  });

  it('1: --save in files of many, twice, holds each alert once', async () => {
    const save = join(folder, 'many');
    const args = ['--topics', topic, '--no-group', '--until-eos', '--format', 'json', '--save', save];
    expect((await consume(...args)).code).toBe(0);
    expect((await consume(...args)).stderr).toContain(
      `apf: 0 alerts, saved to ${save}, ${COUNT} messages were there already`,
    );
    expect((await consume(...args, '--limit', '2')).stderr).toContain('0 alerts');
    expect(await readdir(save)).toContain(`${topic}-0-000000000000-000000000019.jsonl`);
    const text = await readFile(join(save, `${topic}-0-000000000000-000000000019.jsonl`), 'utf8');
    expect(text.trim().split('\n')).toHaveLength(COUNT);
  });

  it('7 and 8: plot and lightcurve look in a topic', async () => {
    const env = { XDG_CONFIG_HOME: folder, XDG_CACHE_HOME: folder };
    const place = ['--servers', servers, '--topic', topic];
    const [plot, curve, nobody] = await Promise.all([
      apf(['plot', 'ZTF5', ...place], folder, env),
      apf(['lightcurve', 'ZTF5', ...place], folder, env),
      apf(['plot', 'ZTF99', ...place], folder, env),
    ]);
    expect({ code: plot.code, said: plot.stderr }).toEqual({ code: 0, said: '' });
    expect(plot.stdout).toContain(`ZTF5\nZTF ${2n ** 60n + 5n} ·`);
    expect(curve.code).toBe(0);
    expect(curve.stdout.trim().split('\n')).toEqual([expect.any(String), expect.stringContaining('17.5')]);
    expect(nobody.code).toBe(1);
    expect(nobody.stderr).toContain(`no alert or object of that id in the topic '${topic}'`);
  });

  it('2: says why nothing comes', async () => {
    const empty = uniqueName('empty');
    await kafka.createTopic(empty, { partitions: 1 });
    const group = uniqueName('group');
    await consume('--topics', topic, '--group', group, '--until-eos', '--format', 'none');
    const [silent, end] = await Promise.all([
      consume('--topics', empty, '--no-group', '--timeout', '7'),
      consume('--topics', topic, '--group', group, '--timeout', '7'),
    ]);
    expect(silent.stderr).toContain(`apf: nothing was ever sent to ${empty}: waiting`);
    expect(end.stderr).toContain(
      `apf: the group '${group}' is at the end of ${topic}: waiting for what comes next`,
    );
    expect([silent.code, end.code]).toEqual([0, 0]);
  });

  it('a signal ends it with 0 and everything committed', async () => {
    const group = uniqueName('group');
    const args = [
      'packages/cli/bin/apf.js',
      'consume',
      '--servers',
      servers,
      '--topics',
      topic,
      '--group',
      group,
    ];
    const running = start(process.execPath, [...args, '--format', 'json'], process.cwd(), {
      XDG_CONFIG_HOME: folder,
    });
    await running.saw(/ZTF19/);
    running.child.kill('SIGTERM');
    expect(await running.ended).toMatchObject({ code: 0 });
    expect((await consume('--topics', topic, '--group', group, '--until-eos')).stdout).toBe('');
  });

  it('failures exit 1 with one line that says what to do, after a bounded wait', async () => {
    const user = { username: uniqueName('user'), password: 'right' };
    await kafka.addUser(user.username, user.password, 'SCRAM-SHA-512');
    const password = join(folder, 'password');
    await writeFile(password, 'wrong\n');
    const near = `${topic.slice(0, -1)}_`;
    const sasl = ['--username', user.username, '--password-file', password, '--topics', topic];
    const [missing, wrong, away] = await Promise.all([
      consume('--topics', near, '--timeout', '2'),
      apf(['consume', '--servers', kafka.saslServers, ...sasl], folder, { XDG_CONFIG_HOME: folder }),
      apf(['consume', '--servers', '127.0.0.1:1', '--topics', topic, '--timeout', '2'], folder, {
        XDG_CONFIG_HOME: folder,
      }),
    ]);
    expect([missing, wrong, away].map(({ code }) => code)).toEqual([1, 1, 1]);
    expect(missing.stderr).toContain(`no topic '${near}', or you may not see it; did you mean '${topic}'?`);
    expect(wrong.stderr).toMatch(/refused the user name or the password/);
    expect(wrong.stderr).not.toContain('wrong\n');
    expect(wrong.stderr).toMatch(/check --username, --password-file and --mechanism\n$/);
    expect(away.stderr).toMatch(
      /^apf: no Kafka broker answers at 127\.0\.0\.1:1 within 2 s \(.*\): check --servers, --tls and the network\n$/,
    );
  });

  it('--filter with a name that the schema has not is answered with the nearest', async () => {
    const { code, stderr } = await consume(
      '--topics',
      topic,
      '--no-group',
      '--until-eos',
      '--filter',
      'candidate.magps < 1',
    );
    expect(code).toBe(2);
    expect(stderr).toMatch(/candidate\.magps.*candidate\.magpsf/);
  });
});
