// How fast rows are written beside hand-written bulk statements, on both databases: 100,000 rows of 20 columns, upserted
// 1,000 at a time, each batch a transaction, in interleaved rounds on tables that are empty at first.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silent, systemClock } from '@apf/core';
import Database from 'better-sqlite3';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { SqlStore } from '../../packages/connectors/dist/sql/write/sql-store.js';
import { startPostgres } from '../test/load-postgres.mjs';

const BATCH = 1_000;
/** Name, and type in PostgreSQL and in SQLite. */
const COLUMNS = [
  ['candid', 'bigint', 'BIGINT'],
  ['oid', 'text', 'TEXT'],
  ['mjd', 'double precision', 'DOUBLE'],
  ['fid', 'integer', 'INTEGER'],
  ['ra', 'double precision', 'DOUBLE'],
  ['dec', 'double precision', 'DOUBLE'],
  ['mag', 'real', 'FLOAT'],
  ['sigmag', 'real', 'FLOAT'],
  ['isdiffpos', 'boolean', 'BOOLEAN'],
  ['rb', 'double precision', 'DOUBLE'],
  ['field', 'text', 'TEXT'],
  ...Array.from({ length: 9 }, (_, i) => [`f${i}`, 'double precision', 'DOUBLE']),
];
const NAMES = COLUMNS.map(([name]) => name);
const SETS = NAMES.slice(1).map((name) => `${name} = excluded.${name}`);
const CONFLICT = `on conflict (candid) do update set ${SETS.join(', ')}`;

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
const columns = (engine) =>
  COLUMNS.map(([name, postgres, sqlite], i) => {
    return `${name} ${engine === 'sqlite' ? sqlite : postgres}${i === 0 ? ' primary key' : ''}`;
  }).join(', ');

export async function bench({ short }) {
  const count = short ? 10_000 : 100_000;
  const rounds = short ? 2 : 5;
  const rows = detections(count);
  const figures = { rows: count, columns: COLUMNS.length, batch: BATCH, rounds };
  const dir = mkdtempSync(join(tmpdir(), 'apf-bench-db-'));
  try {
    const rates = await compare(await sqliteCases(dir), rows, rounds);
    figures.sqlite = rates;
    figures.sqliteRatio = ratio(rates);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
  const server = await startPostgres();
  try {
    const rates = await compare(await postgresCases(server.params), rows, rounds);
    figures.postgres = rates;
    figures.postgresRatio = ratio(rates);
  } finally {
    await server.stop();
  }
  return figures;
}

/** Ours beside the fastest of those written by hand. */
function ratio({ apf, ...byHand }) {
  return Math.round((100 * apf) / Math.max(...Object.values(byHand))) / 100;
}

/** Rows per second of each case, the median of the rounds. */
async function compare({ fresh, cases, close }, rows, rounds) {
  const rates = Object.fromEntries(Object.keys(cases).map((name) => [name, []]));
  // The first round is for the compiler alone.
  for (let round = 0; round <= rounds; round++) {
    for (const [name, write] of Object.entries(cases)) {
      await fresh();
      const from = performance.now();
      for (let i = 0; i < rows.length; i += BATCH) await write(rows.slice(i, i + BATCH), i);
      const rate = Math.round((1000 * rows.length) / (performance.now() - from));
      if (round === 0) continue;
      rates[name].push(rate);
      console.error(`round ${round} ${name.padEnd(10)} ${rate} rows/s`);
    }
  }
  await close();
  return Object.fromEntries(Object.entries(rates).map(([name, all]) => [name, median(all)]));
}

async function sqliteCases(dir) {
  const path = join(dir, 'bench.sqlite');
  const db = new Database(path);
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  const fresh = () => {
    db.exec(`drop table if exists t; create table t (${columns('sqlite')})`);
    db.pragma('wal_checkpoint(TRUNCATE)');
  };
  fresh();
  const sql = `insert into t (${NAMES}) values (${NAMES.map(() => '?')}) ${CONFLICT}`;
  const byHand = (batch) => {
    const insert = db.prepare(sql);
    db.transaction(() => {
      for (const row of batch) {
        insert.run(NAMES.map((name) => (typeof row[name] === 'boolean' ? Number(row[name]) : row[name])));
      }
    })();
  };
  const store = await storeFor({ ENGINE: 'sqlite', FILE_PATH: path });
  return {
    fresh,
    cases: { apf: apf(store), prepared: byHand },
    close: async () => {
      await store.close();
      db.close();
    },
  };
}

async function postgresCases(params) {
  const { HOST: host, PORT: port, USER: user, PASSWORD: password, DB_NAME: database } = params;
  const client = new pg.Client({ host, port, user, password, database });
  await client.connect();
  const fresh = async () => {
    await client.query(`drop table if exists t; create table t (${columns('postgres')})`);
    await client.query('checkpoint');
  };
  await fresh();
  await client.query(`create temporary table incoming (like t)`);
  const inTransaction = (write) => async (batch) => {
    await client.query('begin');
    await write(batch);
    await client.query('commit');
  };
  const tuples = Array.from(
    { length: BATCH },
    (_, row) => `(${NAMES.map((_name, i) => `$${row * NAMES.length + i + 1}`)})`,
  );
  const values = (batch) =>
    client.query({
      name: 'values',
      text: `insert into t (${NAMES}) values ${tuples} ${CONFLICT}`,
      values: batch.flatMap((row) => NAMES.map((name) => row[name])),
    });
  const arrays = COLUMNS.map(([, type], i) => `$${i + 1}::${type}[]`);
  const unnest = (batch) =>
    client.query({
      name: 'unnest',
      text: `insert into t (${NAMES}) select * from unnest(${arrays}) ${CONFLICT}`,
      values: NAMES.map((name) => batch.map((row) => row[name])),
    });
  const copy = async (batch) => {
    const text = batch.map((row) => NAMES.map((name) => cell(row[name])).join('\t')).join('\n');
    await new Promise((resolve, reject) => {
      const stream = client.query(copyFrom('copy incoming from stdin'));
      stream.once('finish', resolve).once('error', reject).end(`${text}\n`);
    });
    await client.query(`insert into t (${NAMES}) select ${NAMES} from incoming ${CONFLICT}`);
    await client.query('truncate incoming');
  };
  const store = await storeFor({ ENGINE: 'postgres', PARAMS: params });
  return {
    fresh,
    cases: {
      apf: apf(store),
      values: inTransaction(values),
      unnest: inTransaction(unnest),
      copy: inTransaction(copy),
    },
    close: async () => {
      await store.close();
      await client.end();
    },
  };
}

const cell = (value) => {
  if (value === null) return '\\N';
  return typeof value === 'string' ? value.replaceAll('\\', '\\\\') : String(value);
};

async function storeFor(config) {
  const store = new SqlStore({
    config: { OFFSETS: 'broker', TABLE: 't', ...config },
    folder: process.cwd(),
    consumer: 'bench',
    logger: silent,
    clock: systemClock,
  });
  await store.open();
  return store;
}

/** What the runner does with the results of a batch. */
const apf = (store) => async (batch, from) => {
  const changes = batch.map((row, i) => ({
    origin: { topic: 'bench', partition: 0, offset: from + i, value: null },
    table: undefined,
    kind: 'upsert',
    row,
    options: {},
  }));
  await store.begin([]);
  await store.write({ changes, marks: [] }, []);
  await store.commit([]);
};

function detections(count) {
  return Array.from({ length: count }, (_, i) => {
    const row = {
      candid: 2_000_000_000_000_000_000n + BigInt(i),
      oid: `ZTF20${(i % 20_000).toString(36).padStart(7, 'a')}`,
      mjd: 59_000 + i / 1_000,
      fid: 1 + (i % 2),
      ra: (i * 7.31) % 360,
      dec: ((i * 3.7) % 180) - 90,
      mag: Math.fround(17 + ((i * 0.37) % 4)),
      sigmag: Math.fround(((i * 0.11) % 10) / 10),
      isdiffpos: i % 3 === 0,
      rb: (i % 997) / 997,
      field: `field ${i}`,
    };
    for (let k = 0; k < 9; k++) row[`f${k}`] = (i + k) % 7 === 0 ? null : (i * (k + 1) * 1.618) % 1_000;
    return row;
  });
}
