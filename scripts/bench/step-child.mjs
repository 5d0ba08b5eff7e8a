// One measurement of scripts/bench/step.mjs: node step-child.mjs CASE SERVERS TOPIC COUNT
import { createCodec, FixedTopics, Runner, silent, Step, systemClock, newStats } from '@apf/core';
import { KafkaSource } from '@apf/connectors';
import RdKafka from 'node-rdkafka';

const [name, servers, topic, countText] = process.argv.slice(2);
const count = Number(countText);
const PARAMS = {
  'bootstrap.servers': servers,
  'group.id': `bench-${name}-${process.pid}`,
  'auto.offset.reset': 'earliest',
  'fetch.queue.backoff.ms': 5,
  'queued.max.messages.kbytes': 131_072,
  'fetch.message.max.bytes': 8 * 1024 * 1024,
};
const FIELDS = ['objectId', 'candid', 'candidate'];

let began;
let cpuBegan;
function begin() {
  began = process.hrtime.bigint();
  cpuBegan = process.cpuUsage();
}

function report(alerts) {
  const seconds = Number(process.hrtime.bigint() - began) / 1e9;
  const cpu = process.cpuUsage(cpuBegan);
  console.log(
    JSON.stringify({
      rate: Math.round(alerts / seconds),
      cpuMicros: Math.round((10 * (cpu.user + cpu.system)) / alerts) / 10,
      rssMB: Math.round(process.resourceUsage().maxRSS / 1024),
    }),
  );
}

function consume(each) {
  const consumer = new RdKafka.KafkaConsumer(
    { ...PARAMS, 'enable.auto.commit': false },
    // A topic configuration of its own hides the one among the global properties.
    { 'auto.offset.reset': 'earliest' },
  );
  let seen = 0;
  const next = () => {
    consumer.consume(500, (error, messages) => {
      if (error) throw error;
      if (began === undefined && messages.length > 0) begin();
      for (let i = 0; i < messages.length; i++) each(messages[i]);
      seen += messages.length;
      if (seen < count) next();
      else {
        report(seen);
        process.exit(0);
      }
    });
  };
  consumer.on('ready', () => {
    consumer.subscribe([topic]);
    next();
  });
  consumer.connect();
}

if (name === 'raw') consume(() => undefined);
else {
  const fields = name.endsWith('Projected') ? FIELDS : undefined;
  const codec = createCodec({ framing: 'container', fields });
  if (name.startsWith('bare')) consume((message) => codec.decode(message.value));
  else {
    const stop = new AbortController();
    let seen = 0;
    class NoOp extends Step {
      execute() {
        if (seen++ === 0) begin();
        if (seen === count) {
          report(seen);
          stop.abort();
        }
      }
    }
    const stats = newStats();
    const source = new KafkaSource({
      params: PARAMS,
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
    const runner = new Runner({
      step: new NoOp(),
      source,
      codec,
      deadLetters,
      name: 'bench',
      stats,
      messages: Number(process.env.APF_BENCH_MESSAGES ?? 500),
      timeout: 1,
    });
    await runner.run(stop.signal);
    process.exit(0);
  }
}
