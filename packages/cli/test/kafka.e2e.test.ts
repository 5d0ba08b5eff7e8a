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
