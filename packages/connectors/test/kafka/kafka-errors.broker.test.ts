import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onRealKafka, uniqueName } from '../cluster/test-cluster.js';
import { closeSinks, produce, testSink, testSource } from './kafka-fixture.js';
import { Reader } from './reader.js';

afterEach(closeSinks);

onRealKafka('sasl', 'A Kafka that refuses', (kafka) => {
  const user = uniqueName('user');
  const login = {
    'security.protocol': 'sasl_plaintext',
    'sasl.mechanism': 'SCRAM-SHA-256',
    'sasl.username': user,
    'sasl.password': 'secret-1',
  };
  const [allowed, forbidden] = [uniqueName('allowed'), uniqueName('forbidden')];
  const readers: Reader[] = [];
  let scratch: string;

  beforeAll(async () => {
    scratch = await mkdtemp(join(tmpdir(), 'apf-errors-'));
    await kafka.addUser(user, 'secret-1');
    await kafka.createTopic(allowed);
    await kafka.createTopic(forbidden);
    await kafka.allow({ user, operations: ['READ'], topic: allowed });
    await kafka.allow({ user, operations: ['READ'], group: 'alerce-', prefix: true });
    await produce(kafka.bootstrapServers, allowed, ['one']);
  });
  afterAll(() => rm(scratch, { recursive: true }));
  afterEach(async () => {
    await Promise.all(readers.splice(0).map((reader) => reader.close()));
  });

  /** The error with which reading ends. */
  const failure = async (
    servers: string,
    topic: string,
    group: string,
    params: Record<string, unknown>,
    openTimeout = 10_000,
  ): Promise<unknown> => {
    const reader = new Reader(testSource(servers, topic, { group, params, openTimeout }).source);
    readers.push(reader);
    return reader
      .start()
      .then(
        () => reader.end(),
        (error: unknown) => error,
      )
      .catch((error: unknown) => error);
  };

  it('lets in who may read', async () => {
    const reader = new Reader(
      testSource(kafka.saslServers, allowed, { group: uniqueName('alerce-g'), params: login }).source,
    );
    readers.push(reader);
    await reader.start();
    await reader.count(1);
  });

  it('a wrong password is an error of authentication that does not show it', async () => {
    const error = await failure(kafka.saslServers, allowed, 'alerce-a', {
      ...login,
      'sasl.password': 'hidden-2',
    });
    expect(error).toMatchObject({ name: 'FatalError', code: 'APF_AUTHENTICATION' });
    expect(String(error)).toContain('refused the user name or the password');
    expect(String(error)).not.toContain('hidden-2');
  });

  it('a group without the prefix is an error that speaks of the prefix', async () => {
    const error = await failure(kafka.saslServers, allowed, 'my-group', login);
    expect(error).toMatchObject({ name: 'FatalError', code: 'APF_AUTHORIZATION' });
    expect(String(error)).toContain("'my-group'");
    expect(String(error)).toContain('must start with the prefix');
  });

  it('a topic that may not be read is an error that names it', async () => {
    const error = await failure(kafka.saslServers, forbidden, uniqueName('alerce-g'), login);
    expect(error).toMatchObject({ name: 'FatalError', code: 'APF_AUTHORIZATION' });
    expect(String(error)).toContain(`'${forbidden}'`);
  });

  it('a topic that may not be written to is an error that names it', async () => {
    const sink = testSink(kafka.saslServers, forbidden, {
      ...login,
      'topic.metadata.propagation.max.ms': 500,
    });
    await sink.open();
    const writing = sink.write([
      { value: 'x', origin: { topic: 't', partition: 0, offset: 0, value: null } },
    ]);
    await expect(writing.then(() => sink.flush(new AbortController().signal))).rejects.toMatchObject({
      name: 'FatalError',
      code: 'APF_AUTHORIZATION',
      message: expect.stringContaining(forbidden),
    });
    await sink.close();
  });

  it('a broker that an unknown authority has signed is an error that speaks of the CA file', async () => {
    const tls = { ...login, 'security.protocol': 'sasl_ssl' };
    const error = await failure(kafka.sslServers, allowed, 'alerce-t', tls);
    expect(error).toMatchObject({ name: 'FatalError', code: 'APF_BROKER' });
    expect(String(error)).toContain('ssl.ca.location');
    const reader = new Reader(
      testSource(kafka.sslServers, allowed, {
        group: uniqueName('alerce-g'),
        params: { ...tls, 'ssl.ca.location': kafka.caFile },
      }).source,
    );
    readers.push(reader);
    await reader.start();
    await reader.count(1);
  });

  it('a CA file that is none is an error of the settings', async () => {
    const file = join(scratch, 'ca.pem');
    await writeFile(file, 'not a certificate');
    const params = { ...login, 'security.protocol': 'sasl_ssl', 'ssl.ca.location': file };
    const error = await failure(kafka.sslServers, allowed, 'alerce-t', params);
    expect(error).toMatchObject({ name: 'FatalError', code: 'APF_SETTINGS' });
    expect(String(error)).toContain('ssl.ca.location');
  });

  it('no broker at all is an error once the time is up, after a line that it still tries', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    const { source, log } = testSource(`127.0.0.1:${port}`, allowed, { openTimeout: 4_000 });
    const reader = new Reader(source);
    await expect(reader.start()).rejects.toMatchObject({
      name: 'FatalError',
      code: 'APF_BROKER',
      message: expect.stringContaining(`no Kafka broker answers at 127.0.0.1:${port} within 4 s`),
    });
    await source.close();
    expect(log.matching(/still trying/)).toHaveLength(1);
  });

  it('a broker that hangs up on who comes without a login is an error that says so', async () => {
    const error = await failure(
      kafka.saslServers,
      allowed,
      'alerce-n',
      { 'security.protocol': 'plaintext' },
      2_000,
    );
    expect(error).toMatchObject({ name: 'FatalError', code: 'APF_BROKER' });
    expect(String(error)).toContain("as one that wants a login does (PARAMS['sasl.username'])");
  });

  it('a property that librdkafka does not know is an error of the settings', async () => {
    const error = await failure(kafka.bootstrapServers, allowed, 'alerce-x', { 'fetch.min.byte': 1 });
    expect(error).toMatchObject({ name: 'FatalError', code: 'APF_SETTINGS' });
    expect(String(error)).toContain('fetch.min.byte');
  });

  it('members that share partitions in another way are an error that names the property', async () => {
    const group = uniqueName('alerce-g');
    const range = { 'partition.assignment.strategy': 'range' };
    const first = new Reader(testSource(kafka.bootstrapServers, allowed, { group, params: range }).source);
    readers.push(first);
    await (await first.start()).count(1);
    const error = await failure(kafka.bootstrapServers, allowed, group, {});
    expect(error).toMatchObject({ name: 'FatalError', code: 'APF_SETTINGS' });
    expect(String(error)).toContain('partition.assignment.strategy');
  });
});
