// kill -9 at random moments of a Kafka → step → Kafka run, with rebalances: no alert may be missing at the end.
// `soak -- transactions` is the same with Kafka transactions: there none may be in it twice either.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startCluster } from '@apf/connectors';
import RdKafka from 'node-rdkafka';
import { readTopic, seeded } from '../read-topic.mjs';

const child = fileURLToPath(new URL('./kill-child.mjs', import.meta.url));
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

export function soak(options) {
  return killAgain({ ...options, exactly: false });
}

/** @param exactly whether the step writes in transactions, so that nothing may be there twice */
export async function killAgain({ short, exactly }) {
  const few = exactly ? 4 : 8;
  const kills = short ? few : 100;
  const alerts = short ? few * 500 : 50_000;
  const partitions = 4;
  const seed = Number(process.env.APF_SEED ?? Date.now() % 1_000_000);
  const random = seeded(seed);
  console.error(
    `${kills} kills, ${alerts} alerts, ${partitions} partitions, seed ${seed} (APF_SEED repeats it)`,
  );
  const dir = mkdtempSync(join(tmpdir(), 'apf-soak-'));
  const cluster = await startCluster({ dir, onProgress: (line) => console.error(line) });
  const workers = new Set();
  // Who takes over the id of a transaction ends what its former owner has left open.
  const ids = ['one', 'two', 'three'];
  const start = () => {
    const id = ids.find((one) => ![...workers].some((worker) => worker.id === one));
    const worker = spawn(process.execPath, [child, cluster.bootstrapServers, ...(exactly ? [id] : [])], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    worker.id = id;
    workers.add(worker);
    worker.gone = new Promise((resolve) => worker.once('exit', resolve)).then(() => workers.delete(worker));
    return worker;
  };
  try {
    await cluster.createTopic('in', { partitions });
    await cluster.createTopic('out', { partitions });
    await produceIds(cluster.bootstrapServers, alerts, partitions);
    start();
    start();
    for (let done = 0; done < kills; done++) {
      await sleep(200 + random() * 3_800);
      const victim = [...workers][Math.floor(random() * workers.size)];
      victim.kill('SIGKILL');
      await victim.gone;
      start();
      // A third member comes and goes now and then, by SIGTERM: a rebalance without a crash.
      if (random() < 0.3 && workers.size < 3) start();
      else if (workers.size > 2) [...workers][0].kill('SIGTERM');
      if (done % 10 === 9) console.error(`${done + 1} kills`);
    }
    const deadline = Date.now() + 300_000;
    let seen = await outIds(cluster.bootstrapServers);
    while (seen.distinct < alerts && Date.now() < deadline) {
      await sleep(3_000);
      seen = await outIds(cluster.bootstrapServers);
    }
    // A repetition would come now.
    if (exactly) await sleep(8_000);
    seen = await outIds(cluster.bootstrapServers);
    const lost = alerts - seen.distinct;
    const repeated = seen.total - seen.distinct;
    // What one process can have in hand, uncommitted, when it dies: see `limit` in packages/core/src/run/runner.ts.
    const bound = exactly ? 0 : kills * (1_000 + 2 * 100);
    const good = lost === 0 && repeated <= bound;
    return { good, kills, alerts, lost, repeated, bound, seed };
  } finally {
    for (const worker of workers) worker.kill('SIGKILL');
    await Promise.all([...workers].map((worker) => worker.gone));
    await cluster.stop();
    rmSync(dir, { recursive: true, force: true });
  }
}

async function produceIds(servers, count, partitions) {
  const producer = new RdKafka.HighLevelProducer({ 'bootstrap.servers': servers, 'linger.ms': 20 });
  await new Promise((resolve, reject) =>
    producer.connect({}, (error) => (error ? reject(error) : resolve())),
  );
  for (let id = 0; id < count; id++) {
    producer.produce(
      'in',
      id % partitions,
      Buffer.from(JSON.stringify({ id })),
      String(id),
      Date.now(),
      () => undefined,
    );
    if (id % 5_000 === 4_999) await sleep(50);
  }
  await new Promise((resolve, reject) =>
    producer.flush(60_000, (error) => (error ? reject(error) : resolve())),
  );
  await new Promise((resolve) => producer.disconnect(resolve));
}

async function outIds(servers) {
  const ids = (await readTopic(servers, 'out')).map(({ value }) => JSON.parse(String(value)).id);
  return { total: ids.length, distinct: new Set(ids).size };
}
