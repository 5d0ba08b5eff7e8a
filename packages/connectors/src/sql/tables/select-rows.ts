import { type ColumnModel, FatalError } from '@apf/core';
import type { SelectQueryBuilder } from 'kysely';
import type { AnyTables, SqlDatabase } from '../open-database.js';
import { sqlError } from '../sql-error.js';
import { readTable } from './read-table.js';

type Row = Record<string, unknown>;

/** Rows of a table, and what their columns hold. */
export interface Selection {
  readonly columns: readonly ColumnModel[];
  readonly rows: readonly Row[];
}

/** Both ends are included. */
export interface Range {
  readonly first: number | bigint;
  readonly last: number | bigint;
}

/** The rows of which a column has one of these values. @throws FatalError (APF_TABLE) where there is no such table or column */
export async function selectWhere(
  database: SqlDatabase,
  table: string,
  column: string,
  values: readonly unknown[],
): Promise<Selection> {
  return select(database, table, column, (query) => query.where(column, 'in', values));
}

/** The rows of which a whole number lies in one of these ranges. @throws FatalError as {@link selectWhere} */
export async function selectRanges(
  database: SqlDatabase,
  table: string,
  column: string,
  ranges: readonly Range[],
): Promise<Selection> {
  return select(database, table, column, (query) =>
    query.where((eb) =>
      eb.or(ranges.map(({ first, last }) => eb.between(column, BigInt(first), BigInt(last)))),
    ),
  );
}

type Query = SelectQueryBuilder<AnyTables, string, Row>;

async function select(
  database: SqlDatabase,
  table: string,
  column: string,
  narrow: (query: Query) => Query,
): Promise<Selection> {
  try {
    const columns = await columnsOf(database, table, column);
    const query = database.kysely.selectFrom(table).selectAll() as unknown as Query;
    return { columns, rows: await narrow(query).execute() };
  } catch (error) {
    throw sqlError(database, error);
  }
}

async function columnsOf(database: SqlDatabase, table: string, column: string): Promise<ColumnModel[]> {
  const found = await readTable(database, database.kysely, table);
  if (!found?.columns.some(({ name }) => name === column)) {
    throw new FatalError(
      `the database ${database.where} has no table '${table}'${found ? ` with a column '${column}'` : ''}: make its tables with apf db init --model light-curve`,
      { code: 'APF_TABLE' },
    );
  }
  return found.columns.map(({ name, type = 'text', nullable }) => ({ name, type, nullable }));
}
