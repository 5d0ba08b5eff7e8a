import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onRealKafka, uniqueName } from '../../connectors/test/cluster/test-cluster';
import { produceAs } from '../../connectors/test/cluster/try-access';
import { type Ended, type Running, startApf } from './apf';

interface Line {
  readonly time: string;
  readonly topics: readonly {
    readonly topic: string;
    readonly messages: number;
    readonly rate: number | null;
  }[];
  readonly groups: readonly {
    readonly group: string;
    readonly topics: readonly { readonly lag: number }[];
  }[];
  readonly unseen: readonly string[];
}

onRealKafka('admin', 'apf monitor', (kafka) => {
  const topic = uniqueName('night');
  const group = uniqueName('step');
  let folder: string;
  const running: Running[] = [];
  const start = (...args: string[]): Running => {
    const env = { XDG_CONFIG_HOME: folder };
    const one = startApf(['monitor', '--servers', kafka.bootstrapServers, ...args], folder, env);
    running.push(one);
    return one;
  };
  const monitor = (...args: string[]): Promise<Ended> => start(...args).ended;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'apf-monitor-'));
    await kafka.createTopic(topic, { partitions: 2 });
    await produceAs({ servers: kafka.bootstrapServers }, topic, ...Array.from({ length: 9 }, String));
    await kafka.reset({ group, members: [], moves: [{ topic, partition: 0, from: null, to: 4 }] });
  });
  afterEach(() => {
    for (const { child } of running.splice(0)) child.kill('SIGKILL');
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('8: --once is one table of topics and groups, with lag, rate and latency', async () => {
    const { code, stdout, stderr } = await monitor('--topics', topic, '--groups', group, '--once');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.trim().split('\n').slice(2)).toEqual([
      expect.stringMatching(/^topic \/ group +state +parts +messages +lag +msg\/s +latency$/),
      expect.stringMatching(new RegExp(`^${topic} +2 +9 +0\\.0 +\\d.*s$`)),
      expect.stringMatching(new RegExp(`^  ${group} +empty +5 +0\\.0 +\\d.*s$`)),
    ]);
  });

  it('8: --json is a line for each look until Ctrl-C, which is no failure', async () => {
    const live = start('--topics', topic, '--groups', group, '--json', '--interval', '0.2');
    await live.saw(/\n.*\n/);
    live.child.kill('SIGINT');
    const { code, stdout } = await live.ended;
    expect(code).toBe(0);
    const [first, second] = stdout
      .split('\n')
      .map((line) => (line === '' ? undefined : (JSON.parse(line) as Line)));
    expect(first).toMatchObject({
      topics: [{ topic, messages: 9, rate: null }],
      groups: [{ group, topics: [{ lag: 5 }] }],
      unseen: [],
    });
    expect(second?.topics[0]?.rate).toBe(0);
  });

  it('8: --count, --partitions, and what cannot be seen', async () => {
    const { stdout } = await monitor(
      '--topics',
      `${topic},nowhere`,
      '--partitions',
      '--count',
      '2',
      '--interval',
      '0.1',
    );
    expect(stdout.match(/^topic \/ group/gm)).toHaveLength(2);
    expect(stdout).toMatch(/^ {2}\[1\]/m);
    expect(stdout).toMatch(/^ {4}\[0\] +5 /m);
    expect(stdout).toContain("! there is no topic 'nowhere', or this user may not see it");
  });

  it('8: a broker that does not answer at the first look is one line and exit 1', async () => {
    const nobody = startApf(['monitor', '--servers', '127.0.0.1:1'], folder, { XDG_CONFIG_HOME: folder });
    running.push(nobody);
    expect(await nobody.ended).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(
        /^apf: the broker cannot be watched: the broker 127\.0\.0\.1:1 cannot be .*\n$/,
      ),
    });
  });
});
