// The process that scripts/soak/kill.mjs kills: node kill-child.mjs SERVERS [ID]
// With an id it writes in Kafka's transactions, by that id.
import { createCodec, FixedTopics, newStats, Runner, silent, Step, systemClock } from '@apf/core';
import { KafkaDeadLetterSink, KafkaSink, KafkaSource } from '@apf/connectors';

const [servers, id] = process.argv.slice(2);
const codec = createCodec({ framing: 'json' });
const logger = { ...silent, error: (fields, message) => console.error(message, fields) };
const stats = newStats();
const common = { logger, clock: systemClock };

class Pass extends Step {
  /** Slow enough that the kills meet it at work. */
  async execute(alert) {
    await new Promise((resolve) => setTimeout(resolve, 5));
    return alert;
  }
}

const stop = new AbortController();
process.once('SIGTERM', () => stop.abort());
const source = new KafkaSource({
  params: {
    'bootstrap.servers': servers,
    'group.id': 'soak',
    'auto.offset.reset': 'earliest',
    'session.timeout.ms': 6000,
    'heartbeat.interval.ms': 1000,
  },
  topics: new FixedTopics(['in']),
  stats,
  ...common,
});
// What nobody takes over is given up by the broker before long.
const transactional = id ? { 'transactional.id': id, 'transaction.timeout.ms': 10_000 } : {};
const runner = new Runner({
  step: new Pass(),
  source,
  codec,
  producer: new KafkaSink({
    params: { 'bootstrap.servers': servers, ...transactional },
    topics: ['out'],
    encode: (value) => codec.encode(value),
    ...(id ? { source } : {}),
    step: 'soak',
    version: '1',
    ...common,
  }),
  deadLetters: new KafkaDeadLetterSink({
    params: { 'bootstrap.servers': servers },
    topic: 'dead',
    ...common,
  }),
  name: 'soak',
  // A kill between producing and committing is what transactions are for: small batches make it likely.
  messages: id ? 10 : 100,
  timeout: 1,
  stats,
  logger,
});
await runner.run(stop.signal);
process.exit(0);
