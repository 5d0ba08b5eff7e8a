// One side of scripts/bench/latency.mjs: node latency-child.mjs producer|step SERVERS TOPIC MESSAGES SECONDS
import { createCodec, FixedTopics, Runner, silent, Step, systemClock, newStats } from '@apf/core';
import { KafkaSource } from '@apf/connectors';
import RdKafka from 'node-rdkafka';
import { alertBytes } from '../alert-bytes.mjs';

const [role, servers, topic, messages, seconds] = process.argv.slice(2);
const PER_SECOND = 300;
const total = PER_SECOND * Number(seconds);
/** The step joins its group before the first alert is counted. */
const WARM_UP = 2 * PER_SECOND;

async function produce() {
  const { alerts } = alertBytes();
  const producer = new RdKafka.Producer({
    'bootstrap.servers': servers,
    'linger.ms': 0,
    'message.max.bytes': 16_000_000,
  });
  producer.setPollInterval(50);
  await new Promise((resolve, reject) =>
    producer.connect({}, (error) => (error ? reject(error) : resolve())),
  );
  const began = performance.now();
  for (let sent = 0; sent < total + 3 * WARM_UP;) {
    const due = Math.floor(((performance.now() - began) * PER_SECOND) / 1000);
    for (; sent < due; sent++) producer.produce(topic, null, alerts[sent % alerts.length], null, Date.now());
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  await new Promise((resolve) => producer.flush(30_000, resolve));
  process.exit(0);
}

async function step() {
  const stop = new AbortController();
  const waits = [];
  let skipped = 0;
  class Measure extends Step {
    execute(_alert, context) {
      if (skipped < WARM_UP) {
        skipped++;
        return;
      }
      waits.push(Date.now() - context.timestamp);
      if (waits.length === total) stop.abort();
    }
  }
  const stats = newStats();
  const source = new KafkaSource({
    params: {
      'bootstrap.servers': servers,
      'group.id': `latency-${messages}`,
      'auto.offset.reset': 'earliest',
    },
    topics: new FixedTopics([topic]),
    logger: silent,
    clock: systemClock,
    stats,
  });
  const deadLetters = {
    open: async () => {},
    write: async () => {},
    flush: async () => {},
    close: async () => {},
  };
  const codec = createCodec({ framing: 'container' });
  const runner = new Runner({
    step: new Measure(),
    source,
    codec,
    deadLetters,
    name: 'latency',
    stats,
    messages: Number(messages),
    timeout: 1,
  });
  await runner.run(stop.signal);
  waits.sort((a, b) => a - b);
  const at = (share) => waits[Math.floor(share * (waits.length - 1))];
  console.log(
    JSON.stringify({
      p50ms: at(0.5),
      p99ms: at(0.99),
      maxMs: at(1),
      rssMB: Math.round(process.resourceUsage().maxRSS / 1024),
    }),
  );
  process.exit(0);
}

await (role === 'producer' ? produce() : step());
