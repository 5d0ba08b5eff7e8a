import { type Account, produceAs, readAs } from './try-access.js';
import { onRealKafka, uniqueName } from './test-cluster.js';

onRealKafka('acl', 'ACLs', (kafka) => {
  const user = uniqueName('reader');
  const prefix = uniqueName('survey');
  const [open, closed] = [`${prefix}_alerts`, uniqueName('private')];

  beforeAll(async () => {
    for (const topic of [open, closed]) {
      await kafka.createTopic(topic);
      await produce(topic);
    }
    await kafka.addUser(user, 'secret');
    await kafka.allow({ user, topic: prefix, group: prefix, prefix: true, operations: ['READ', 'DESCRIBE'] });
  });

  it('let a user read the topics and join the groups that begin with the prefix', async () => {
    expect(await read(open, `${prefix}-step`)).toBe('alert');
  });

  it('refuse a topic that begins otherwise', async () => {
    expect(await read(closed, `${prefix}-step-2`)).toMatch(/Topic authorization failed/i);
  });

  it('refuse a group that begins otherwise', async () => {
    expect(await read(open, uniqueName('group'))).toMatch(/Group authorization failed/i);
  });

  it('refuse to let a reader write', async () => {
    await expect(produce(open, account())).rejects.toThrow(/Topic authorization failed/i);
  });

  it('let one user write where another may only read', async () => {
    const writer = uniqueName('writer');
    await kafka.addUser(writer, 'secret');
    await kafka.allow({ user: writer, topic: open, operations: ['WRITE'] });
    await expect(produce(open, account(writer))).resolves.toBeUndefined();
  });

  it('without the prefix allow that one name only', async () => {
    const literal = uniqueName('literal');
    await kafka.addUser(literal, 'secret');
    await kafka.allow({ user: literal, topic: prefix, group: literal, operations: ['READ'] });
    expect(await read(open, literal, literal)).toMatch(/Topic authorization failed/i);
  });

  const account = (username = user): Account => ({
    servers: kafka.saslServers,
    username,
    password: 'secret',
    mechanism: 'SCRAM-SHA-256',
  });

  const read = (topic: string, group: string, name = user): Promise<string> =>
    readAs(account(name), topic, group);

  const produce = (topic: string, as: Account = { servers: kafka.bootstrapServers }): Promise<void> =>
    produceAs(as, topic, 'alert');
});
