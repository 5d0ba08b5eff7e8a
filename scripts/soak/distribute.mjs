// kill -9 at random moments of `apf distribute`, which is started again each time, while two writers insert alerts whose
// transactions commit out of order: every row that should arrive must have arrived, and `apf consume` must read all of it
// with the schema file that was written. Rows that come twice are counted.
import { execFile, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { kafkaAdmin, startCluster } from '@apf/connectors';
import { alertRowsOf, makeAlertTable } from '../alert-table.mjs';
import { seeded } from '../read-topic.mjs';
import { startPostgres } from '../test/load-postgres.mjs';

const apf = fileURLToPath(new URL('../../packages/cli/bin/apf.js', import.meta.url));
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const LARGEST = 256 * 1024 * 1024;
/** What is distributed, and the rows that must arrive. */
const FILTERS = {
  rrlyr: { expression: "cdsxmatch == 'RRLyr'", wants: ({ cdsxmatch }) => cdsxmatch === 'RRLyr' },
  known: {
    expression: "cdsxmatch != 'Unknown'",
    wants: ({ cdsxmatch }) => !['Unknown', null].includes(cdsxmatch),
  },
};

export async function soak({ short }) {
  const kills = short ? 5 : 50;
  const seed = Number(process.env.APF_SEED ?? Date.now() % 1_000_000);
  const random = seeded(seed);
  console.error(`${kills} kills, seed ${seed} (APF_SEED repeats it)`);
  const dir = mkdtempSync(join(tmpdir(), 'apf-soak-distribute-'));
  const cluster = await startCluster({ dir: join(dir, 'kafka'), onProgress: (line) => console.error(line) });
  const server = await startPostgres();
  const params = await server.createDatabase();
  const database = await makeAlertTable({ ENGINE: 'postgres', PARAMS: params });
  const checkpoint = join(dir, 'checkpoint');
  const schema = join(dir, 'distribution_schema.avsc');
  const servers = cluster.bootstrapServers;
  const distribute = (...more) => {
    const args = ['distribute', '--database', addressOf(params), '--servers', servers, ...more];
    const options = ['--checkpoint', checkpoint, '--schema-out', schema, '--mark', 'status=distributed'];
    const folder = ['--dead-letters', join(dir, 'dead'), '--interval', '0.05'];
    const filters = Object.entries(FILTERS).flatMap(([name, { expression }]) => [
      '--filter',
      `${name}=${expression}`,
    ]);
    const child = spawn(process.execPath, [apf, ...args, ...options, ...folder, ...filters], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    child.said = '';
    child.stderr.on('data', (text) => (child.said += text));
    child.gone = new Promise((resolve) => child.once('exit', resolve));
    return child;
  };
  const position = () => (existsSync(checkpoint) ? readFileSync(checkpoint, 'utf8') : '');
  let child;
  const writing = new AbortController();
  const rows = [];
  try {
    const { createTopic } = kafkaAdmin({ servers });
    for (const topic of Object.keys(FILTERS)) await createTopic(topic, { partitions: 3 });
    const writers = write(database, rows, random, writing.signal);
    let killed = 0;
    while (killed < kills) {
      child = distribute();
      let over = false;
      void child.gone.then(() => (over = true));
      // It is met at work: once it has come further, at a random moment.
      for (const before = position(); !over && position() === before;) await sleep(20);
      await sleep(random() * 200);
      if (over) throw new Error(`the distribution ended by itself: ${child.said}`);
      child.kill('SIGKILL');
      await child.gone;
      killed++;
      if (killed % 10 === 0) console.error(`${killed} kills, ${rows.length} rows`);
    }
    writing.abort();
    await writers;
    child = distribute('--until-eos');
    const code = await child.gone;
    if (code !== 0) console.error(child.said);
    const topics = {};
    for (const [name, { wants }] of Object.entries(FILTERS)) {
      const wanted = new Set(rows.filter(wants).map(({ candid }) => String(candid)));
      const read = await consumed(servers, name, schema);
      const distinct = new Set(read);
      topics[name] = {
        wanted: wanted.size,
        lost: [...wanted].filter((id) => !distinct.has(id)).length,
        foreign: [...distinct].filter((id) => !wanted.has(id)).length,
        repeated: read.length - distinct.size,
      };
    }
    const exact = Object.values(topics).every(({ lost, foreign }) => lost === 0 && foreign === 0);
    return { good: code === 0 && exact, kills: killed, rows: rows.length, topics, seed };
  } finally {
    writing.abort();
    child?.kill('SIGKILL');
    await child?.gone;
    await database.close();
    await server.stop();
    await cluster.stop();
    rmSync(dir, { recursive: true, force: true });
  }
}

/** Two writers, each a transaction at a time that stays open for a while: ids that were drawn first often commit last. */
async function write({ kysely }, rows, random, signal) {
  const source = alertRowsOf();
  const writer = async () => {
    while (!signal.aborted) {
      const taken = Array.from({ length: 1 + Math.floor(random() * 15) }, () => source.next().value);
      await kysely.transaction().execute(async (transaction) => {
        await transaction.insertInto('alert').values(taken).execute();
        await sleep(50 + random() * 150);
      });
      rows.push(...taken);
    }
  };
  await Promise.all([writer(), writer()]);
}

async function consumed(servers, topic, schema) {
  const args = ['consume', '--servers', servers, '--topics', topic, '--no-group', '--until-eos'];
  const form = ['--schema', schema, '--format', 'json', '--fields', 'candid'];
  const { stdout } = await promisify(execFile)(process.execPath, [apf, ...args, ...form], {
    maxBuffer: LARGEST,
  });
  return [...stdout.matchAll(/"candid":(\d+)/g)].map(([, id]) => id);
}

function addressOf({ HOST, PORT, USER, PASSWORD, DB_NAME }) {
  const login = `${encodeURIComponent(USER)}${PASSWORD ? `:${encodeURIComponent(PASSWORD)}` : ''}`;
  return `postgres://${login}@${HOST}:${PORT}/${DB_NAME}`;
}
