import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type AlertContext,
  type DeadLetter,
  Runner,
  type RunSummary,
  Step,
  silent,
  systemClock,
} from '@apf/core';
import { MemorySink, MemorySource, memoryCodec } from '@apf/core/testing';
import { startPostgres, type TestPostgres } from '../../../../scripts/test/postgres-for-tests.js';
import { openDatabase } from '../../src/sql/open-database.js';
import { sqliteHandle } from '../../src/sql/open-sqlite.js';
import { SqlStore } from '../../src/sql/write/sql-store.js';
import { StoreFixture, at, change, transact } from './store-fixture.js';

/** Runs `count` alerts, each adding one to a counter, and calls `during` once some are executed. */
async function run(
  config: ConstructorParameters<typeof SqlStore>[0]['config'],
  count: number,
  during: (executed: number) => void | Promise<void>,
): Promise<RunSummary & { readonly dead: readonly DeadLetter[] }> {
  class Count extends Step<number> {
    async execute(n: number, context: AlertContext): Promise<void> {
      await during(n);
      context.db.upsert('counter', { id: 'all', n: 1 }, { add: 'n' });
    }
  }
  const clock = { now: () => systemClock.now(), sleep: () => systemClock.sleep(20) };
  const store = new SqlStore({ config, folder: '.', consumer: 'g', logger: silent, clock });
  const deadLetters = new MemorySink<DeadLetter>();
  const runner = new Runner<number, never>({
    step: new Count(),
    source: new MemorySource(Array.from({ length: count }, (_, n) => n)),
    codec: memoryCodec(),
    database: store,
    deadLetters,
    name: 'count',
    clock,
  });
  return { ...(await runner.run()), dead: deadLetters.values };
}

describe('an outage of PostgreSQL', () => {
  let server: TestPostgres;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server.stop());

  const config = async (PARAMS: object = {}) => {
    const params = await server.createDatabase();
    await server.query('create table counter (id text primary key, n bigint)', params.DB_NAME);
    return { ENGINE: 'postgres', OFFSETS: 'database', PARAMS: { ...params, ...PARAMS } } as const;
  };
  const counted = async (name: string) => server.query('select n from counter', name);

  it.each(['fast', 'immediate'] as const)('(%s shutdown, and a start later) costs nothing', async (how) => {
    const settings = await config();
    let resumed: Promise<void> | undefined;
    const { stats, dead } = await run(settings, 3_000, async (n) => {
      if (n !== 1_000) return;
      await server.halt(how);
      resumed = systemClock.sleep(300).then(() => server.resume());
    });
    await resumed;
    expect(stats.retries).toBeGreaterThan(0);
    expect(dead).toEqual([]);
    expect(await counted(settings.PARAMS.DB_NAME)).toEqual([{ n: '3000' }]);
  });

  it('(every connection ended) costs nothing', async () => {
    const settings = await config();
    const { DB_NAME } = settings.PARAMS;
    const { dead } = await run(settings, 2_000, async (n) => {
      if (n % 500 !== 250) return;
      await server.query(
        `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${DB_NAME}' and pid <> pg_backend_pid()`,
        DB_NAME,
      );
    });
    expect(dead).toEqual([]);
    expect(await counted(DB_NAME)).toEqual([{ n: '2000' }]);
  });

  it('(a statement that takes too long) is tried again', async () => {
    const settings = await config({ STATEMENT_TIMEOUT: 0.2 });
    const { DB_NAME } = settings.PARAMS;
    const holder = await openDatabase({ ...settings, PARAMS: { ...settings.PARAMS, STATEMENT_TIMEOUT: 60 } });
    let release: () => void = () => undefined;
    const held = holder.kysely.transaction().execute(async (transaction) => {
      await transaction.insertInto('counter').values({ id: 'all', n: 0 }).execute();
      await new Promise<void>((resolve) => (release = resolve));
    });
    const { stats } = await run(settings, 200, (n) => {
      if (n === 199) void systemClock.sleep(600).then(release);
    });
    await held;
    await holder.close();
    expect(stats.retries).toBeGreaterThan(0);
    expect(await counted(DB_NAME)).toEqual([{ n: '200' }]);
  });

  it('(a deadlock) is tried again', async () => {
    const { PARAMS } = await config();
    const stores = await Promise.all(
      [0, 1].map(async () => {
        const store = new SqlStore({
          config: { ENGINE: 'postgres', OFFSETS: 'broker', PARAMS },
          folder: '.',
          consumer: 'g',
          logger: silent,
          clock: systemClock,
        });
        await store.open();
        return store;
      }),
    );
    const row = (id: string) => change(at(0), 'upsert', 'counter', { id, n: 1 }, { add: 'n' });
    const seed = stores[0]!;
    await transact(seed, { changes: [row('a'), row('b')] });
    const [one, two] = stores as [SqlStore, SqlStore];
    await one.begin([]);
    await two.begin([]);
    await one.write({ changes: [row('a')], marks: [] }, []);
    await two.write({ changes: [row('b')], marks: [] }, []);
    const outcomes = await Promise.allSettled([
      one.write({ changes: [row('b')], marks: [] }, []),
      two.write({ changes: [row('a')], marks: [] }, []),
    ]);
    const failed = outcomes.filter((outcome) => outcome.status === 'rejected');
    expect(failed).toHaveLength(1);
    expect(failed[0]?.reason).toMatchObject({ name: 'RetryableError' });
    for (const store of stores) {
      await store.abort();
      await store.close();
    }
  });
});

describe('an outage of SQLite', () => {
  let fixture: StoreFixture;
  beforeEach(async () => {
    fixture = await StoreFixture.make('sqlite', 'create table counter (id text primary key, n bigint)');
  });
  afterEach(() => fixture.close());

  it('(a file that another process holds) costs nothing', async () => {
    const { FILE_PATH } = fixture.config;
    const other = await sqliteHandle(FILE_PATH!);
    const config = { ENGINE: 'sqlite', OFFSETS: 'database', FILE_PATH: FILE_PATH! } as const;
    const { stats } = await run(config, 300, (n) => {
      if (n === 50) other.exec('begin immediate');
      if (n === 299) setTimeout(() => other.exec('commit'), 1_500);
    });
    other.close();
    expect(stats.retries).toBeGreaterThan(0);
    expect(await fixture.rows('select n from counter')).toEqual([{ n: 300n }]);
  });

  const root = process.getuid?.() === 0 && process.platform === 'linux';
  if (!root) console.warn('not root on Linux: a full disk is not tried, for want of a small one');
  (root ? it : it.skip)('(a full disk) costs nothing', async () => {
    const disk = mkdtempSync(join(tmpdir(), 'apf-full-'));
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=16m', 'tmpfs', disk]);
    try {
      const FILE_PATH = join(disk, 'small.sqlite');
      const config = { ENGINE: 'sqlite', OFFSETS: 'database', FILE_PATH } as const;
      const database = await openDatabase(config);
      await database.kysely.schema
        .createTable('counter')
        .addColumn('id', 'text', (column) => column.primaryKey())
        .addColumn('n', 'bigint')
        .execute();
      const ballast = join(disk, 'ballast');
      const { stats } = await run(config, 2_000, (n) => {
        if (n !== 500) return;
        fill(ballast);
        setTimeout(() => rmSync(ballast), 500);
      });
      expect(stats.retries).toBeGreaterThan(0);
      expect(await database.kysely.selectFrom('counter').select('n').execute()).toEqual([{ n: 2_000n }]);
      await database.close();
    } finally {
      execFileSync('umount', [disk]);
    }
  });
});

/** Writes until the disk takes nothing more. */
function fill(path: string): void {
  for (const size of [65_536, 4_096, 1]) {
    try {
      for (;;) appendFileSync(path, Buffer.alloc(size));
    } catch {
      // Full for this size.
    }
  }
}
