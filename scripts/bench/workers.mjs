// What a second worker brings: alerts/s of one process and of two over four partitions, with an `execute` that waits
// 5 ms (another service, say) and with one that computes for as long.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { startCluster } from '@apf/connectors';
import RdKafka from 'node-rdkafka';

const child = fileURLToPath(new URL('./workers-child.mjs', import.meta.url));
const PARTITIONS = 4;
/** Milliseconds of each scrape of /metrics while the workers have all hands full. */
const scrapes = [];
const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
const round = (value) => Math.round(value * 100) / 100;

export async function bench({ short }) {
  const count = short ? 800 : 4_000;
  const rounds = short ? 1 : 3;
  const dir = mkdtempSync(join(tmpdir(), 'apf-bench-'));
  const cluster = await startCluster({ dir, onProgress: (line) => console.error(line) });
  const rates = {};
  try {
    for (let round = 1; round <= rounds; round++) {
      for (const kind of ['waits', 'computes']) {
        for (const workers of [1, 2]) {
          const name = `${kind}${workers}`;
          const topic = `${name}-${round}`;
          await cluster.createTopic(topic, { partitions: PARTITIONS });
          const rate = await measure(cluster.bootstrapServers, topic, kind, workers, count);
          (rates[name] ??= []).push(rate);
          console.error(
            `round ${round}: ${workers} worker(s), execute ${kind} 5 ms: ${Math.round(rate)} alerts/s`,
          );
        }
      }
    }
  } finally {
    await cluster.stop();
    rmSync(dir, { recursive: true, force: true });
  }
  const rate = Object.fromEntries(Object.entries(rates).map(([name, all]) => [name, median(all)]));
  return {
    alerts: count,
    partitions: PARTITIONS,
    rounds,
    rate: Object.fromEntries(Object.entries(rate).map(([name, value]) => [name, Math.round(value)])),
    workersRatio: round(rate.waits2 / rate.waits1),
    cpuBoundRatio: round(rate.computes2 / rate.computes1),
    scrapeMs: { median: round(median(scrapes)), slowest: round(Math.max(...scrapes)) },
  };
}

/** Alerts come once each worker has its share of the partitions, so that starting up is not measured. */
async function measure(servers, topic, kind, workers, count) {
  const step = spawn(process.execPath, [child, servers, topic, kind], {
    env: { ...process.env, WORKERS: String(workers), PROMETHEUS: 'true', APF__PROMETHEUS_PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(step, 'exit');
  const shares = new Map();
  const spans = [];
  let url;
  let shared;
  let done;
  const balanced = new Promise((resolve) => (shared = resolve));
  const all = new Promise((resolve) => (done = resolve));
  createInterface(step.stdout).on('line', (text) => {
    const line = JSON.parse(text);
    url ??= line.url;
    if (line.first !== undefined) spans.push(line);
    if (spans.length === workers) done();
    const share = line.all ?? line.left;
    if (share === undefined || line.partitions === undefined) return;
    shares.set(line.worker ?? 1, share);
    if (shares.size === workers && [...shares.values()].every((own) => own === PARTITIONS / workers))
      shared();
  });
  await balanced;
  // The first question of all loads this process's own client, which is not what is measured.
  await (await fetch(`${url}/metrics`)).text();
  await produce(servers, topic, count);
  await executed(url, count);
  step.kill('SIGTERM');
  await ended;
  await all;
  const alerts = spans.reduce((sum, span) => sum + span.count, 0);
  const from = Math.min(...spans.map(({ first }) => first));
  const to = Math.max(...spans.map(({ last }) => last));
  return (1_000 * alerts) / (to - from);
}

async function produce(servers, topic, count) {
  const producer = new RdKafka.Producer({ 'bootstrap.servers': servers });
  await new Promise((resolve, reject) =>
    producer.connect({}, (error) => (error ? reject(error) : resolve())),
  );
  for (let i = 0; i < count; i++) producer.produce(topic, i % PARTITIONS, Buffer.from(`{"i":${i}}`));
  await new Promise((resolve, reject) =>
    producer.flush(30_000, (error) => (error ? reject(error) : resolve())),
  );
  await new Promise((resolve) => producer.disconnect(resolve));
}

/** Resolves once the workers have executed so many alerts together. */
async function executed(url, count) {
  for (;;) {
    const asked = performance.now();
    const text = await (await fetch(`${url}/metrics`)).text();
    scrapes.push(performance.now() - asked);
    const total = /^apf_executed_total\{[^}]*\} (\d+)/m.exec(text)?.[1];
    if (Number(total) >= count) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
