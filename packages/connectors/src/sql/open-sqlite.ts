import { existsSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { type DatabaseSettings, FatalError } from '@apf/core';
import type BetterSqlite3 from 'better-sqlite3';
import { Kysely, type SqliteDatabase, SqliteDialect } from 'kysely';
import { makeFolder } from '../files/folder.js';
import type { OpenOptions, SqlDatabase } from './open-database.js';
import { sqliteError } from './sqlite-errors.js';
import { fromSqlite, toSqlite } from './sqlite-values.js';

export type SqliteHandle = BetterSqlite3.Database;

/** Where the database stands unless FILE_PATH says otherwise. */
const FILE = './apf.sqlite';
const INSTALL = 'npm install better-sqlite3@12.11.1';
/** How long a statement waits for another process's lock, in ms; it holds up this process meanwhile. */
const BUSY = 1_000;

/** The path of the file that DB_CONFIG names. */
export function sqlitePath({ FILE_PATH = FILE }: DatabaseSettings, folder: string): string {
  return isAbsolute(FILE_PATH) ? FILE_PATH : join(folder, FILE_PATH);
}

/**
 * A connection of its own to a SQLite file, made where there is none: write-ahead log, each commit on the disk before
 * it is confirmed, foreign keys enforced, integers as bigint.
 * @throws FatalError where the package is not installed or the file cannot be used
 */
export async function sqliteHandle(path: string, options: OpenOptions = {}): Promise<SqliteHandle> {
  if (options.existing && !existsSync(path)) {
    throw new FatalError(`there is no database ${path}: make it with apf db init, or name another`, {
      code: 'APF_DATABASE',
    });
  }
  if (options.makeFolder) await madeFolder(path);
  const Database = await loadBetterSqlite();
  try {
    const handle = new Database(path, { timeout: BUSY });
    handle.defaultSafeIntegers(true);
    handle.pragma('journal_mode = WAL');
    handle.pragma('synchronous = FULL');
    handle.pragma('foreign_keys = ON');
    return handle;
  } catch (error) {
    throw sqliteError(error, path);
  }
}

export async function openSqlite(
  config: DatabaseSettings,
  folder: string,
  options: OpenOptions,
): Promise<SqlDatabase> {
  const path = sqlitePath(config, folder);
  const handle = await sqliteHandle(path, options);
  const kysely = new Kysely<object>({ dialect: new SqliteDialect({ database: exact(handle) }) });
  return { engine: 'sqlite', kysely, where: path, close: () => kysely.destroy() };
}

/** What kysely needs of a connection, with values of the same JavaScript types as PostgreSQL's. */
function exact(handle: SqliteHandle): SqliteDatabase {
  return {
    close: () => void handle.close(),
    prepare: (sql) => {
      const statement = handle.prepare<unknown[], Record<string, unknown>>(sql);
      const bind = (parameters: readonly unknown[]): unknown[] => bound(sql, parameters);
      return {
        reader: statement.reader,
        all: (parameters) => statement.all(...bind(parameters)).map(fromSqlite(statement.columns())),
        run: (parameters) => statement.run(...bind(parameters)),
        *iterate(parameters) {
          const convert = fromSqlite(statement.columns());
          for (const row of statement.iterate(...bind(parameters))) yield convert(row);
        },
      };
    },
  };
}

/** SQLite takes `$1` for a name, where PostgreSQL counts. */
export function bound(sql: string, parameters: readonly unknown[]): unknown[] {
  const values = parameters.map(toSqlite);
  if (values.length === 0 || !/\$1\b/.test(sql)) return values;
  return [Object.fromEntries(values.map((value, i) => [i + 1, value]))];
}

async function madeFolder(path: string): Promise<void> {
  try {
    await makeFolder(dirname(path));
  } catch (error) {
    throw new FatalError(
      `the folder of the database ${path} cannot be made (${(error as NodeJS.ErrnoException).code}): correct FILE_PATH`,
      { code: 'APF_DATABASE', cause: error },
    );
  }
}

async function loadBetterSqlite(): Promise<typeof BetterSqlite3> {
  try {
    const Database = (await import('better-sqlite3')).default;
    // The compiled part is loaded with the first connection.
    new Database(':memory:').close();
    return Database;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const missing = code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND';
    throw new FatalError(
      missing
        ? `SQLite needs the package better-sqlite3, which is not installed: ${INSTALL}`
        : `better-sqlite3 is not compiled for this machine (Node.js ${process.versions.node}, ${process.platform} ${process.arch}; ${message.replaceAll(/\s+/g, ' ')}): ${INSTALL} compiles it`,
      { code: 'APF_DATABASE', cause: error },
    );
  }
}
