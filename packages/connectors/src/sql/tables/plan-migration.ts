import type { ColumnModel, ColumnType, TableModel } from '@apf/core';
import type { Kysely } from 'kysely';
import type { AnyTables, SqlDatabase } from '../open-database.js';
import { type FoundColumn, type FoundTable, readTable } from './read-table.js';
import { typeName } from './column-types.js';
import { rebuildSqlite } from './rebuild-sqlite.js';
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
    if (found) await compare(database.engine, kysely, table, found, plan);
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

async function compare(
  engine: SqlDatabase['engine'],
  kysely: Kysely<AnyTables>,
  table: TableModel,
  found: FoundTable,
  { changes, conflicts, kept }: Writable,
): Promise<void> {
  const { name, key } = table;
  const columns = new Map(found.columns.map((column) => [column.name, column]));
  const change = (what: string, ...statements: string[]): void => {
    changes.push({ table: name, what, statements });
  };
  const changed: ColumnDifference[] = [];
  for (const column of table.columns) {
    const there = columns.get(column.name);
    if (!there) continue;
    columns.delete(column.name);
    const difference = compareColumn(column, there);
    if (typeof difference === 'string') {
      conflicts.push(`${name}: the column ${shown(column.name)} ${difference}`);
    } else if (difference) changed.push(difference);
  }
  if (engine === 'sqlite') await rebuild(kysely, name, changed, change, conflicts);
  else {
    for (const { column, widened, nullable } of changed) {
      if (widened !== undefined) change(widened, widenColumn(table, column));
      if (nullable !== undefined) change(nullable, allowNull(table, column));
    }
  }
  for (const column of table.columns) {
    if (found.columns.some((there) => there.name === column.name)) continue;
    if (column.filled || key.includes(column.name)) {
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

/** What is to be done to a column, in words. */
interface ColumnDifference {
  readonly column: ColumnModel;
  readonly widened?: string;
  readonly nullable?: string;
}

/** @returns undefined for one that is as it should be, a text for what is in the way */
function compareColumn(column: ColumnModel, there: FoundColumn): ColumnDifference | string | undefined {
  // The number of a row: SQLite's own kind of integer, which reads as any other.
  const isSame = there.type === column.type || (column.filled === 'sequence' && there.type === 'int32');
  const widens = there.type !== undefined && WIDER[there.type]?.includes(column.type);
  if (!isSame && !widens) return `is of type ${there.declared}, not ${column.type}`;
  const becomesNullable = column.nullable && !there.nullable;
  if (isSame && !becomesNullable) return undefined;
  return {
    column,
    ...(isSame
      ? {}
      : { widened: `widen the column ${shown(column.name)} from ${there.declared} to ${column.type}` }),
    ...(becomesNullable ? { nullable: `let the column ${shown(column.name)} be null` } : {}),
  };
}

/** SQLite changes columns by copying the whole table. */
async function rebuild(
  kysely: Kysely<AnyTables>,
  table: string,
  differences: readonly ColumnDifference[],
  change: (what: string, ...statements: string[]) => void,
  conflicts: string[],
): Promise<void> {
  if (differences.length === 0) return;
  const what = differences
    .flatMap(({ widened, nullable }) => [widened, nullable])
    .filter(Boolean)
    .join('; ');
  const result = await rebuildSqlite(
    kysely,
    table,
    differences.map(({ column, widened, nullable }) => ({
      name: column.name,
      ...(widened === undefined ? {} : { declared: typeName('sqlite', column.type) }),
      ...(nullable === undefined ? {} : { nullable: true }),
    })),
  );
  if ('refused' in result) {
    conflicts.push(
      `${table}: to ${what} SQLite has to copy the table, and ${result.refused}: copy it by hand`,
    );
  } else change(`copy the table to ${what}`, ...result.statements);
}

const isSameSet = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((name) => b.includes(name));

/** Names come from schemas and databases of others. */
const shown = (name: string): string => JSON.stringify(name);
