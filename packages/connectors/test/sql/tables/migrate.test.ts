import { type DatabaseSettings, FatalError, parseSchema, tableOf, type TableModel } from '@apf/core';
import { sql } from 'kysely';
import { migrate, openDatabase, planMigration, readTable, type SqlDatabase } from '../../../src/sql/index.js';
import { ENGINES, freshDatabase } from '../both-databases.js';

const open: SqlDatabase[] = [];

async function database(
  config?: DatabaseSettings,
  engine: (typeof ENGINES)[number] = 'sqlite',
): Promise<SqlDatabase> {
  const opened = await openDatabase(config ?? (await freshDatabase(engine)));
  open.push(opened);
  return opened;
}

afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

/** Names that need quotes, and every type. */
const EVERYTHING: TableModel = {
  name: 'Select "all"',
  doc: "what it's for",
  columns: [
    { name: 'candid', type: 'int64', nullable: false },
    { name: 'Power_rate_1/2', type: 'float', nullable: false, doc: "it's a 'float'" },
    { name: 'W1-W2', type: 'double', nullable: true },
    { name: 'fid', type: 'int32', nullable: true },
    { name: 'from', type: 'text', nullable: true },
    { name: 'ok', type: 'boolean', nullable: true },
    { name: 'stamp', type: 'bytes', nullable: true },
    { name: 'nested', type: 'json', nullable: true },
    { name: 'at', type: 'timestamp', nullable: true },
    { name: 'seq', type: 'int64', nullable: false, filled: 'sequence' },
    { name: 'xid', type: 'int64', nullable: false, filled: 'transaction' },
  ],
  key: ['candid'],
  indexes: [{ columns: ['from', 'W1-W2'] }, { columns: ['xid', 'seq'] }],
};

const simple = (...columns: TableModel['columns']): TableModel => ({
  name: 't',
  columns: [{ name: 'id', type: 'int64', nullable: false }, ...columns],
  key: ['id'],
  indexes: [],
});

describe.each(ENGINES)('tables in %s', (engine) => {
  const fresh = (): Promise<SqlDatabase> => database(undefined, engine);

  it('are made once, with every type, and then there is nothing to do', async () => {
    const db = await fresh();
    const applied = await migrate(db, [EVERYTHING], 'all');
    expect(applied).toMatchObject({ version: 1, kept: [] });
    expect(await planMigration(db, db.kysely, [EVERYTHING])).toEqual({
      changes: [],
      conflicts: [],
      kept: [],
    });
    expect(await migrate(db, [EVERYTHING], 'all')).toBeUndefined();
    const found = await readTable(db, db.kysely, EVERYTHING.name);
    expect(found!.columns.map(({ name }) => name)).toEqual(EVERYTHING.columns.map(({ name }) => name));
    expect(found!.keys[0]).toEqual(['candid']);
    expect(await readTable(db, db.kysely, 'select "all"')).toBeUndefined();
  });

  it('give back what was put into them', async () => {
    const db = await fresh();
    await migrate(db, [EVERYTHING], 'all');
    const row = {
      candid: 2n ** 63n - 1n,
      'Power_rate_1/2': Math.fround(17.45),
      'W1-W2': -Infinity,
      fid: -2_147_483_648,
      from: 'a "b" \'c\' \\ é 😀',
      ok: false,
      stamp: Buffer.from([0, 1, 255]),
      at: new Date('2026-10-01T18:00:00.123Z'),
    };
    await db.kysely
      .insertInto(EVERYTHING.name)
      .values([{ ...row, nested: '{"a":[1,18446744073709551616,null]}' }])
      .execute();
    const [found] = await db.kysely.selectFrom(EVERYTHING.name).selectAll().execute();
    const { seq, xid, ...rest } = found as Record<string, unknown>;
    expect(rest).toEqual({ ...row, nested: { a: [1, 18446744073709551616n, null] } });
    expect([BigInt(seq as number), BigInt(xid as bigint) >= 0n]).toEqual([1n, true]);
  });

  it('take NaN in a float that must be there', async () => {
    const db = await fresh();
    await migrate(db, [EVERYTHING], 'all');
    await db.kysely.insertInto(EVERYTHING.name).values({ candid: 1n, 'Power_rate_1/2': NaN }).execute();
    const [row] = (await db.kysely
      .selectFrom(EVERYTHING.name)
      .select('Power_rate_1/2')
      .execute()) as object[];
    // SQLite has no NaN.
    expect(row).toEqual({ 'Power_rate_1/2': engine === 'sqlite' ? null : NaN });
  });

  it('get what has been added to their schema, and keep their rows', async () => {
    const db = await fresh();
    const before = simple(
      { name: 'mag', type: 'float', nullable: true },
      { name: 'gone', type: 'text', nullable: true },
    );
    await migrate(db, [before], 'first');
    await db.kysely.insertInto('t').values({ id: 1n, mag: 0.5, gone: 'still here' }).execute();
    const after = {
      ...simple(
        { name: 'mag', type: 'float', nullable: true },
        { name: 'band', type: 'text', nullable: false },
      ),
      indexes: [{ columns: ['band'] }],
    };
    const second = { ...simple(), name: 'u' };
    const plan = await planMigration(db, db.kysely, [after, second]);
    expect(plan.changes.map(({ table, what }) => `${table}: ${what}`)).toEqual([
      't: add the column "band", text',
      't: create an index of "band"',
      'u: create the table with 1 columns, key id',
    ]);
    expect(plan.kept).toEqual(['t: the column "gone"']);
    expect(await migrate(db, [after, second], 'second')).toMatchObject({ version: 2 });
    expect(await planMigration(db, db.kysely, [after, second])).toEqual({ ...plan, changes: [] });
    expect(await db.kysely.selectFrom('t').selectAll().execute()).toEqual([
      { id: 1n, mag: 0.5, gone: 'still here', band: null },
    ]);
    const history = await db.kysely
      .selectFrom('apf_migration')
      .select(['version', 'name'])
      .orderBy('version')
      .execute();
    expect(history).toEqual([
      { version: 1, name: 'first' },
      { version: 2, name: 'second' },
    ]);
  });

  it('that are others are left alone, each difference named', async () => {
    const db = await fresh();
    await sql.raw('create table t (id bigint, mag text, primary key (id, mag))').execute(db.kysely);
    const wanted = { ...simple({ name: 'mag', type: 'double', nullable: true }), key: ['id'] };
    const error: unknown = await migrate(db, [wanted, { ...simple(), name: 'u' }], 'x').catch(
      (e: unknown) => e,
    );
    expect(error).toBeInstanceOf(FatalError);
    expect((error as Error).message).toContain('t: the column "mag" is of type');
    expect((error as Error).message).toContain('t: no primary key or unique index is of "id" alone');
    // Nothing of it was done.
    expect(await readTable(db, db.kysely, 'u')).toBeUndefined();
    expect(await readTable(db, db.kysely, 'apf_migration')).toBeUndefined();
  });

  it('undo a migration whose last statement fails', async () => {
    const db = await fresh();
    await sql.raw(`create table other (n integer)`).execute(db.kysely);
    await sql.raw(`create index "t_band_idx" on other (n)`).execute(db.kysely);
    const wanted = {
      ...simple({ name: 'band', type: 'text', nullable: true }),
      indexes: [{ columns: ['band'] }],
    };
    await expect(migrate(db, [wanted], 'x')).rejects.toThrow('t_band_idx');
    expect(await readTable(db, db.kysely, 't')).toBeUndefined();
    expect(await readTable(db, db.kysely, 'apf_migration')).toBeUndefined();
  });

  it('are made by one of several that try at once', async () => {
    const config = await freshDatabase(engine);
    const two = [await database(config), await database(config), await database(config)];
    const done = await Promise.all(two.map((db) => migrate(db, [EVERYTHING], 'all')));
    expect(done.filter((applied) => applied !== undefined)).toHaveLength(1);
  });

  it('cannot be reached by hostile names and docs', async () => {
    const db = await fresh();
    await sql.raw('create table victim (n integer)').execute(db.kysely);
    const attack = `x"; drop table victim; --`;
    const table = tableOf(
      parseSchema({
        type: 'record',
        name: 'r',
        doc: `'; drop table victim; --\n'; drop table victim; --`,
        fields: [{ name: attack, type: 'long', doc: `'; drop table victim; --` }],
      }),
      { name: `${attack}y`, key: [attack] },
    );
    await migrate(db, [table], attack);
    expect(await planMigration(db, db.kysely, [table])).toMatchObject({ changes: [], conflicts: [] });
    expect(await readTable(db, db.kysely, 'victim')).toBeDefined();
  });
});

describe('tables in PostgreSQL', () => {
  it('are widened where that changes no value', async () => {
    const db = await database(undefined, 'postgres');
    await sql.raw('create table t (id integer primary key, mag real not null)').execute(db.kysely);
    await sql.raw('insert into t values (7, 0.5)').execute(db.kysely);
    const wanted = simple({ name: 'mag', type: 'double', nullable: true });
    const applied = await migrate(db, [wanted], 'wider');
    expect(applied!.changes.map(({ what }) => what)).toEqual([
      'widen the column "id" from integer to int64',
      'widen the column "mag" from real to double',
      'let the column "mag" be null',
    ]);
    expect(await db.kysely.selectFrom('t').selectAll().execute()).toEqual([{ id: 7n, mag: 0.5 }]);
  });

  it('say what their columns mean', async () => {
    const db = await database(undefined, 'postgres');
    await migrate(db, [EVERYTHING], 'all');
    const { rows } = await sql<{ doc: string }>`
      select col_description(to_regclass(quote_ident(${EVERYTHING.name})), 2) as doc`.execute(db.kysely);
    expect(rows).toEqual([{ doc: "it's a 'float'" }]);
  });
});

describe('tables in SQLite', () => {
  const wider = simple({ name: 'mag', type: 'double', nullable: true });
  const run = async (db: SqlDatabase, ...statements: string[]): Promise<void> => {
    for (const statement of statements) await sql.raw(statement).execute(db.kysely);
  };

  it('are copied where a column has to become wider or nullable, and lose nothing', async () => {
    const db = await database();
    await run(
      db,
      `create table t (id integer not null, mag float not null, note varchar(9) default 'it''s', big integer not null,
         "od""d" blob, primary key (id), unique ("od""d", note))`,
      `create index t_note on t (note) where note <> ''`,
      `insert into t (id, mag, big, "od""d") values (7, 0.5, 9223372036854775807, x'00ff'), (8, 1e300, -1, x'01')`,
    );
    const wanted = {
      ...wider,
      columns: [
        ...wider.columns,
        { name: 'big', type: 'int64', nullable: false } as const,
        { name: 'new', type: 'text', nullable: true } as const,
      ],
      indexes: [{ columns: ['mag'] }],
    };
    const before = await db.kysely.selectFrom('t').selectAll().orderBy('id').execute();
    const applied = await migrate(db, [wanted], 'wider');
    expect(applied!.changes.map(({ what }) => what)).toEqual([
      'copy the table to widen the column "id" from INTEGER to int64; widen the column "mag" from float to double; let the column "mag" be null; widen the column "big" from INTEGER to int64',
      'add the column "new", text',
      'create an index of "mag"',
    ]);
    expect((await planMigration(db, db.kysely, [wanted])).changes).toEqual([]);
    const after = await db.kysely.selectFrom('t').selectAll().orderBy('id').execute();
    expect(after).toEqual(
      before.map((row, i) => ({
        ...(row as object),
        id: [7n, 8n][i],
        big: [9_223_372_036_854_775_807n, -1n][i],
        new: null,
      })),
    );
    await run(db, `insert into t (id, mag, big) values (9, null, 0)`);
    const [last] = await db.kysely.selectFrom('t').select('note').where('id', '=', 9).execute();
    expect(last).toEqual({ note: "it's" });
    await expect(run(db, `insert into t (id, big) values (9, 0)`)).rejects.toMatchObject({
      code: 'SQLITE_CONSTRAINT_PRIMARYKEY',
    });
    await expect(run(db, `insert into t (id, big, "od""d") values (10, 0, x'01')`)).rejects.toMatchObject({
      code: 'SQLITE_CONSTRAINT_UNIQUE',
    });
    expect((await readTable(db, db.kysely, 't'))!.indexes).toContain('t_mag_idx');
    const { rows } = await sql`select 1 from sqlite_master where name = 't_note'`.execute(db.kysely);
    expect(rows).toHaveLength(1);
  });

  it('go on numbering their rows where they were', async () => {
    const db = await database();
    await migrate(db, [EVERYTHING], 'all');
    const add = (candid: bigint): Promise<unknown> =>
      db.kysely.insertInto(EVERYTHING.name).values({ candid, fid: 1 }).execute();
    for (const candid of [1n, 2n, 3n]) await add(candid);
    await db.kysely.deleteFrom(EVERYTHING.name).where('candid', '=', 3n).execute();
    const columns = EVERYTHING.columns.map((column) =>
      column.name === 'fid' ? { ...column, type: 'int64' as const } : column,
    );
    const applied = await migrate(db, [{ ...EVERYTHING, columns }], 'wider');
    expect(applied!.changes).toHaveLength(1);
    await add(4n);
    const rows = await db.kysely
      .selectFrom(EVERYTHING.name)
      .select(['candid', 'seq', 'xid', 'fid'])
      .execute();
    expect(rows).toEqual([
      { candid: 1n, seq: 1, xid: 0n, fid: 1n },
      { candid: 2n, seq: 2, xid: 0n, fid: 1n },
      { candid: 4n, seq: 4, xid: 0n, fid: 1n },
    ]);
  });

  const START = 'create table t (id bigint primary key, mag float not null';
  it.each([
    [[`${START} check (mag < 99))`], 'its definition has CHECK'],
    [[`${START}) strict`.replace('bigint', 'int').replace('float', 'real')], 'its definition has STRICT'],
    [[`${START})`, 'create table child (id bigint references t (id))'], '"child" refers to it'],
    [[`${START})`, 'create view brightest as select min(mag) from T'], '"brightest" reads it'],
    [[`${START})`, 'create trigger busy after insert on t begin select 1; end'], 'it has the trigger "busy"'],
    [
      [
        'create table t (id bigint primary key, mag integer not null)',
        'insert into t values (1, 9007199254740993)',
      ],
      'the column "mag" holds integers that no double is',
    ],
  ])('are not copied where something would be lost: %j', async (statements, why) => {
    const db = await database();
    await run(db, ...statements);
    const { changes, conflicts } = await planMigration(db, db.kysely, [wider]);
    expect(changes).toEqual([]);
    expect(conflicts.join()).toContain(why);
  });
});
