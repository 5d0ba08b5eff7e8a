import { readFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import type { ConnectionOptions } from 'node:tls';
import { type DatabaseParams, UsageError } from '@apf/core';
import { CompiledQuery, Kysely, PostgresDialect } from 'kysely';
import type pg from 'pg';
import type { SqlDatabase } from './open-database.js';
import { postgresError } from './postgres-errors.js';
import { exactTypes } from './postgres-types.js';
import { quoted } from './quoted.js';

/** Patience with a server that takes no connection, in ms. */
const CONNECT = 10_000;
/** `STATEMENT_TIMEOUT` in seconds. */
const STATEMENT = 60;
/** A server that is gone without a word is noticed so much later than its own time-out would have come, in ms. */
const SILENCE = 5_000;

/** A server as it may be shown: `user@host:port/database`. */
export function postgresName({ HOST, PORT, USER, DB_NAME }: DatabaseParams): string {
  const { PGHOST, PGPORT, PGUSER, PGDATABASE } = process.env;
  const user = USER ?? PGUSER;
  const host = HOST ?? PGHOST ?? 'localhost';
  const name = DB_NAME ?? PGDATABASE ?? user;
  return `${user === undefined ? '' : `${user}@`}${host}:${PORT ?? PGPORT ?? 5432}${name === undefined ? '' : `/${name}`}`;
}

/** How pg connects. Every statement ends in time, and so does a transaction whose owner is gone. */
export function postgresConfig(
  params: DatabaseParams,
  folder: string,
  types: typeof pg.types,
): pg.ClientConfig {
  const { HOST, PORT, USER, PASSWORD, DB_NAME, STATEMENT_TIMEOUT = STATEMENT } = params;
  const timeout = Math.ceil(STATEMENT_TIMEOUT * 1_000);
  return {
    ...(HOST === undefined ? {} : { host: HOST }),
    ...(PORT === undefined ? {} : { port: PORT }),
    ...(USER === undefined ? {} : { user: USER }),
    ...(PASSWORD === undefined ? {} : { password: PASSWORD }),
    ...(DB_NAME === undefined ? {} : { database: DB_NAME }),
    ssl: tls(params, folder),
    application_name: 'apf',
    connectionTimeoutMillis: CONNECT,
    keepAlive: true,
    ...(timeout > 0
      ? {
          statement_timeout: timeout,
          idle_in_transaction_session_timeout: timeout,
          query_timeout: timeout + SILENCE,
        }
      : {}),
    types: exactTypes(types),
  };
}

/** Says where unqualified names are looked for. */
export const searchPath = ({ SCHEMA }: DatabaseParams): string | undefined =>
  SCHEMA === undefined ? undefined : `set search_path to ${quoted(SCHEMA)}`;

export async function openPostgres(params: DatabaseParams, folder: string): Promise<SqlDatabase> {
  const where = postgresName(params);
  const { Pool, types } = (await import('pg')).default;
  const pool = new Pool({ ...postgresConfig(params, folder, types), max: 4 });
  // A connection that breaks while nobody uses it is replaced by the next that is asked for.
  pool.on('error', () => undefined);
  // So is one that breaks within a transaction: its next statement says so.
  pool.on('connect', (client) => void client.on('error', () => undefined));
  const path = searchPath(params);
  const kysely = new Kysely<object>({
    dialect: new PostgresDialect({
      pool,
      ...(path === undefined
        ? {}
        : {
            onCreateConnection: async (connection) =>
              void (await connection.executeQuery(CompiledQuery.raw(path))),
          }),
    }),
  });
  const database: SqlDatabase = { engine: 'postgres', kysely, where, close: () => kysely.destroy() };
  try {
    await kysely.executeQuery(CompiledQuery.raw('select 1'));
    return database;
  } catch (error) {
    await database.close();
    throw postgresError(error, where);
  }
}

function tls({ SSL = 'disable', SSL_CA }: DatabaseParams, folder: string): false | ConnectionOptions {
  if (SSL === 'disable') return false;
  if (SSL === 'require') return { rejectUnauthorized: false };
  if (SSL_CA === undefined) return { rejectUnauthorized: true };
  const path = isAbsolute(SSL_CA) ? SSL_CA : join(folder, SSL_CA);
  try {
    return { rejectUnauthorized: true, ca: readFileSync(path, 'utf8') };
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? (error as Error).message;
    throw new UsageError(
      `settings: DB_CONFIG.PARAMS.SSL_CA names ${path}, which cannot be read (${reason})`,
      {
        code: 'APF_SETTINGS',
        cause: error,
      },
    );
  }
}
