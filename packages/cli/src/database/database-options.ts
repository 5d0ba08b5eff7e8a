import { join } from 'node:path';
import { databaseAt, openDatabase, type SqlDatabase } from '@apf/connectors';
import { UsageError } from '@apf/core';
import type { Argv } from 'yargs';
import { projectSettings } from './project-settings.js';

export interface DatabaseOptions {
  readonly database?: string | undefined;
}

/** Adds the option by which a command is told its database. */
export function withDatabase<T>(yargs: Argv<T>): Argv<T & DatabaseOptions> {
  return yargs.option('database', {
    type: 'string',
    describe: 'A SQLite file, or postgres://user@host/name; DB_CONFIG of ./settings.ts where absent',
  });
}

/**
 * Opens the database that the option names, else the one of the step in the current folder, and closes it after `work`.
 * @param existing whether a SQLite file must be there already.
 * @throws UsageError where neither names one
 */
export async function inDatabase<T>(
  { database: address }: DatabaseOptions,
  existing: boolean,
  work: (database: SqlDatabase) => Promise<T>,
): Promise<T> {
  const folder = process.cwd();
  const config = address === undefined ? (await projectSettings(folder)).DB_CONFIG : databaseAt(address);
  if (config === undefined) {
    throw new UsageError(`${join(folder, 'settings.ts')} has no DB_CONFIG; name a database with --database`);
  }
  const database = await openDatabase(config, folder, {
    existing,
    makeFolder: !existing && address === undefined,
  });
  try {
    return await work(database);
  } finally {
    await database.close();
  }
}
