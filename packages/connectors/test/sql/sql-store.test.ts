import { join } from 'node:path';
import { FatalError, type Row } from '@apf/core';
import { temporaryFolder } from '../wiring/temporary-folder.js';
import { ENGINES } from './both-databases.js';
import { StoreFixture, at, change, transact } from './store-fixture.js';

let fixture: StoreFixture | undefined;
afterEach(async () => {
  await fixture?.close();
  fixture = undefined;
});

describe.each(ENGINES)('writing to %s', (engine) => {
  const make = async (...tables: string[]): Promise<StoreFixture> =>
    (fixture = await StoreFixture.make(engine, ...tables));

  const COLUMNS =
    'id bigint primary key, small integer, ratio double precision, mag real, name text, ok boolean, doc {json}, raw {bytes}, seen {time}';
  const VALUES: readonly Row[] = [
    {
      id: 9_223_372_036_854_775_807n,
      small: -5,
      ratio: Infinity,
      mag: Math.fround(17.45),
      name: 'O\'Neil "x" \\ \n é 🌌',
      ok: true,
      doc: { candid: 9_007_199_254_740_993n, list: [1.5, null, { a: 'b' }] },
      raw: Buffer.from([0, 255, 10, 92]),
      seen: new Date('2026-03-15T04:05:06.789Z'),
    },
    {
      id: -9_223_372_036_854_775_808n,
      small: 2_147_483_647,
      ratio: -Infinity,
      mag: -0.5,
      name: '',
      ok: false,
      doc: [],
      raw: Buffer.alloc(0),
      seen: new Date(0),
    },
    {
      id: 1n,
      small: null,
      ratio: null,
      mag: null,
      name: null,
      ok: null,
      doc: null,
      raw: null,
      seen: null,
    },
  ];
  /** Enough rows for COPY. */
  const many = (count: number): Row[] =>
    Array.from({ length: count }, (_, i) => ({ ...VALUES[i % VALUES.length], id: BigInt(i) }));

  it.each([
    ['few', VALUES],
    ['many', many(2_500)],
  ])('keeps every value as it is: %s rows', async (_, rows) => {
    const { rows: found, open } = bind(await make(`create table t (${COLUMNS})`));
    const store = await open({});
    for (const _again of [1, 2]) {
      const refused = await transact(store, {
        changes: rows.map((row, i) => change(at(i), 'upsert', 't', row)),
      });
      expect(refused).toEqual([]);
      const sorted = [...rows].sort((a, b) => ((a['id'] as bigint) < (b['id'] as bigint) ? -1 : 1));
      expect(await found('select * from t order by id')).toEqual(sorted);
    }
  });

  it('holds NaN where the engine can', async () => {
    const { rows, open } = bind(
      await make('create table t (id bigint primary key, x double precision, y real)'),
    );
    const row = { id: 1n, x: NaN, y: NaN };
    await transact(await open({}), { changes: [change(at(0), 'upsert', 't', row)] });
    expect(await rows('select * from t')).toEqual([engine === 'sqlite' ? { id: 1n, x: null, y: null } : row]);
  });

  it('takes values in the forms that alerts have them in', async () => {
    const { rows, open } = bind(await make(`create table t (${COLUMNS})`));
    const row = {
      id: '42',
      small: 7n,
      ratio: '1.5',
      mag: 3n,
      name: 12n,
      ok: 't',
      doc: 'text',
      seen: 86_400_000,
    };
    const refused = await transact(await open({}), { changes: [change(at(0), 'upsert', 't', row)] });
    expect(refused).toEqual([]);
    expect(await rows('select * from t')).toEqual([
      {
        id: 42n,
        small: 7,
        ratio: 1.5,
        mag: 3,
        name: '12',
        ok: true,
        doc: 'text',
        raw: null,
        seen: new Date(86_400_000),
      },
    ]);
  });

  it.each<[string, Row, RegExp]>([
    ['text for a number', { ratio: 'faint' }, /"ratio" cannot take "faint": it is no number/],
    ['a fraction for an integer', { small: 1.5 }, /"small" cannot take 1.5: it is no 64-bit integer/],
    ['an integer beyond 64 bits', { id: 2n ** 63n }, /"id" cannot take 9223372036854775808: it is no 64-bit/],
    ['a word for a truth', { ok: 'maybe' }, /"ok" cannot take "maybe": it is neither true nor false/],
    ['text for bytes', { raw: 'abc' }, /"raw" cannot take "abc": it is not bytes/],
    ['bytes for text', { name: Buffer.from('abc') }, /"name" cannot take 3 bytes: it is no text/],
    ['a word for a time', { seen: 'yesterday' }, /"seen" cannot take "yesterday": it is no time/],
    ['a column that is not there', { colour: 1 }, /the table "t": there is no column "colour"/],
    ['no key', { id: undefined }, /the table "t": the row has no "id", which tells rows apart/],
  ])('refuses %s, and writes what stands beside it', async (_, wrong, why) => {
    const { rows, open } = bind(await make(`create table t (${COLUMNS})`));
    const changes = [1n, 2n, 3n].map((id, i) =>
      change(at(i), 'upsert', 't', { id, name: `n${id}`, ...(i === 1 ? wrong : {}) }),
    );
    const refused = await transact(await open({}), { changes });
    expect(refused.map(({ outgoing }) => outgoing.origin.offset)).toEqual([1]);
    expect(refused[0]?.error.message).toMatch(why);
    expect(await rows('select id from t order by id')).toEqual([{ id: 1n }, { id: 3n }]);
  });

  it('inserts, updates and deletes in the order that was asked for', async () => {
    const { rows, open } = bind(await make('create table t (id integer primary key, a integer, b text)'));
    const store = await open({});
    const steps: [Parameters<typeof change>[1], Row][] = [
      ['upsert', { id: 1, a: 1, b: 'first' }],
      ['upsert', { id: 1, a: 2 }],
      ['insert', { id: 1, a: 99, b: 'too late' }],
      ['insert', { id: 2, a: 1, b: 'two' }],
      ['update', { id: 2, b: 'changed' }],
      ['update', { id: 3, b: 'nobody' }],
      ['upsert', { id: 4, a: 4 }],
      ['delete', { id: 4, a: 'not looked at' }],
      ['upsert', { id: 5, a: 5 }],
      ['delete', { id: 5 }],
      ['insert', { id: 5, a: 6 }],
    ];
    const changes = steps.map(([kind, row], i) => change(at(i), kind, 't', row));
    for (const _again of [1, 2]) {
      await transact(store, { changes });
      expect(await rows('select * from t order by id')).toEqual([
        { id: 1, a: 2, b: 'first' },
        { id: 2, a: 1, b: 'changed' },
        { id: 5, a: 6, b: null },
      ]);
    }
  });

  it('adds to what stands there', async () => {
    const { rows, open } = bind(await make('create table t (oid text primary key, n bigint, last integer)'));
    const store = await open({});
    const count = (oid: string, n: number | bigint, last: number, i: number) =>
      change(at(i), 'upsert', 't', { oid, n, last }, { add: 'n' });
    await transact(store, {
      changes: [count('a', 1, 1, 0), count('b', 2n ** 53n, 2, 1), count('a', 1, 3, 2)],
    });
    await transact(store, { changes: [count('a', 1, 4, 3), count('b', 1, 5, 4)] });
    await transact(store, {
      changes: [change(at(5), 'update', 't', { oid: 'a', n: 10 }, { add: ['n'], key: ['oid'] })],
    });
    expect(await rows('select * from t order by oid')).toEqual([
      { oid: 'a', n: 13n, last: 4 },
      { oid: 'b', n: 2n ** 53n + 1n, last: 5 },
    ]);
  });

  it('tells rows apart by the columns that it is given', async () => {
    const { rows, open } = bind(
      await make(
        'create table t (id integer primary key, oid text, fid integer, n integer, unique (oid, fid))',
      ),
    );
    const store = await open({});
    const key = ['oid', 'fid'];
    await transact(store, {
      changes: [
        change(at(0), 'upsert', 't', { id: 1, oid: 'a', fid: 1, n: 1 }),
        change(at(1), 'upsert', 't', { id: 2, oid: 'a', fid: 2, n: 1 }, { key }),
        change(at(2), 'upsert', 't', { id: 9, oid: 'a', fid: 2, n: 2 }, { key }),
        change(at(3), 'update', 't', { oid: 'a', n: 5 }, { key: 'oid' }),
        change(at(4), 'delete', 't', { oid: 'a', fid: 1 }, { key }),
      ],
    });
    expect(await rows('select * from t')).toEqual([{ id: 9, oid: 'a', fid: 2, n: 5 }]);
  });

  it('quotes names as they are', async () => {
    const { rows, open } = bind(
      await make(
        'create table "my ""Table""; --" ("W1-W2" integer primary key, "select" text, "ünïcode" text)',
      ),
    );
    const store = await open({});
    const row = { 'W1-W2': 1, select: "'; drop table x; --", ünïcode: '?' };
    await transact(store, { changes: [change(at(0), 'upsert', 'my "Table"; --', row)] });
    expect(await rows('select * from "my ""Table""; --"')).toEqual([row]);
  });

  it('writes all rows of an alert or none, whatever breaks', async () => {
    const { rows, open } = bind(
      await make(
        'create table object (oid text primary key)',
        'create table detection (candid bigint primary key, oid text not null references object, mag real check (mag < 30))',
      ),
    );
    const store = await open({ TABLE: 'detection' });
    const changes = Array.from({ length: 100 }, (_, i) => {
      const bad = i === 13 || i === 14;
      const origin = at(i);
      return [
        change(origin, 'upsert', 'object', { oid: `o${i}` }),
        change(origin, 'upsert', undefined, {
          candid: i,
          oid: i === 99 ? 'nobody' : `o${i}`,
          mag: bad ? 31 : 20,
        }),
      ];
    }).flat();
    const refused = await transact(store, { changes });
    expect(refused.map(({ outgoing }) => outgoing.origin.offset)).toEqual([13, 14, 99]);
    expect(await rows('select count(*) as n from object')).toEqual([{ n: 97n }]);
    expect(await rows('select count(*) as n from detection')).toEqual([{ n: 97n }]);
  });

  it('finds the row that only the commit would refuse', async () => {
    const { rows, open } = bind(
      await make(
        'create table object (oid text primary key)',
        'create table detection (candid bigint primary key, oid text references object deferrable initially deferred)',
      ),
    );
    const store = await open({});
    const changes = [0, 1, 2, 3]
      .map((i) => at(i))
      .flatMap((origin, i) => [
        change(origin, 'upsert', 'detection', { candid: i, oid: i === 2 ? 'nobody' : `o${i}` }),
        change(origin, 'upsert', 'object', { oid: `o${i}` }),
      ]);
    await expect(transact(store, { changes })).rejects.toMatchObject({
      name: 'RetryableError',
      retryAfter: 0,
    });
    const refused = await transact(store, { changes });
    expect(refused.map(({ outgoing }) => outgoing.origin.offset)).toEqual([2]);
    expect(await rows('select candid from detection order by candid')).toEqual([
      { candid: 0n },
      { candid: 1n },
      { candid: 3n },
    ]);
  });

  it('sees a column that was added while it ran', async () => {
    const { rows, open, database } = bind(await make('create table t (id integer primary key)'));
    const store = await open({});
    await transact(store, { changes: [change(at(0), 'upsert', 't', { id: 1 })] });
    await rows('alter table t add column more text');
    expect(await transact(store, { changes: [change(at(1), 'upsert', 't', { id: 2, more: 'x' })] })).toEqual(
      [],
    );
    expect(await database.kysely.selectFrom('t').select('more').orderBy('id').execute()).toEqual([
      { more: null },
      { more: 'x' },
    ]);
  });

  it('stops at a table that is not there, and at one that tells no rows apart', async () => {
    const { open, database } = bind(await make('create table t (a integer)'));
    await expect(open({ TABLE: 'nowhere' })).rejects.toEqual(
      new FatalError(
        `there is no table "nowhere" in the database ${database.where}: make it with \`apf db init\`, or correct its name`,
      ),
    );
    const store = await open({});
    const writing = transact(store, { changes: [change(at(0), 'insert', 't', { a: 1 })] });
    await expect(writing).rejects.toEqual(
      new FatalError(
        'the table "t" has neither a primary key nor a unique index: name the columns that tell its rows apart ({ key: [...] }, or DB_CONFIG.KEY)',
      ),
    );
    const named = transact(store, { changes: [change(at(0), 'insert', 't', { a: 1 }, { key: 'a' })] });
    await expect(named).rejects.toThrow(
      /DB_CONFIG.KEY must name the columns of a primary key or of a unique index/,
    );
  });

  it('leaves results that are there already, with ON_CONFLICT', async () => {
    const { rows, open } = bind(await make('create table t (id integer primary key, n integer)'));
    const store = await open({ TABLE: 't', ON_CONFLICT: 'ignore' });
    for (const n of [1, 2])
      await transact(store, { changes: [change(at(n), 'upsert', undefined, { id: 1, n })] });
    expect(await rows('select * from t')).toEqual([{ id: 1, n: 1 }]);
  });

  it('makes the table of results from its schema, once for all that try, and leaves one that is there', async () => {
    const { open, rows } = bind(await make());
    const fields = [
      { name: 'candid', type: 'long' },
      { name: 'mag', type: ['null', 'float'] },
    ];
    const folder = temporaryFolder({
      'result.avsc': JSON.stringify({ type: 'record', name: 'result', fields }),
    });
    const config = { TABLE: 'result', SCHEMA_PATH: join(folder, 'result.avsc'), KEY: 'candid' };
    const stores = await Promise.all([open(config), open(config), open(config)]);
    for (const [id, store] of stores.entries()) {
      await transact(store, {
        changes: [change(at(id), 'upsert', undefined, { candid: 2n ** 60n + BigInt(id), mag: 0.5 })],
      });
    }
    expect(await rows('select * from result order by candid')).toEqual(
      [0n, 1n, 2n].map((id) => ({ candid: 2n ** 60n + id, mag: 0.5 })),
    );
    expect(await rows('select version from apf_migration')).toEqual([{ version: 1 }]);
  });

  it('answers questions with their parameters', async () => {
    const { open } = bind(await make('create table t (id bigint primary key, name text)'));
    const store = await open({});
    const names = ['a', "it's", '$1'];
    await transact(store, { changes: names.map((name, id) => change(at(id), 'upsert', 't', { id, name })) });
    expect(await store.query('select id from t where name = $2 or id = $1', [0n, "it's"])).toEqual([
      { id: 0n },
      { id: 1n },
    ]);
    await expect(store.query('select nothing from nowhere', [])).rejects.toThrow(FatalError);
  });
});

/** Its methods, to be used by themselves. */
const bind = (made: StoreFixture): Pick<StoreFixture, 'rows' | 'open' | 'database'> => ({
  rows: (query) => made.rows(query),
  open: (...args) => made.open(...args),
  database: made.database,
});
