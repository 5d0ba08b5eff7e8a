import { randomBytes } from 'node:crypto';
import { EMBEDDED_LIMITS, type EmbeddedLimit } from '../../../../scripts/embedded-limits.js';
import { type KafkaAdmin, kafkaAdmin } from '../../src/administration/kafka-admin.js';
import type { Addresses } from '../../src/cluster/cluster.js';
import { startEmbeddedBroker } from '../../src/kafka/embedded-broker.js';

/** The Kafka that all test files of a run share: they make topics, groups and users of their own, and stop nothing. */
export interface TestCluster extends Addresses, KafkaAdmin {
  readonly caFile: string;
  readonly description: string;
}

/** A broker for what both kinds can do. */
export interface TestBroker {
  readonly kind: 'real' | 'embedded';
  readonly bootstrapServers: string;
  /** The name of a new, empty topic of four partitions. */
  newTopic(): Promise<string>;
}

/** Set for the whole run before any test file is loaded; see scripts/test/kafka-for-tests.ts. */
const shared = ((): TestCluster | undefined => {
  const given = process.env['APF_TEST_KAFKA'];
  if (given === undefined || given === 'none') return undefined;
  const addresses = JSON.parse(given) as Addresses & { caFile: string; description: string };
  return { ...addresses, ...kafkaAdmin({ servers: addresses.bootstrapServers }, addresses.saslServers) };
})();

/** A name that no other test has. */
export function uniqueName(stem: string): string {
  return `${stem}-${randomBytes(5).toString('hex')}`;
}

/**
 * Tests that only a real Kafka can run; `limit` says why the embedded broker cannot. Where there is no real Kafka they
 * are skipped, under a title with that reason.
 */
export function onRealKafka(limit: EmbeddedLimit, title: string, define: (kafka: TestCluster) => void): void {
  if (shared === undefined) {
    describe(`${title}: on real Kafka only, ${EMBEDDED_LIMITS[limit]}`, () => {
      it.skip('no real Kafka in this run', () => undefined);
    });
    return;
  }
  const kafka = shared;
  describe(`${title} (${kafka.description})`, () => define(kafka));
}

/** The same tests on the embedded broker and, where there is one, on a real Kafka. Ask for the broker inside a test. */
export function onEachBroker(title: string, define: (broker: () => TestBroker) => void): void {
  describe(`${title} (embedded broker)`, () => {
    let broker: TestBroker | undefined;
    let stop: (() => Promise<void>) | undefined;
    beforeAll(async () => {
      const embedded = await startEmbeddedBroker();
      stop = () => embedded.close();
      broker = {
        kind: 'embedded',
        bootstrapServers: embedded.bootstrapServers,
        newTopic: () => Promise.resolve(uniqueName('topic')),
      };
    });
    afterAll(() => stop?.());
    define(() => broker ?? beforeTests());
  });
  if (shared === undefined) return;
  const kafka = shared;
  describe(`${title} (${kafka.description})`, () => {
    define(() => ({
      kind: 'real',
      bootstrapServers: kafka.bootstrapServers,
      newTopic: async () => {
        const name = uniqueName('topic');
        await kafka.createTopic(name, { partitions: 4 });
        return name;
      },
    }));
  });
}

function beforeTests(): never {
  throw new Error('the embedded broker is there inside tests and hooks only');
}
