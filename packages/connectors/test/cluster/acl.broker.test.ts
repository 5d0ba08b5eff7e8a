import RdKafka from 'node-rdkafka';
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

  function account(name = user): RdKafka.ProducerGlobalConfig {
    return {
      'bootstrap.servers': kafka.saslServers,
      'security.protocol': 'sasl_plaintext',
      'sasl.mechanisms': 'SCRAM-SHA-256',
      'sasl.username': name,
      'sasl.password': 'secret',
    };
  }

  /** The first message's value, or the first error. */
  function read(topic: string, group: string, name = user): Promise<string> {
    return new Promise((resolve) => {
      const consumer = new RdKafka.KafkaConsumer(
        { ...account(name), 'group.id': group, 'enable.auto.commit': false, log_level: 0 },
        { 'auto.offset.reset': 'earliest' },
      );
      const end = (said: string): void => {
        consumer.disconnect(() => resolve(said));
      };
      const poll = (): void => {
        consumer.consume(1, (error: RdKafka.LibrdKafkaError | null, messages: RdKafka.Message[]) => {
          if (error) end(error.message);
          else if (messages[0]) end(String(messages[0].value));
          else poll();
        });
      };
      consumer.connect({}, () => {
        consumer.subscribe([topic]);
        poll();
      });
    });
  }

  /** Resolves when the broker has the message. */
  async function produce(
    topic: string,
    config: RdKafka.ProducerGlobalConfig = { 'bootstrap.servers': kafka.bootstrapServers },
  ): Promise<void> {
    const producer = new RdKafka.Producer({ ...config, dr_cb: true, log_level: 0 });
    producer.setPollInterval(20);
    await new Promise<void>((resolve, reject) => {
      producer.connect({}, (error) => (error ? reject(new Error(error.message)) : resolve()));
    });
    try {
      await new Promise<void>((resolve, reject) => {
        producer.once('delivery-report', (error) => (error ? reject(new Error(error.message)) : resolve()));
        producer.produce(topic, 0, Buffer.from('alert'));
      });
    } finally {
      await new Promise((resolve) => producer.disconnect(resolve));
    }
  }
});
