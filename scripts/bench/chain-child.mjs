// One step of scripts/bench/chain.mjs: node chain-child.mjs STEP INPUT SERVERS DB_CONFIG COUNT
import { clearInterval, setInterval } from 'node:timers';
import { fileURLToPath } from 'node:url';
import { buildRun } from '@apf/connectors';
import { silent } from '@apf/core';

const [step, input, servers, database, countText] = process.argv.slice(2);
const count = Number(countText);
const example = new URL('../../templates/examples/light-curve-chain/', import.meta.url);
const { default: settings } = await import(new URL(`dist/${step}/settings.js`, example).href);
const { default: StepClass } = await import(new URL(`dist/${step}/step.js`, example).href);
const { CONSUMER_CONFIG, PRODUCER_CONFIG, DB_CONFIG } = settings;
const producer = { ...PRODUCER_CONFIG, PARAMS: { 'bootstrap.servers': servers }, TOPIC: step };
delete producer.TOPIC_STRATEGY;
const { runner } = await buildRun(
  {
    CONSUMER_CONFIG: {
      ...CONSUMER_CONFIG,
      PARAMS: { ...CONSUMER_CONFIG.PARAMS, 'bootstrap.servers': servers },
      TOPICS: input,
      'consume.messages': 500,
      'consume.timeout': 0.2,
    },
    PRODUCER_CONFIG: producer,
    ...(DB_CONFIG && { DB_CONFIG: JSON.parse(database) }),
  },
  StepClass,
  { folder: fileURLToPath(new URL(`${step}/`, example)), env: {}, logger: silent },
);
const stop = new AbortController();
let began;
const watch = setInterval(() => {
  if (runner.stats.read > 0) began ??= performance.now();
  if (runner.stats.committed < count) return;
  clearInterval(watch);
  stop.abort();
}, 20);
const { stats } = await runner.run(stop.signal);
clearInterval(watch);
if (stats.deadLetters > 0) throw new Error(`${stats.deadLetters} dead letters`);
console.log(JSON.stringify({ rate: Math.round((1_000 * count) / (performance.now() - began)) }));
