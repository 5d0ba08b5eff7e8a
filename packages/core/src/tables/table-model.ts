import { UsageError } from '../errors.js';

/**
 * What a column holds, whatever the database: `int64` is exact, `float` has 32 bits, `json` takes nested values,
 * `timestamp` is a moment with milliseconds.
 */
export type ColumnType =
  'boolean' | 'int32' | 'int64' | 'float' | 'double' | 'text' | 'bytes' | 'json' | 'timestamp';

export interface ColumnModel {
  readonly name: string;
  readonly type: ColumnType;
  readonly nullable: boolean;
  /** What it means, and its unit in brackets. */
  readonly doc?: string | undefined;
  /**
   * The database itself fills it when a row is inserted: `sequence` with a growing number, `transaction` with the number
   * of the transaction. Read in the order of the two, and only below the oldest transaction that is still open, no row is
   * missed, though a later one may have been committed earlier.
   */
  readonly filled?: 'sequence' | 'transaction' | undefined;
}

export interface IndexModel {
  readonly columns: readonly string[];
}

/** A table as plain data: SQL is made of it for each database. */
export interface TableModel {
  readonly name: string;
  readonly doc?: string | undefined;
  readonly columns: readonly ColumnModel[];
  /** The columns that tell its rows apart. */
  readonly key: readonly string[];
  readonly indexes: readonly IndexModel[];
}

/** PostgreSQL cuts longer names, so that two could become one. */
const MAX_NAME = 63;

/**
 * Names stand in the database as they are, quoted. What would not come out as it went in is refused: an empty name, one
 * over 63 bytes of UTF-8, one with a control character, and two that differ only in upper and lower case.
 * @throws UsageError (APF_TABLE) that names the table and the column
 */
export function checkTables(tables: readonly TableModel[]): void {
  checkNames(
    tables.map(({ name }) => name),
    'the table',
  );
  for (const { name, columns, key, indexes } of tables) {
    const names = columns.map((column) => column.name);
    checkNames(names, `the table ${show(name)}: the column`);
    if (columns.length === 0) throw refused(`the table ${show(name)} has no columns`);
    if (key.length === 0) throw refused(`the table ${show(name)} has no key`);
    for (const column of [...key, ...indexes.flatMap((index) => index.columns)]) {
      if (!names.includes(column)) throw refused(`the table ${show(name)} has no column ${show(column)}`);
    }
    for (const column of columns) {
      if (column.type === 'json' && key.includes(column.name)) {
        throw refused(`the table ${show(name)}: ${show(column.name)} holds nested values and can be no key`);
      }
    }
  }
}

function checkNames(names: readonly string[], what: string): void {
  const seen = new Map<string, string>();
  for (const name of names) {
    if (name === '') throw refused(`${what} ${show(name)} has an empty name`);
    if (/[\p{Cc}\p{Cs}]/u.test(name)) {
      throw refused(`${what} ${show(name)} has a control character or half a character in its name`);
    }
    const bytes = Buffer.byteLength(name);
    if (bytes > MAX_NAME) {
      throw refused(
        `${what} ${show(name)} has a name of ${bytes} bytes, more than the ${MAX_NAME} of PostgreSQL`,
      );
    }
    const folded = name.toLowerCase();
    const twin = seen.get(folded);
    if (twin !== undefined) {
      const how = twin === name ? 'comes twice' : `differs from ${show(twin)} only in upper and lower case`;
      throw refused(`${what} ${show(name)} ${how}`);
    }
    seen.set(folded, name);
  }
}

/** Names come from schemas that strangers write. */
const show = (name: string): string => JSON.stringify(name.length > 100 ? `${name.slice(0, 100)}…` : name);

const refused = (message: string): UsageError => new UsageError(message, { code: 'APF_TABLE' });
