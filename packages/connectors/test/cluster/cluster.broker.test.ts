import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { findCluster, KafkaStartError, startCluster, type Cluster } from '../../src/cluster/cluster.js';
import { metadataOf } from './metadata-of.js';
import { onRealKafka } from './test-cluster.js';

onRealKafka('restart', 'a cluster', (shared) => {
  let base: string;
  let dir: string;
  let cluster: Cluster;

  beforeAll(async () => {
    base = await mkdtemp(join(tmpdir(), 'apf-cluster-'));
    dir = join(base, 'one');
  });
  afterAll(async () => {
    await cluster.kill();
    await rm(base, { recursive: true, force: true });
  });

  it('that two start at the same time is started once', async () => {
    const both = await Promise.all([startCluster({ dir }), startCluster({ dir })]);
    cluster = both.find(({ alreadyRunning }) => !alreadyRunning) as Cluster;
    expect(both.map(({ alreadyRunning }) => alreadyRunning).sort()).toEqual([false, true]);
    expect(both[0].bootstrapServers).toBe(both[1].bootstrapServers);
    expect(await pidOf(dir)).toBeGreaterThan(0);
  });

  it('stands beside another with topics of its own', async () => {
    await cluster.createTopic('only-here', { partitions: 3 });
    expect(topicNames(await metadataOf(cluster.bootstrapServers))).toContain('only-here');
    expect(topicNames(await metadataOf(shared.bootstrapServers))).not.toContain('only-here');
  });

  it('is found by its folder, and given again when it is started again', async () => {
    const again = await startCluster({ dir });
    const found = await findCluster(dir);
    expect(again.alreadyRunning).toBe(true);
    expect([again.bootstrapServers, found?.bootstrapServers]).toEqual(
      Array(2).fill(cluster.bootstrapServers),
    );
  });

  it('listens on loopback only', async () => {
    const outside = Object.values(networkInterfaces())
      .flatMap((addresses) => addresses ?? [])
      .find(({ family, internal }) => family === 'IPv4' && !internal);
    for (const address of [cluster.bootstrapServers, cluster.saslServers, cluster.sslServers]) {
      expect(address).toMatch(/^127\.0\.0\.1:\d+$/);
      expect(await connects(address)).toBe(true);
      if (outside) expect(await connects(address.replace('127.0.0.1', outside.address))).toBe(false);
    }
  });

  it('keeps topics and addresses through a kill', async () => {
    const before = cluster.bootstrapServers;
    await cluster.kill();
    expect(await connects(before)).toBe(false);
    await cluster.restart();
    expect(cluster.bootstrapServers).toBe(before);
    expect(topicNames(await metadataOf(before))).toContain('only-here');
  });

  it('leaves no process and no open port when it is stopped', async () => {
    const pid = await pidOf(dir);
    expect(() => process.kill(pid, 0)).not.toThrow();
    await cluster.stop();
    expect(() => process.kill(pid, 0)).toThrow(/ESRCH/);
    expect(await connects(cluster.bootstrapServers)).toBe(false);
    expect(await findCluster(dir)).toBeUndefined();
  });

  it('whose process id belongs to another program by now counts as stopped, and starts', async () => {
    const file = join(dir, 'cluster.json');
    const state = JSON.parse(await readFile(file, 'utf8'));
    state.broker.pid = process.pid;
    await writeFile(file, JSON.stringify(state));
    expect(await findCluster(dir)).toBeUndefined();
    const before = cluster.bootstrapServers;
    cluster = await startCluster({ dir });
    expect(cluster.alreadyRunning).toBe(false);
    expect(cluster.bootstrapServers).toBe(before);
    expect(topicNames(await metadataOf(before))).toContain('only-here');
  });

  it('that cannot start tells the last lines of its log', async () => {
    await cluster.stop();
    const failure = await startCluster({ dir: join(base, 'two'), heap: '1k' }).catch(
      (error: unknown) => error,
    );
    expect(failure).toBeInstanceOf(KafkaStartError);
    expect((failure as KafkaStartError).message).toContain(join(base, 'two', 'broker.log'));
    expect((failure as KafkaStartError).lastLogLines.join('\n')).toMatch(/heap/i);
    expect(await findCluster(join(base, 'two'))).toBeUndefined();
  });
});

function topicNames({ topics }: { topics: { name: string }[] }): string[] {
  return topics.map(({ name }) => name);
}

async function pidOf(dir: string): Promise<number> {
  const state = JSON.parse(await readFile(join(dir, 'cluster.json'), 'utf8'));
  return Number(state.broker.pid);
}

function connects(address: string): Promise<boolean> {
  const [host, port] = address.split(':');
  return new Promise((resolve) => {
    const socket = createConnection(Number(port), host);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
