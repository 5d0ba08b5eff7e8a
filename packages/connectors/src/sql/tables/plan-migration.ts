import type { ColumnModel, ColumnType, TableModel } from '@apf/core';
import type { Kysely } from 'kysely';
import type { AnyTables, SqlDatabase } from '../open-database.js';
import { type FoundColumn, type FoundTable, readTable } from './read-table.js';
import {
  addColumn,
  allowNull,
  createIndex,
  createTable,
  indexName,
  widenColumn,
} from './table-statements.js';

/** One thing to do to a database, in words and in SQL. */
export interface Change {
  readonly table: string;
  readonly what: string;
  readonly statements: readonly string[];
}

/** How a database differs from the tables that it should have. */
export interface MigrationPlan {
  /** In the order in which they are to be made; nothing that is there is ever dropped. */
  readonly changes: readonly Change[];
  /** What has to be mended by hand first, a line each. */
  readonly conflicts: readonly string[];
  /** What only the database has; it is kept. */
  readonly kept: readonly string[];
}

/** Types that hold every value of another. */
const WIDER: Readonly<Partial<Record<ColumnType, readonly ColumnType[]>>> = {
  int32: ['int64', 'double'],
  float: ['double'],
};

/** Compares a database with tables, and says what has to be done; it changes nothing. */
export async function planMigration(
  database: Pick<SqlDatabase, 'engine'>,
  kysely: Kysely<AnyTables>,
  tables: readonly TableModel[],
): Promise<MigrationPlan> {
  const plan = { changes: [] as Change[], conflicts: [] as string[], kept: [] as string[] };
  for (const table of tables) {
    const found = await readTable(database, kysely, table.name);
    if (found) compare(database.engine, table, found, plan);
    else {
      plan.changes.push({
        table: table.name,
        what: `create the table with ${table.columns.length} columns, key ${table.key.join(', ')}`,
        statements: createTable(database.engine, table),
      });
    }
  }
  return plan;
}

interface Writable {
  readonly changes: Change[];
  readonly conflicts: string[];
  readonly kept: string[];
}

function compare(
  engine: SqlDatabase['engine'],
  table: TableModel,
  found: FoundTable,
  { changes, conflicts, kept }: Writable,
): void {
  const { name, key } = table;
  const columns = new Map(found.columns.map((column) => [column.name, column]));
  const change = (what: string, ...statements: string[]): void => {
    changes.push({ table: name, what, statements });
  };
  for (const column of table.columns) {
    const there = columns.get(column.name);
    columns.delete(column.name);
    if (there) {
      const conflict = compareColumn(engine, table, column, there, change);
      if (conflict !== undefined) conflicts.push(`${name}: the column ${shown(column.name)} ${conflict}`);
    } else if (column.filled || key.includes(column.name)) {
      conflicts.push(
        `${name}: the column ${shown(column.name)} is missing, and cannot be filled for the rows there are`,
      );
    } else
      change(`add the column ${shown(column.name)}, ${column.type}`, ...addColumn(engine, table, column));
  }
  for (const { name: extra, nullable } of columns.values()) {
    kept.push(`${name}: the column ${shown(extra)}${nullable ? '' : ', which every row must have'}`);
  }
  if (!found.keys.some((unique) => isSameSet(unique, key))) {
    conflicts.push(`${name}: no primary key or unique index is of ${key.map(shown).join(', ')} alone`);
  }
  for (const index of table.indexes) {
    if (!found.indexes.includes(indexName(name, index.columns))) {
      change(`create an index of ${index.columns.map(shown).join(', ')}`, createIndex(table, index));
    }
  }
}

/** @returns what is in the way */
function compareColumn(
  engine: SqlDatabase['engine'],
  table: TableModel,
  column: ColumnModel,
  there: FoundColumn,
  change: (what: string, ...statements: string[]) => void,
): string | undefined {
  // The number of a row: SQLite's own kind of integer, which reads as any other.
  const isSame = there.type === column.type || (column.filled === 'sequence' && there.type === 'int32');
  if (!isSame) {
    const widens = there.type !== undefined && WIDER[there.type]?.includes(column.type);
    if (!widens) return `is of type ${there.declared}, not ${column.type}`;
    if (engine === 'sqlite') {
      return `is of type ${there.declared}, not ${column.type}; SQLite cannot change that: copy the table`;
    }
    change(
      `widen the column ${shown(column.name)} from ${there.declared} to ${column.type}`,
      widenColumn(table, column),
    );
  }
  if (column.nullable && !there.nullable) {
    if (engine === 'sqlite')
      return 'is NOT NULL and should not be; SQLite cannot change that: copy the table';
    change(`let the column ${shown(column.name)} be null`, allowNull(table, column));
  }
  return undefined;
}

const isSameSet = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((name) => b.includes(name));

/** Names come from schemas and databases of others. */
const shown = (name: string): string => JSON.stringify(name);
