import RdKafka from 'node-rdkafka';
import { kafkaAdmin } from '../../src/administration/kafka-admin.js';
import type { ScramMechanism } from '../../src/administration/names.js';

/** Whom a client says it is; without a name it does not log in. */
export interface Account {
  readonly servers: string;
  readonly username?: string;
  readonly password?: string;
  readonly mechanism?: ScramMechanism;
}

export function paramsOf(account: Account): RdKafka.GlobalConfig {
  const { servers, username, password, mechanism = 'SCRAM-SHA-512' } = account;
  return {
    'bootstrap.servers': servers,
    ...(username === undefined || password === undefined
      ? {}
      : {
          'security.protocol': 'sasl_plaintext',
          'sasl.mechanisms': mechanism,
          'sasl.username': username,
          'sasl.password': password,
        }),
  };
}

/** The first message's value, or the first error. */
export function readAs(account: Account, topic: string, group: string): Promise<string> {
  return new Promise((resolve) => {
    const consumer = new RdKafka.KafkaConsumer(
      { ...paramsOf(account), 'group.id': group, 'enable.auto.commit': false, log_level: 0 },
      { 'auto.offset.reset': 'earliest' },
    );
    let ended = false;
    const end = (said: string): void => {
      if (ended) return;
      ended = true;
      consumer.disconnect(() => resolve(said));
    };
    const poll = (): void => {
      if (ended) return;
      consumer.consume(1, (error: RdKafka.LibrdKafkaError | null, messages: RdKafka.Message[]) => {
        if (error) end(error.message);
        else if (messages[0]) end(String(messages[0].value));
        else poll();
      });
    };
    // A login that is refused is told as an event, again and again; only then is it no passing fault.
    consumer.on('event.error', ({ message }) => {
      if (/authenticat/i.test(message)) end(message);
    });
    consumer.connect({}, (error) => {
      if (error) return end(error.message);
      consumer.subscribe([topic]);
      poll();
    });
  });
}

/** Resolves when the broker has the message. */
export async function produceAs(account: Account, topic: string, ...values: string[]): Promise<void> {
  const producer = new RdKafka.Producer({ ...paramsOf(account), dr_cb: true, log_level: 0 });
  producer.setPollInterval(20);
  await new Promise<void>((resolve, reject) => {
    producer.connect({}, (error) => (error ? reject(new Error(error.message)) : resolve()));
  });
  try {
    await new Promise<void>((resolve, reject) => {
      let unconfirmed = values.length;
      producer.on('delivery-report', (error) => {
        if (error) reject(new Error(error.message));
        else if (--unconfirmed === 0) resolve();
      });
      for (const value of values) producer.produce(topic, 0, Buffer.from(value));
    });
  } finally {
    await new Promise((resolve) => producer.disconnect(resolve));
  }
}

/** 'logged in', or what the broker says against it. */
export async function loginAs(account: Account): Promise<string> {
  try {
    await kafkaAdmin(account).listTopics();
    return 'logged in';
  } catch (error) {
    return (error as Error).message;
  }
}
