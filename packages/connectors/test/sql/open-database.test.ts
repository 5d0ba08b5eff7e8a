import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DatabaseParams, type DatabaseSettings, FatalError, RetryableError } from '@apf/core';
import { sql } from 'kysely';
import { openDatabase } from '../../src/sql/open-database.js';
import { ENGINES, freshDatabase, postgres } from './both-databases.js';

describe.each(ENGINES)('openDatabase on %s', (engine) => {
  it('gives values back as they are, and as the same types', async () => {
    const database = await openDatabase(await freshDatabase(engine));
    const bytes = engine === 'sqlite' ? 'blob' : 'bytea';
    await sql
      .raw(
        `create table t (id bigint primary key, n integer, x double precision, ok boolean, doc json${engine === 'sqlite' ? ' text' : 'b'}, at timestamp${engine === 'sqlite' ? '' : 'tz'}, raw ${bytes}, name text)`,
      )
      .execute(database.kysely);
    const row = {
      id: 9_223_372_036_854_775_807n,
      n: -5,
      x: Infinity,
      ok: true,
      at: new Date('2026-03-15T04:05:06.789Z'),
      raw: Buffer.from([0, 255, 1]),
      name: 'Ünïcode "quoted"',
    };
    await database.kysely
      .insertInto('t')
      .values({ ...row, doc: '{"candid":9007199254740993,"list":[1.5,null]}' })
      .execute();
    const found = await database.kysely.selectFrom('t').selectAll().execute();
    expect(found).toEqual([{ ...row, doc: { candid: 9_007_199_254_740_993n, list: [1.5, null] } }]);
    const { rows } = await sql<{ n: unknown }>`select count(*) as n from t`.execute(database.kysely);
    expect(rows).toEqual([{ n: 1n }]);
    await database.close();
  });
});

describe('openDatabase', () => {
  const line = async (config: DatabaseSettings): Promise<unknown> => {
    const error: unknown = await openDatabase(config).catch((thrown: unknown) => thrown);
    expect((error as Error).message).not.toMatch(/\n|test-password|wrong-password/);
    return error;
  };

  it('says in one line what is wrong with a server', async () => {
    const { params } = await postgres();
    const server = (changed: DatabaseParams): Promise<unknown> =>
      line({ ENGINE: 'postgres', PARAMS: { ...params, ...changed } });
    const where = `postgres@127.0.0.1:${params.PORT}`;
    expect(await server({ PASSWORD: 'wrong-password' })).toEqual(
      new FatalError(
        `the database ${where}/postgres refuses the user name or the password (password authentication failed for user "postgres"): check DB_CONFIG.PARAMS.USER and PASSWORD`,
      ),
    );
    expect(await server({ DB_NAME: 'nowhere' })).toEqual(
      new FatalError(
        `the database ${where}/nowhere: database "nowhere" does not exist; create it (createdb), or correct DB_CONFIG.PARAMS.DB_NAME`,
      ),
    );
    expect(await server({ SSL: 'require' })).toEqual(
      new FatalError(
        `the database ${where}/postgres does not offer TLS: set DB_CONFIG.PARAMS.SSL to 'disable', or turn it on in the server`,
      ),
    );
    const refused = await server({ PORT: 1 });
    expect(refused).toBeInstanceOf(RetryableError);
    expect(refused).toMatchObject({
      code: 'APF_DATABASE',
      message:
        'no PostgreSQL server takes connections at postgres@127.0.0.1:1/postgres: start it, or correct DB_CONFIG.PARAMS.HOST and PORT',
    });
  });

  it('says in one line what is wrong with a file', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'apf-sql-'));
    const text = join(folder, 'notes.txt');
    writeFileSync(text, 'no database at all, but long enough to be read as one '.repeat(40));
    expect(await line({ FILE_PATH: text })).toEqual(
      new FatalError(`${text} is no SQLite database: name another file with FILE_PATH, or move it away`),
    );
    const nowhere = join(folder, 'no/such/folder.sqlite');
    expect(await line({ FILE_PATH: nowhere })).toEqual(
      new FatalError(
        `the database ${nowhere} cannot be made: its folder does not exist; make it, or name another file`,
      ),
    );
  });

  it('finds tables in SCHEMA', async () => {
    const { createDatabase, query } = await postgres();
    const PARAMS = { ...(await createDatabase()), SCHEMA: 'My "sky"' };
    await query('create schema "My ""sky"""; create table "My ""sky""".t (n int)', PARAMS.DB_NAME);
    const database = await openDatabase({ ENGINE: 'postgres', PARAMS });
    expect(await database.kysely.selectFrom('t').selectAll().execute()).toEqual([]);
    await database.close();
  });
});
