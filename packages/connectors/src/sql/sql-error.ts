import { ApfError } from '@apf/core';
import type { SqlDatabase } from './open-database.js';
import { postgresError } from './postgres-errors.js';
import { sqliteError } from './sqlite-errors.js';

/** What an error of a database means, in one line; apf's own errors as they are. */
export function sqlError({ engine, where }: Pick<SqlDatabase, 'engine' | 'where'>, thrown: unknown): Error {
  if (thrown instanceof ApfError) return thrown;
  return engine === 'postgres' ? postgresError(thrown, where) : sqliteError(thrown, where);
}
