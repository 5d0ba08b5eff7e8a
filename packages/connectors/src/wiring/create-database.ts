import type { Database, ResolvedSettings } from '@apf/core';
import type { Surroundings } from './surroundings.js';

/** The database that DB_CONFIG describes, not opened yet; its libraries are loaded for those who use them. */
export async function createDatabase(
  { DB_CONFIG, CONSUMER_CONFIG }: ResolvedSettings,
  { folder, name, logger, clock }: Surroundings,
): Promise<Database | undefined> {
  if (!DB_CONFIG) return undefined;
  const { SqlStore } = await import('../sql/write/sql-store.js');
  const group = CONSUMER_CONFIG.PARAMS['group.id'];
  const consumer = typeof group === 'string' ? group : name;
  const { resultsTable } = await import('../sql/results-table.js');
  return new SqlStore({
    config: DB_CONFIG,
    folder,
    results: resultsTable(DB_CONFIG, folder),
    consumer,
    logger,
    clock,
  });
}

/** Where rows go, in words. */
export function databaseLine({ DB_CONFIG }: ResolvedSettings): string[] {
  if (!DB_CONFIG) return [];
  const { ENGINE, FILE_PATH, PARAMS, TABLE, OFFSETS, UNIQUE } = DB_CONFIG;
  const where =
    ENGINE === 'sqlite'
      ? `SQLite, ${FILE_PATH ?? './apf.sqlite'}`
      : `PostgreSQL, ${[PARAMS?.HOST, PARAMS?.DB_NAME].filter((part) => part !== undefined).join('/')}`;
  const more = [
    ...(TABLE === undefined ? [] : [`results go to its table '${TABLE}'`]),
    ...(OFFSETS === 'database' ? ['it keeps the offsets'] : []),
    ...(UNIQUE ? [`alerts whose '${UNIQUE.key}' it knows are dropped`] : []),
  ];
  return [[`writes to ${where}`, ...more].join('; ')];
}
