import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { metadataOf } from '../../connectors/test/cluster/metadata-of';
import { onRealKafka } from '../../connectors/test/cluster/test-cluster';
import { apf, type Ended } from './apf';

describe('apf kafka', () => {
  let state: string;
  beforeAll(async () => {
    state = await mkdtemp(join(tmpdir(), 'apf-kafka-command-'));
  });
  afterAll(() => rm(state, { recursive: true, force: true }));

  const kafka = (...args: string[]): Promise<Ended> =>
    apf(['kafka', ...args], state, { XDG_STATE_HOME: state });

  it.each([
    [['stop'], "apf: there is no Kafka 'default'; none was started here (see apf kafka stop --help)"],
    [
      ['status', '--name', 'other'],
      "apf: there is no Kafka 'other'; none was started here (see apf kafka status --help)",
    ],
    [['start', '--name', '../x'], /^apf: '\.\.\/x' cannot name a cluster: /],
    [['start', '--host', '0.0.0.0'], /^apf: '0\.0\.0\.0' is not a name or an IPv4 address by which /],
    [['start', '--port', '0'], /^apf: --port is a whole number from 1 to 65535 /],
    [
      ['begin'],
      /^apf: there is no command 'kafka begin'; say what to do: start, stop, .* \(see apf kafka --help\)$/,
    ],
    [[], /^apf: say what to do: start, stop, .* \(see apf kafka --help\)$/],
    [
      ['topics', 'lst'],
      "apf: there is no command 'kafka topics lst'; did you mean 'list'? (see apf kafka topics --help)",
    ],
    [['topics', 'create'], /^apf: an argument is missing: apf kafka topics create <topics\.\.> \(see /],
    [
      ['topics', 'list'],
      /^apf: Kafka 'default' does not run: start it with apf kafka start, or name a broker with --servers /,
    ],
    [['topics', 'list', '--cluster', 'a', '--servers', 'b:1'], /^apf: give --cluster or --servers, not both/],
  ])('%j is answered with one line and exit code 2', async (args, line) => {
    const { code, stdout, stderr } = await kafka(...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr.trimEnd()).toEqual(typeof line === 'string' ? line : expect.stringMatching(line));
    expect(stderr.trimEnd()).not.toContain('\n');
  });

  it('says how to start one where there is none', async () => {
    expect(await kafka('status')).toMatchObject({
      code: 0,
      stdout: 'no Kafka was started here; start one with: apf kafka start\n',
    });
  });

  onRealKafka('restart', 'start, status, stop', () => {
    let address: string;
    afterAll(() => kafka('stop', '--delete'));

    it('start gives a Kafka that outlives the command, and the settings for it', async () => {
      const { code, stdout } = await kafka('start');
      expect(code).toBe(0);
      address = /'bootstrap\.servers': '(127\.0\.0\.1:\d+)'/.exec(stdout)?.[1] ?? '';
      expect(stdout).toMatch(/^Kafka 'default' is running: Kafka 4\.\d/);
      expect((await metadataOf(address)).brokers).toHaveLength(1);
    });

    it('a topic is made when it is used', async () => {
      const named = async (): Promise<boolean> =>
        (await metadataOf(address, 'made-by-use')).topics.some(({ partitions }) => partitions.length > 0);
      // The broker answers the first request before it has made the topic.
      while (!(await named())) continue;
      expect((await metadataOf(address)).topics.map(({ name }) => name)).toContain('made-by-use');
    });

    it('start again gives the same', async () => {
      const { code, stdout } = await kafka('start', '--json');
      expect(code).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject({
        name: 'default',
        alreadyRunning: true,
        bootstrapServers: address,
      });
    });

    it('status lists it, in words and in JSON', async () => {
      expect((await kafka('status')).stdout).toContain(address);
      const { stdout } = await kafka('status', '--json');
      expect(JSON.parse(stdout)).toMatchObject({ name: 'default', running: true, bootstrapServers: address });
    });

    it('stop ends it and keeps its addresses; stopping twice is no error', async () => {
      expect(await kafka('stop')).toMatchObject({ code: 0, stdout: expect.stringContaining('is stopped') });
      expect(await kafka('stop')).toMatchObject({
        code: 0,
        stdout: expect.stringContaining('was not running'),
      });
      expect((await kafka('status')).stdout).toBe("Kafka 'default' is not running\n");
      const { stdout } = await kafka('start', '--json');
      expect(JSON.parse(stdout)).toMatchObject({ alreadyRunning: false, bootstrapServers: address });
    });

    it('stop --delete leaves nothing', async () => {
      const { stdout } = await kafka('stop', '--delete', '--json');
      expect(JSON.parse(stdout)).toEqual({ name: 'default', running: false, stopped: true, deleted: true });
      expect((await kafka('status')).stdout).toMatch(/^no Kafka was started here/);
    });
  });
});
