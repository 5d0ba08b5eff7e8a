import RdKafka from 'node-rdkafka';
import { FatalError } from '@apf/core';

export interface EmbeddedBroker {
  /** `host:port,…` on loopback, for any Kafka client. */
  readonly bootstrapServers: string;
  close(): Promise<void>;
}

/** librdkafka's mock cluster starts within a tenth of this, in ms. */
const START = 10_000;

/**
 * A Kafka broker within this process, for trying and for quick tests: librdkafka's own mock cluster. Using a topic makes
 * it, with 4 partitions. It keeps some 5 MB or 100,000 messages a partition and silently forgets the oldest; it knows
 * no SASL, ACLs, administration or times, and a group that changes waits for its session time-out (use
 * `session.timeout.ms` 6000).
 */
export async function startEmbeddedBroker({
  brokers = 1,
}: { brokers?: number } = {}): Promise<EmbeddedBroker> {
  const host = new RdKafka.Producer({
    'bootstrap.servers': 'embedded',
    // @ts-expect-error A property of librdkafka that node-rdkafka's types leave out.
    'test.mock.num.brokers': brokers,
  });
  const addresses = await new Promise<string[]>((resolve, reject) => {
    host.connect({ allTopics: false, timeout: START }, (error, metadata) => {
      if (error) {
        reject(
          new FatalError(`the embedded broker did not start: ${error.message}`, { code: 'APF_KAFKA_START' }),
        );
      } else {
        resolve(metadata.brokers.map((broker) => `${broker.host}:${broker.port}`));
      }
    });
  });
  return {
    bootstrapServers: addresses.join(','),
    close: () => new Promise((resolve) => host.disconnect(() => resolve())),
  };
}
