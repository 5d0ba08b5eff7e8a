import { adminLogin, kafkaAdmin, KafkaSink, startEmbeddedBroker } from '@apf/connectors';
import { codeOf, silent, systemClock, type Logger } from '@apf/core';

/** How long a broker may stay silent at the start, in ms. */
const OPEN = 10_000;
/** How long a message may wait for its confirmation, in ms, where nobody says otherwise. */
const CONFIRMED_WITHIN = 60_000;

export interface BrokerOptions {
  /** librdkafka's properties; an embedded broker is brought up without them. */
  readonly params: Readonly<Record<string, unknown>> | undefined;
  readonly topic: string;
  /** How many partitions the topic gets if it is made; 1 where absent. */
  readonly partitions: number | undefined;
  readonly say: (line: string) => void;
}

/** Where simulated alerts go. */
export interface SimulatedBroker {
  readonly servers: string;
  readonly embedded: boolean;
  readonly sink: KafkaSink<Buffer>;
  close(): Promise<void>;
}

/** Connects, and makes the topic where there is none. Rejects in one line where no broker answers. */
export async function simulatedBroker(options: BrokerOptions): Promise<SimulatedBroker> {
  const { topic, say } = options;
  const embedded = options.params === undefined ? await startEmbeddedBroker() : undefined;
  const params = options.params ?? { 'bootstrap.servers': embedded!.bootstrapServers };
  let opened = false;
  // A broker that is not there at the start is one error, without a warning before it.
  const warn = (_: object, message: string): void => {
    if (opened) say(`apf: ${message}`);
  };
  const logger: Logger = { ...silent, warn, error: warn };
  const sink = new KafkaSink<Buffer>({
    params: { 'message.timeout.ms': CONFIRMED_WITHIN, ...params },
    topics: [topic],
    encode: (bytes) => bytes,
    openTimeout: OPEN,
    logger,
    clock: systemClock,
  });
  const close = async (): Promise<void> => {
    await sink.close();
    await embedded?.close();
  };
  try {
    await sink.open();
    opened = true;
    if (!embedded) await prepareTopic(options, params);
  } catch (error) {
    await close();
    throw error;
  }
  return {
    servers: String(params['bootstrap.servers'] ?? params['metadata.broker.list']),
    embedded: embedded !== undefined,
    sink,
    close,
  };
}

async function prepareTopic(
  { topic, partitions, say }: BrokerOptions,
  params: Readonly<Record<string, unknown>>,
): Promise<void> {
  const admin = kafkaAdmin(adminLogin(params));
  try {
    const made = await admin.ensureTopic(topic, { partitions: partitions ?? 1 });
    if (made || partitions === undefined) return;
    const there = await admin.describeTopic(topic);
    if (there.partitions !== partitions) {
      say(
        `apf: the topic '${topic}' is there already, with ${there.partitions} partitions instead of ${partitions}`,
      );
    }
  } catch (error) {
    // Who may write to a topic need not be permitted to make or describe one.
    if (codeOf(error, 'APF_BROKER') !== 'APF_AUTHORIZATION') throw error;
  }
}
