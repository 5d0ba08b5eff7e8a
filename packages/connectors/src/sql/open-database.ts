import type { DatabaseSettings } from '@apf/core';
import type { Kysely } from 'kysely';

/** Tables as they are: apf does not know them before it has asked. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- kysely's own word for a database of unknown tables
export type AnyTables = any;

/** An open database. */
export interface SqlDatabase {
  readonly engine: 'sqlite' | 'postgres';
  /** For queries; 64-bit integers come as bigint in both engines, JSON parsed, times as Date, bytes as Buffer. */
  readonly kysely: Kysely<AnyTables>;
  /** The file, or user, host and database; for messages, without the password. */
  readonly where: string;
  close(): Promise<void>;
}

export interface OpenOptions {
  /** A SQLite file must be there already. */
  readonly existing?: boolean;
  /** Make the folder of a SQLite file where there is none. */
  readonly makeFolder?: boolean;
}

/**
 * Opens the database that DB_CONFIG describes, for a step as well as for a command, and asks it a first question. A
 * SQLite file is made where there is none.
 * @param folder to which FILE_PATH is relative.
 * @throws FatalError (APF_DATABASE) in one line for what has to be mended, RetryableError for a server that does not
 * answer at present
 */
export async function openDatabase(
  config: DatabaseSettings,
  folder = process.cwd(),
  options: OpenOptions = {},
): Promise<SqlDatabase> {
  if (config.ENGINE === 'postgres') {
    return (await import('./open-postgres.js')).openPostgres(config.PARAMS ?? {}, folder);
  }
  return (await import('./open-sqlite.js')).openSqlite(config, folder, options);
}
