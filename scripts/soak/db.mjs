// kill -9 at random moments of a Kafka → step → database run, with rebalances, and the database restarted twice: row for
// row what an undisturbed run leaves, and with OFFSETS 'database' a counter that was added to once for each alert.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openDatabase, startCluster } from '@apf/connectors';
import Database from 'better-sqlite3';
import RdKafka from 'node-rdkafka';
import { seeded } from '../read-topic.mjs';
import { startPostgres } from '../test/load-postgres.mjs';

const child = fileURLToPath(new URL('./db-child.mjs', import.meta.url));
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const TABLES = {
  alert: 'candid bigint primary key, oid text, mag double precision, note text',
  object: 'oid text primary key, n bigint',
  counter: 'id text primary key, n bigint',
};

export async function soak({ short }) {
  const kills = short ? 6 : 100;
  const alerts = short ? 3_000 : 50_000;
  const seed = Number(process.env.APF_SEED ?? Date.now() % 1_000_000);
  console.error(`${kills} kills of each, ${alerts} alerts, seed ${seed} (APF_SEED repeats it)`);
  const dir = mkdtempSync(join(tmpdir(), 'apf-soak-db-'));
  const cluster = await startCluster({ dir: join(dir, 'kafka'), onProgress: (line) => console.error(line) });
  const server = await startPostgres();
  const file = (name) => ({ ENGINE: 'sqlite', FILE_PATH: join(dir, `${name}.sqlite`) });
  const database = async () => ({ ENGINE: 'postgres', PARAMS: await server.createDatabase() });
  try {
    await cluster.createTopic('in', { partitions: 4 });
    await produceIds(cluster.bootstrapServers, alerts);
    const world = { dir, servers: cluster.bootstrapServers, alerts, kills, random: seeded(seed) };
    const undisturbed = await live({ ...world, kills: 0, group: 'undisturbed', config: file('undisturbed') });
    const postgres = await live({
      ...world,
      group: 'postgres',
      config: await database(),
      restart: async () => {
        await server.halt('immediate');
        await sleep(2_000);
        await server.resume();
      },
    });
    const config = file('sqlite');
    const sqlite = await live({ ...world, group: 'sqlite', config, restart: () => hold(config.FILE_PATH) });
    const same = (tables) => JSON.stringify(tables) === JSON.stringify(undisturbed);
    const figures = {
      counter: {
        undisturbed: counterOf(undisturbed),
        postgres: counterOf(postgres),
        sqlite: counterOf(sqlite),
      },
      sameRows: { postgres: same(postgres), sqlite: same(sqlite) },
    };
    const exact = Object.values(figures.counter).every((count) => count === String(alerts));
    return { good: exact && same(postgres) && same(sqlite), kills, alerts, ...figures, seed };
  } finally {
    await server.stop();
    await cluster.stop();
    rmSync(dir, { recursive: true, force: true });
  }
}

const counterOf = ({ counter }) => counter[0]?.n;

/** Two processes work until all is counted, while they are killed; gives the tables as they then are. */
async function live({ dir, servers, alerts, kills, random, group, config, restart }) {
  const database = await openDatabase(config);
  for (const [name, columns] of Object.entries(TABLES)) {
    await database.kysely.executeQuery({
      sql: `create table ${name} (${columns})`,
      parameters: [],
      query: { kind: 'RawNode' },
    });
  }
  const settings = JSON.stringify({
    CONSUMER_CONFIG: {
      CLASS: 'KafkaJsonConsumer',
      PARAMS: {
        'bootstrap.servers': servers,
        'group.id': group,
        'auto.offset.reset': 'earliest',
        'session.timeout.ms': 6_000,
        'heartbeat.interval.ms': 1_000,
      },
      TOPICS: 'in',
      'consume.messages': 100,
      'consume.timeout': 1,
    },
    DB_CONFIG: { ...config, TABLE: 'alert', OFFSETS: 'database' },
    DEAD_LETTERS: { DIRECTORY_PATH: join(dir, 'dead') },
    LOG_LEVEL: 'error',
  });
  const workers = new Set();
  const start = () => {
    const worker = spawn(process.execPath, [child, settings], { stdio: ['ignore', 'inherit', 'inherit'] });
    workers.add(worker);
    worker.gone = new Promise((resolve) => worker.once('exit', resolve)).then(() => workers.delete(worker));
  };
  try {
    start();
    start();
    for (let done = 0; done < kills; done++) {
      await sleep(200 + random() * 3_800);
      if (done === Math.floor(kills / 3) || done === Math.floor((2 * kills) / 3)) await restart();
      const victim = [...workers][Math.floor(random() * workers.size)];
      victim?.kill('SIGKILL');
      await victim?.gone;
      while (workers.size < 2) start();
      if (done % 10 === 9) console.error(`${group}: ${done + 1} kills, ${await countIn(database)} counted`);
    }
    const deadline = Date.now() + 600_000;
    while (Number(await countIn(database)) < alerts && Date.now() < deadline) await sleep(2_000);
    // A repetition would come now.
    await sleep(8_000);
    return await tablesOf(database);
  } finally {
    for (const worker of workers) worker.kill('SIGKILL');
    await Promise.all([...workers].map((worker) => worker.gone));
    await database.close();
  }
}

async function countIn({ kysely }) {
  const rows = await kysely
    .selectFrom('counter')
    .select('n')
    .execute()
    .catch(() => []);
  return rows[0]?.n ?? 0n;
}

async function tablesOf({ kysely }) {
  const tables = {};
  for (const [name, columns] of Object.entries(TABLES)) {
    const [key] = columns.split(' ', 1);
    const rows = await kysely.selectFrom(name).selectAll().execute();
    const plain = rows.map((row) => ({ ...row, ...texts(row) }));
    tables[name] = plain.sort((a, b) => (a[key] < b[key] ? -1 : 1));
  }
  return tables;
}

/** JSON knows no bigint. */
const texts = (row) =>
  Object.fromEntries(
    Object.entries(row).flatMap(([name, value]) =>
      typeof value === 'bigint' ? [[name, String(value)]] : [],
    ),
  );

/** A file cannot be restarted; another process keeps it to itself for a while. */
async function hold(path) {
  const other = new Database(path, { timeout: 10_000 });
  other.exec('begin immediate');
  await sleep(2_000);
  other.exec('commit');
  other.close();
}

async function produceIds(servers, count) {
  const producer = new RdKafka.HighLevelProducer({ 'bootstrap.servers': servers, 'linger.ms': 20 });
  await new Promise((resolve, reject) =>
    producer.connect({}, (error) => (error ? reject(error) : resolve())),
  );
  for (let id = 0; id < count; id++) {
    const value = Buffer.from(JSON.stringify({ id }));
    producer.produce('in', id % 4, value, String(id), Date.now(), () => undefined);
    if (id % 5_000 === 4_999) await sleep(50);
  }
  await new Promise((resolve, reject) =>
    producer.flush(60_000, (error) => (error ? reject(error) : resolve())),
  );
  await new Promise((resolve) => producer.disconnect(resolve));
}
