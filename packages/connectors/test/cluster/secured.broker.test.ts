import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { consumerAcls, producerAcls } from '../../src/administration/acl.js';
import { kafkaAdmin } from '../../src/administration/kafka-admin.js';
import { type Cluster, startCluster } from '../../src/cluster/cluster.js';
import { onRealKafka } from './test-cluster.js';
import { type Account, loginAs, produceAs, readAs } from './try-access.js';

onRealKafka('sasl', 'a secured cluster', () => {
  let base: string;
  let dir: string;
  let cluster: Cluster;

  beforeAll(async () => {
    base = await mkdtemp(join(tmpdir(), 'apf-secured-'));
    dir = join(base, 'one');
    cluster = await startCluster({ dir, secured: true });
  });
  afterAll(async () => {
    await cluster.kill();
    await rm(base, { recursive: true, force: true });
  });

  const account = (username: string): Account => ({
    servers: cluster.saslServers,
    username,
    password: 'secret',
  });

  it('lets nobody in who does not log in, on none of its listeners', async () => {
    for (const servers of [cluster.bootstrapServers, cluster.saslServers, cluster.sslServers]) {
      await expect(kafkaAdmin({ servers }).listTopics()).rejects.toThrow(/cannot be reached/);
    }
  });

  it('does not take another password for the administrator', async () => {
    const { username } = cluster.login;
    expect(username).toBe('admin');
    await expect(
      kafkaAdmin({ ...cluster.login, password: 'admin-secret' }).listTopics(),
    ).rejects.toMatchObject({
      code: 'APF_AUTHENTICATION',
    });
  });

  it('permits nothing that was not granted, and all of what was', async () => {
    await cluster.createTopic('alerts');
    await cluster.addUser('jane', 'secret', 'SCRAM-SHA-512');
    expect(await loginAs(account('jane'))).toBe('logged in');
    expect(await readAs(account('jane'), 'alerts', 'jane')).toMatch(/authorization failed/);
    await expect(produceAs(account('jane'), 'alerts', 'x')).rejects.toThrow(/authorization failed/);
    const permission = { user: 'jane', topics: ['alerts'], groups: ['jane'] };
    await cluster.addAcls([...producerAcls(permission), ...consumerAcls(permission)]);
    await produceAs(account('jane'), 'alerts', 'x');
    expect(await readAs(account('jane'), 'alerts', 'jane')).toBe('x');
  });

  it('keeps its password to its owner, and out of its log', async () => {
    const password = String(cluster.login.password);
    expect(password).toMatch(/^[\w-]{32}$/);
    expect(await readFile(cluster.log, 'utf8')).not.toContain(password);
    for (const file of ['server.properties', 'cluster.json']) {
      expect((await stat(join(dir, file))).mode & 0o077).toBe(0);
    }
    expect((await stat(dir)).mode & 0o077).toBe(0);
  });

  it('is the same after a restart, also if it is not asked to be secured', async () => {
    await cluster.restart();
    const again = await startCluster({ dir });
    expect(again).toMatchObject({ alreadyRunning: true, login: cluster.login });
    expect(await cluster.listTopics()).toMatchObject([{ topic: 'alerts' }]);
    expect(await readAs(account('jane'), 'alerts', 'jane')).toBe('x');
  });

  it('says when the port that it should have is taken', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    try {
      await expect(startCluster({ dir, saslPort: port })).rejects.toThrow(
        / runs at port \d+, not \d+: stop it first$/,
      );
      await expect(startCluster({ dir: join(base, 'two'), saslPort: port })).rejects.toMatchObject({
        code: 'APF_KAFKA_START',
        message: `port ${port} is taken by another program: stop it, or choose another port`,
      });
    } finally {
      other.close();
    }
  });
});
