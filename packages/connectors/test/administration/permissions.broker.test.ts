import { consumerAcls, producerAcls } from '../../src/administration/acl.js';
import { kafkaAdmin } from '../../src/administration/kafka-admin.js';
import { onRealKafka, uniqueName } from '../cluster/test-cluster.js';
import { type Account, loginAs, produceAs, readAs } from '../cluster/try-access.js';

const PASSWORD = 'correct horse';

onRealKafka('acl', 'users and their permissions', (kafka) => {
  const topic = uniqueName('alerts');
  const account = (username: string, password = PASSWORD): Account => ({
    servers: kafka.saslServers,
    username,
    password,
  });

  beforeAll(async () => {
    await kafka.createTopic(topic);
    await produceAs({ servers: kafka.bootstrapServers }, topic, 'alert');
  });

  async function newUser(stem: string): Promise<string> {
    const name = uniqueName(stem);
    await kafka.addUser(name, PASSWORD, 'SCRAM-SHA-512');
    return name;
  }

  it('a user is listed with mechanisms, and with nothing of the password', async () => {
    const user = await newUser('listed');
    await kafka.addUser(user, PASSWORD, 'SCRAM-SHA-256');
    const listed = (await kafka.listUsers()).find((one) => one.user === user);
    expect(listed).toEqual({
      user,
      mechanisms: [
        { mechanism: 'SCRAM-SHA-256', iterations: 4096 },
        { mechanism: 'SCRAM-SHA-512', iterations: 4096 },
      ],
    });
  });

  it('a user who was removed is refused at the next login, and removing twice is no error', async () => {
    const user = await newUser('leaver');
    await kafka.addUser(user, PASSWORD, 'SCRAM-SHA-256');
    expect(await loginAs(account(user))).toBe('logged in');
    expect(await kafka.removeUser(user)).toBe(true);
    expect(await loginAs(account(user))).toMatch(/refused user '.*' or the password$/);
    expect(await kafka.removeUser(user)).toBe(false);
    expect((await kafka.listUsers()).map((one) => one.user)).not.toContain(user);
  });

  it('a consumer reads what it was granted; without the grant, and after it was taken back, it does not', async () => {
    const user = await newUser('reader');
    const group = uniqueName('group');
    expect(await readAs(account(user), topic, group)).toMatch(/authorization failed/);
    const acls = consumerAcls({ user, topics: [topic], groups: [group] });
    expect(await kafka.addAcls(acls)).toEqual(acls);
    expect(await kafka.addAcls(acls)).toEqual([]);
    expect(await readAs(account(user), topic, group)).toBe('alert');
    expect(await readAs(account(user), topic, `${group}-2`)).toMatch(/Group authorization failed/);
    expect(await kafka.listAcls(user)).toHaveLength(3);
    expect(await kafka.removeAcls(acls)).toEqual(acls);
    expect(await kafka.removeAcls(acls)).toEqual([]);
    expect(await kafka.listAcls(user)).toEqual([]);
    expect(await readAs(account(user), topic, group)).toMatch(/authorization failed/);
  });

  it('a producer writes, and makes topics below its prefix', async () => {
    const user = await newUser('writer');
    const prefix = uniqueName('made-by-me');
    await expect(produceAs(account(user), topic, 'mine')).rejects.toThrow(/topic authorization failed/i);
    await kafka.addAcls(producerAcls({ user, topics: [topic, `${prefix}*`] }));
    await expect(produceAs(account(user), topic, 'mine')).resolves.toBeUndefined();
    const own = kafkaAdmin(account(user));
    await expect(own.ensureTopic(`${prefix}-1`)).resolves.toBe(true);
    await expect(own.ensureTopic(uniqueName('elsewhere'))).rejects.toMatchObject({
      code: 'APF_AUTHORIZATION',
    });
  });

  it('a permission for another address does not count', async () => {
    const user = await newUser('traveller');
    const group = uniqueName('group');
    const there = consumerAcls({ user, hosts: ['192.0.2.1'], topics: [topic], groups: [group] });
    await kafka.addAcls(there);
    expect(await readAs(account(user), topic, group)).toMatch(/authorization failed/);
    await kafka.addAcls(consumerAcls({ user, hosts: ['127.0.0.1'], topics: [topic], groups: [group] }));
    expect(await readAs(account(user), topic, group)).toBe('alert');
    await kafka.removeAcls(there);
    expect(await readAs(account(user), topic, group)).toBe('alert');
  });

  it.each(['', 'a b', 'a\u0007b', '*', 'User:x', 'x'.repeat(256)])(
    '%j is refused as a user',
    async (name) => {
      await expect(kafka.addUser(name, PASSWORD)).rejects.toThrow(/cannot name a user/);
    },
  );

  it.each(['', 'pässword', 'a\nb'])('%j is refused as a password, and not shown', async (password) => {
    const refused = kafka.addUser(uniqueName('user'), password);
    await expect(refused).rejects.toThrow(/^a password has at least one/);
  });

  describe('an administrator', () => {
    it('with a wrong password is told so, without the password', async () => {
      const user = await newUser('admin');
      await expect(
        kafkaAdmin(account(user, 'wrong') as Required<Account>).listTopics(),
      ).rejects.toMatchObject({
        code: 'APF_AUTHENTICATION',
        message: `topics could not be listed: the broker ${kafka.saslServers} refused user '${user}' or the password`,
      });
    });

    it('without permission is told so', async () => {
      const user = await newUser('nobody');
      const admin = kafkaAdmin(account(user));
      const refusal = `the broker ${kafka.saslServers} does not permit it to user '${user}': log in as an administrator`;
      for (const attempt of [() => admin.listUsers(), () => admin.listAcls(), () => admin.removeUser('x')]) {
        await expect(attempt()).rejects.toMatchObject({
          code: 'APF_AUTHORIZATION',
          message: expect.stringContaining(refusal),
        });
      }
    });

    it('is told where no broker answers', async () => {
      await expect(kafkaAdmin({ servers: '127.0.0.1:1' }).listTopics()).rejects.toMatchObject({
        code: 'APF_BROKER',
        message: expect.stringMatching(
          /^topics could not be listed: the broker 127\.0\.0\.1:1 cannot be reached: .*ECONNREFUSED/,
        ),
      });
      await expect(kafkaAdmin({ servers: kafka.sslServers }).listTopics()).rejects.toThrow(
        /cannot be reached: it closes the connection; does it want TLS or a login\?$/,
      );
    });
  });
});
