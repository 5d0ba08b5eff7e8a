import { type DatabaseSettings, loadSchema, type TableModel, tableOf } from '@apf/core';
import { pathIn } from '../wiring/surroundings.js';

/**
 * The table that DB_CONFIG describes for the results of a step, by `SCHEMA_PATH`, `TABLE` and `KEY`; undefined where it
 * describes none.
 * @param folder to which SCHEMA_PATH is relative.
 * @throws UsageError for a schema that cannot be read, or of which no table can be made
 */
export function resultsTable(
  { SCHEMA_PATH, TABLE, KEY = [] }: DatabaseSettings,
  folder: string,
): TableModel | undefined {
  if (SCHEMA_PATH === undefined || TABLE === undefined) return undefined;
  const key = typeof KEY === 'string' ? [KEY] : KEY;
  return tableOf(loadSchema(pathIn(folder, SCHEMA_PATH)), { name: TABLE, key });
}
