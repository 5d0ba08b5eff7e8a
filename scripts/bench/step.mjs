// How much of the Kafka client's own speed is left: raw consumption, the same with our decoder and nothing else, and a
// no-op step, each in a process of its own, in interleaved rounds on one partition of a real broker.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startCluster } from '@apf/connectors';
import RdKafka from 'node-rdkafka';
import { alertBytes } from '../alert-bytes.mjs';

const child = fileURLToPath(new URL('./step-child.mjs', import.meta.url));
const run = promisify(execFile);
const CASES = ['raw', 'bareFull', 'bareProjected', 'stepFull', 'stepProjected'];
const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

export async function bench({ short }) {
  const count = short ? 20_000 : 200_000;
  const rounds = short ? 3 : 5;
  const dir = mkdtempSync(join(tmpdir(), 'apf-bench-'));
  const cluster = await startCluster({ dir, heap: '1g', onProgress: (line) => console.error(line) });
  try {
    const { alerts, what } = alertBytes();
    await cluster.createTopic('alerts', { config: { 'max.message.bytes': '16000000' } });
    await fill(cluster.bootstrapServers, 'alerts', alerts, count);
    console.error(`${count} alerts on one partition: ${what}`);
    const measured = Object.fromEntries(CASES.map((name) => [name, []]));
    for (let round = 0; round < rounds; round++) {
      for (const name of CASES) {
        const { stdout } = await run(process.execPath, [
          child,
          name,
          cluster.bootstrapServers,
          'alerts',
          String(count),
        ]);
        const figures = JSON.parse(stdout.trim().split('\n').at(-1));
        measured[name].push(figures);
        console.error(`round ${round + 1} ${name.padEnd(14)} ${JSON.stringify(figures)}`);
      }
    }
    const rate = Object.fromEntries(CASES.map((name) => [name, median(measured[name].map((m) => m.rate))]));
    const cpu = Object.fromEntries(
      CASES.map((name) => [name, median(measured[name].map((m) => m.cpuMicros))]),
    );
    const percent = (part, whole) => Math.round((1000 * part) / whole) / 10;
    return {
      alerts: count,
      rounds,
      input: what,
      rate,
      cpuMicros: cpu,
      bareFull: percent(rate.bareFull, rate.raw),
      bareProjected: percent(rate.bareProjected, rate.raw),
      stepFull: percent(rate.stepFull, rate.bareFull),
      stepProjected: percent(rate.stepProjected, rate.bareProjected),
      rssMB: Math.max(
        ...CASES.filter((name) => name.startsWith('step')).flatMap((name) =>
          measured[name].map((m) => m.rssMB),
        ),
      ),
    };
  } finally {
    await cluster.stop();
    rmSync(dir, { recursive: true, force: true });
  }
}

/** Writes `count` messages, the given ones over and over. */
export async function fill(servers, topic, alerts, count) {
  const producer = new RdKafka.HighLevelProducer({
    'bootstrap.servers': servers,
    'linger.ms': 20,
    'batch.size': 4_000_000,
    'queue.buffering.max.kbytes': 262_144,
    'message.max.bytes': 16_000_000,
  });
  await new Promise((resolve, reject) =>
    producer.connect({}, (error) => (error ? reject(error) : resolve())),
  );
  let delivered = 0;
  let failure;
  for (let sent = 0; sent < count && !failure;) {
    while (sent < count && sent - delivered < 5_000) {
      producer.produce(topic, 0, alerts[sent % alerts.length], null, Date.now(), (error) => {
        failure ??= error;
        delivered++;
      });
      sent++;
    }
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  await new Promise((resolve, reject) =>
    producer.flush(120_000, (error) => (error ? reject(error) : resolve())),
  );
  await new Promise((resolve) => producer.disconnect(resolve));
  if (failure) throw failure;
}
