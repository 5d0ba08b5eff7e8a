// kill -9 at random moments of `apf consume --save`, which is started again each time, every other time with workers, of
// which one is killed before: at the end its files must hold exactly the topic's alerts, each once.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { kafkaAdmin, startCluster } from '@apf/connectors';
import RdKafka from 'node-rdkafka';
import { seeded } from '../read-topic.mjs';

const apf = fileURLToPath(new URL('../../packages/cli/bin/apf.js', import.meta.url));
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

export async function soak({ short }) {
  const kills = short ? 5 : 20;
  const alerts = short ? 100_000 : 400_000;
  const seed = Number(process.env.APF_SEED ?? Date.now() % 1_000_000);
  const random = seeded(seed);
  console.error(`${kills} kills, ${alerts} alerts, seed ${seed} (APF_SEED repeats it)`);
  const dir = mkdtempSync(join(tmpdir(), 'apf-soak-'));
  const folder = join(dir, 'saved');
  const cluster = await startCluster({ dir: join(dir, 'kafka'), onProgress: (line) => console.error(line) });
  const files = () =>
    existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith('.jsonl')) : [];
  const start = (workers) => {
    const args = [
      'consume',
      '--servers',
      cluster.bootstrapServers,
      '--topics',
      'in',
      '--no-group',
      '--until-eos',
    ];
    const format = ['--format', 'json', '--save', folder, '--rotate-size', '0.02', '--rotate-time', '1'];
    if (workers > 1) format.push('--workers', String(workers));
    const child = spawn(process.execPath, [apf, ...args, ...format], { stdio: ['ignore', 'ignore', 'pipe'] });
    child.gone = new Promise((resolve) => child.once('exit', resolve));
    return child;
  };
  try {
    await kafkaAdmin({ servers: cluster.bootstrapServers }).createTopic('in', { partitions: 3 });
    await produceIds(cluster.bootstrapServers, alerts);
    let killed = 0;
    let over = false;
    let workersKilled = 0;
    while (killed < kills && !over) {
      const workers = killed % 2 === 1 ? 2 : 1;
      const child = start(workers);
      child.stderr.resume();
      void child.gone.then(() => (over = true));
      // It is met at work: once it has made a file, at a random moment.
      for (const before = files().length; !over && files().length === before;) await sleep(5);
      await sleep(random() * 60);
      if (over) break;
      const [worker] = childrenOf(child.pid);
      if (worker !== undefined) {
        process.kill(worker, 'SIGKILL');
        workersKilled++;
        await sleep(random() * 1_500);
      }
      child.kill('SIGKILL');
      await child.gone;
      killed++;
      over = false;
    }
    const last = start(2);
    let said = '';
    last.stderr.on('data', (text) => (said += text));
    const code = await last.gone;
    const ids = [];
    for (const name of files())
      for (const line of readFileSync(join(folder, name), 'utf8').trim().split('\n'))
        ids.push(JSON.parse(line).id);
    const distinct = new Set(ids).size;
    const left = readdirSync(folder).filter((file) => file.includes('.part')).length;
    if (code !== 0) console.error(said);
    const [lost, repeated] = [alerts - distinct, ids.length - distinct];
    return {
      good: code === 0 && killed === kills && lost === 0 && repeated === 0 && left === 0,
      kills: killed,
      workersKilled,
      alerts,
      lost,
      repeated,
      left,
      seed,
    };
  } finally {
    await cluster.stop();
    rmSync(dir, { recursive: true, force: true });
  }
}

/** The processes that a process has started (Linux). */
function childrenOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
      .trim()
      .split(' ')
      .filter(Boolean)
      .map(Number);
  } catch {
    return [];
  }
}

async function produceIds(servers, count) {
  const producer = new RdKafka.HighLevelProducer({ 'bootstrap.servers': servers, 'linger.ms': 20 });
  await new Promise((resolve, reject) =>
    producer.connect({}, (error) => (error ? reject(error) : resolve())),
  );
  for (let id = 0; id < count; id++) {
    producer.produce('in', id % 3, Buffer.from(JSON.stringify({ id })), null, Date.now(), () => undefined);
    if (id % 5_000 === 4_999) await sleep(20);
  }
  await new Promise((resolve, reject) =>
    producer.flush(120_000, (error) => (error ? reject(error) : resolve())),
  );
  await new Promise((resolve) => producer.disconnect(resolve));
}
