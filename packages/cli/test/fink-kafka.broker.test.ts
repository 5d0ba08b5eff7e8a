import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePorts } from '../../connectors/src/cluster/ports';
import { onRealKafka } from '../../connectors/test/cluster/test-cluster';
import { type Account, loginAs, produceAs, readAs } from '../../connectors/test/cluster/try-access';
import { apfHere, documentedHere, type Ran } from './in-process';

/** Items 3.1, 3.2, 3.7 and 3.9 of what Fink's page on streaming out promises its users. */
describe('fink_kafka', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'apf-fink-kafka-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const env = (more: NodeJS.ProcessEnv): NodeJS.ProcessEnv => ({
    XDG_STATE_HOME: folder,
    FINK_HOME: '',
    APF_NEW_PASSWORD: '',
    APF_NEW_PASSWORD_FILE: '',
    ...more,
  });
  const fink = (args: string[], more: NodeJS.ProcessEnv = {}): Promise<Ran> =>
    documentedHere('fink_kafka', args, env(more));

  onRealKafka('sasl', 'with its cluster', () => {
    let port: number;
    let conf: string;
    beforeAll(async () => {
      [port] = (await freePorts(1, '127.0.0.1')) as [number];
      conf = join(folder, 'fink.conf.distribution');
      // As Fink's own: a program, of which only plain assignments are read.
      await writeFile(
        conf,
        [
          'declare -a KAFKA_BROKER_IPPORT',
          `KAFKA_BROKER_IPPORT[0]="localhost:${port}"`,
          'declare kafka_servers',
          'for i in ${KAFKA_BROKER_IPPORT[@]}; do',
          '  kafka_servers=$kafka_servers",$i"',
          'done',
          'DISTRIBUTION_SERVERS=${kafka_servers#,}',
          `touch ${join(folder, 'executed')}`,
          'DISTRIBUTION_TOPIC="fink_outstream"',
          'FINK_PRODUCER_JAAS="${FINK_HOME}/producer_jaas.conf"',
          '',
        ].join('\n'),
      );
      await writeFile(
        join(folder, 'producer_jaas.conf'),
        'KafkaClient {\n  org.apache.kafka.common.security.scram.ScramLoginModule required\n  username="finkProducer"\n  password="from-jaas";\n};\n',
      );
    });
    afterAll(() => apfHere(['kafka', 'stop', '--name', 'fink', '--delete'], env({})));

    const account = (username: string, password: string): Account => ({
      servers: `127.0.0.1:${port}`,
      username,
      password,
    });
    const accounts = async (): Promise<
      Record<'producer' | 'consumer', { username: string; password: string }>
    > => JSON.parse(await readFile(join(folder, 'apf/kafka/fink/fink-accounts.json'), 'utf8')) as never;

    it('3.1 start: success line, users and ACLs exist, nothing of the conf is executed', async () => {
      const ended = await fink(['start', '-c', conf], { FINK_HOME: folder });
      expect(ended).toMatchObject({
        code: 0,
        stdout: `Reading custom conf file from ${conf} \nKafka Server started successfully\n`,
      });
      expect(await readdir(folder)).not.toContain('executed');
      const users = (await apfHere(['kafka', 'users', 'list', '--cluster', 'fink', '--json'], env({})))
        .stdout;
      expect(
        users
          .trimEnd()
          .split('\n')
          .map((line) => (JSON.parse(line) as { user: string }).user),
      ).toEqual(['finkConsumer', 'finkProducer']);
      const { stdout } = await fink(['--list-acl']);
      expect(stdout).toContain(
        'Current ACLs for resource `ResourcePattern(resourceType=TOPIC, name=fink_outstream, patternType=LITERAL)`: ',
      );
      for (const operation of ['WRITE', 'DESCRIBE', 'CREATE']) {
        expect(stdout).toContain(
          `(principal=User:finkProducer, host=127.0.0.1, operation=${operation}, permissionType=ALLOW)`,
        );
      }
      expect(stdout).toContain(
        'ResourcePattern(resourceType=GROUP, name=spark-kafka-, patternType=PREFIXED)',
      );
      expect(stdout).toContain(
        '(principal=User:finkConsumer, host=127.0.0.1, operation=READ, permissionType=ALLOW)',
      );
    });

    it('3.1 start again changes nothing', async () => {
      const before = await accounts();
      expect(await fink(['start', '-c', conf], { FINK_HOME: folder })).toMatchObject({ code: 0 });
      expect(await accounts()).toEqual(before);
      expect(before.producer).toEqual({ username: 'finkProducer', password: 'from-jaas' });
    });

    it('3.2 topics: made once, listed, described, deleted', async () => {
      const twice = [
        await fink(['--create-topic', 'fink_outstream']),
        await fink(['--create-topic', 'fink_outstream']),
      ];
      expect(twice).toMatchObject([
        { code: 0, stdout: 'Created topic fink_outstream.\n' },
        { code: 0, stdout: 'Topic fink_outstream already exists.\n' },
      ]);
      await fink(['--create-topic', 'passing']);
      expect((await fink(['--list-topics'])).stdout).toBe('fink_outstream\npassing\n');
      expect((await fink(['--describe-topic', 'passing'])).stdout).toBe(
        [
          'Topic:passing\tPartitionCount:2\tReplicationFactor:1\tConfigs:',
          '\tTopic: passing\tPartition: 0\tLeader: 1\tReplicas: 1\tIsr: 1',
          '\tTopic: passing\tPartition: 1\tLeader: 1\tReplicas: 1\tIsr: 1',
          '',
        ].join('\n'),
      );
      expect(await fink(['--delete-topic', 'passing'])).toMatchObject({
        code: 0,
        stdout: 'Topic passing is deleted.\n',
      });
      expect((await fink(['--list-topics'])).stdout).toBe('fink_outstream\n');
      expect(await fink(['--delete-topic', 'passing'])).toMatchObject({
        code: 1,
        stderr: "fink_kafka: there is no topic 'passing'\n",
      });
      expect(await fink(['--describe-topic', 'a/b'])).toMatchObject({
        code: 2,
        stderr: expect.stringContaining("'a/b' is not a legal topic name"),
      });
    });

    it('3.7 authentication: a user is let in with the password, with no other, and not after -d', async () => {
      const added = await fink(['--authentication', '-a', '-u', 'Bob', '-p', 'Bob-secret']);
      expect(added).toMatchObject({ code: 0, stdout: 'Added the credentials of user Bob.\n' });
      expect(added.stderr).toMatch(/^fink_kafka: warning: others on this machine can see -p PASSWORD/);
      expect(await loginAs(account('Bob', 'Bob-secret'))).toBe('logged in');
      expect(await loginAs(account('Bob', 'wrong'))).toMatch(/refused user 'Bob' or the password$/);
      expect(await loginAs({ servers: `127.0.0.1:${port}` })).toMatch(/does it want TLS or a login/);
      expect(await fink(['--authentication', '-d', '-u', 'Bob'])).toMatchObject({ code: 0 });
      expect(await loginAs(account('Bob', 'Bob-secret'))).toMatch(/refused user 'Bob' or the password$/);
      expect((await fink(['--authentication', '-d', '-u', 'Bob'])).stdout).toBe(
        'There are no credentials of user Bob.\n',
      );
    });

    it('3.7 authentication: the password may come by the environment, without a warning', async () => {
      const ended = await fink(['--authentication', '-u', 'Alice'], { APF_NEW_PASSWORD: 'Alice-secret' });
      expect(ended).toMatchObject({ code: 0, stderr: '' });
      expect(await loginAs(account('Alice', 'Alice-secret'))).toBe('logged in');
    });

    it('3.7 authorization: denied without an ACL, permitted with it, denied again after -d', async () => {
      await fink(['--authentication', '-u', 'Bob', '-p', 'Bob-secret']);
      const bob = account('Bob', 'Bob-secret');
      const alice = account('Alice', 'Alice-secret');
      await expect(produceAs(bob, 'fink_outstream', 'Hi from Bob')).rejects.toThrow(
        /topic authorization failed/i,
      );
      const producer = ['-u', 'Bob', '-H', '127.0.0.1', '-p', '-t', 'fink_outstream'];
      expect(await fink(['--authorization', '-a', ...producer])).toMatchObject({
        code: 0,
        stdout: expect.stringContaining(
          '(principal=User:Bob, host=127.0.0.1, operation=WRITE, permissionType=ALLOW)',
        ),
      });
      await produceAs(bob, 'fink_outstream', 'Hi from Bob');

      expect(await readAs(alice, 'fink_outstream', 'test-group')).toMatch(/authorization failed/);
      const consumer = ['-u', 'Alice', '-c', 'test-group', '-t', 'fink_outstream', '-H'];
      await fink(['--authorization', '-a', ...consumer, '192.0.2.1']);
      expect(await readAs(alice, 'fink_outstream', 'test-group')).toMatch(/authorization failed/); // from another host
      await fink(['--authorization', '-a', ...consumer, '127.0.0.1']);
      expect(await readAs(alice, 'fink_outstream', 'test-group')).toBe('Hi from Bob');
      expect(await readAs(alice, 'fink_outstream', 'other-group')).toMatch(/Group authorization failed/);
      expect((await fink(['--list-acl'])).stdout).toContain(
        '(principal=User:Alice, host=192.0.2.1, operation=READ,',
      );

      for (const host of ['192.0.2.1', '127.0.0.1']) {
        expect(await fink(['--authorization', '-d', ...consumer, host])).toMatchObject({
          code: 0,
          stdout: expect.stringMatching(/^Removed ACLs:/),
        });
      }
      await fink(['--authorization', '-d', ...producer]);
      expect(await readAs(alice, 'fink_outstream', 'test-group')).toMatch(/authorization failed/);
      await expect(produceAs(bob, 'fink_outstream', 'again')).rejects.toThrow(/topic authorization failed/i);
      expect((await fink(['--list-acl'])).stdout).not.toMatch(/User:(Alice|Bob)/);
      expect((await fink(['--authorization', '-d', ...producer])).stdout).toBe('There are no such ACLs.\n');
    });

    it("3.7 stored credentials are not readable: neither in the broker's log nor in its data", async () => {
      const data = join(folder, 'apf/kafka/fink/data');
      for (const entry of await readdir(data, { recursive: true, withFileTypes: true })) {
        if (!entry.isFile()) continue;
        expect((await readFile(join(entry.parentPath, entry.name))).includes('Alice-secret')).toBe(false);
      }
      expect(await readFile(join(folder, 'apf/kafka/fink/broker.log'), 'utf8')).not.toMatch(
        /(Alice|Bob)-secret/,
      );
    });

    it("3.9 what Fink's producer writes, its test consumer reads, both logged in", async () => {
      const { producer, consumer } = await accounts();
      const as = ({ username, password }: { username: string; password: string }): Account =>
        account(username, password);
      await produceAs(as(producer), 'fink_outstream', 'Hi from Fink');
      expect(await readAs(as(consumer), 'fink_outstream', 'spark-kafka-1')).toMatch(/^Hi from /);
      expect(await readAs(as(consumer), 'fink_outstream', 'mine')).toMatch(/Group authorization failed/);
    });

    it('3.1 stop, start: all of it is still there', async () => {
      expect(await fink(['stop'])).toMatchObject({ code: 0, stdout: 'Kafka Server stopped\n' });
      expect(await fink(['stop'])).toMatchObject({ code: 0, stdout: 'Kafka Server stopped\n' });
      expect(await fink(['start', '-c', conf], { FINK_HOME: folder })).toMatchObject({ code: 0 });
      expect((await fink(['--list-topics'])).stdout).toBe('fink_outstream\n');
      expect(await loginAs(account('Alice', 'Alice-secret'))).toBe('logged in');
    });

    it('3.1 start says why it failed, with exit code 1', async () => {
      const other = createServer();
      await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
      const taken = (other.address() as AddressInfo).port;
      await writeFile(join(folder, 'taken.conf'), `KAFKA_BROKER_IPPORT[0]=localhost:${taken}\n`);
      try {
        const more = { XDG_STATE_HOME: join(folder, 'elsewhere') };
        const ended = await fink(['start', '-c', join(folder, 'taken.conf')], more);
        expect(ended).toMatchObject({
          code: 1,
          stdout: expect.stringMatching(/Starting Kafka Server failed\n$/),
        });
        expect(ended.stderr).toBe(
          `fink_kafka: port ${taken} is taken by another program: stop it, or choose another port\n`,
        );
      } finally {
        other.close();
      }
    });
  });
});
