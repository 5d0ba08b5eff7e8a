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
  it('whose columns it cannot change are named', async () => {
    const db = await database();
    await sql.raw('create table t (id integer, mag float not null, primary key (id))').execute(db.kysely);
    const { conflicts } = await planMigration(db, db.kysely, [
      simple({ name: 'mag', type: 'double', nullable: true }),
    ]);
    expect(conflicts).toEqual([
      't: the column "id" is of type INTEGER, not int64; SQLite cannot change that: copy the table',
      't: the column "mag" is of type float, not double; SQLite cannot change that: copy the table',
    ]);
  });
});
