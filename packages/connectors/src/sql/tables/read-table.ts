import type { ColumnType } from '@apf/core';
import { type Kysely, sql } from 'kysely';
import type { AnyTables, SqlDatabase } from '../open-database.js';
import { typeOfName } from './column-types.js';

export interface FoundColumn {
  readonly name: string;
  /** As the database names it. */
  readonly declared: string;
  /** Undefined for a type that apf has no word for. */
  readonly type: ColumnType | undefined;
  readonly nullable: boolean;
}

/** A table as it stands in a database. */
export interface FoundTable {
  readonly name: string;
  readonly columns: readonly FoundColumn[];
  /** The columns of each unique index, the primary key's first, unless that is but a number that SQLite gives each row. */
  readonly keys: readonly (readonly string[])[];
  readonly indexes: readonly string[];
}

/** Stands for the name of an index that is none. */
const ROW_NUMBER = 'row number';

interface ColumnRow {
  readonly name: string;
  readonly declared: string;
  readonly required: boolean | number | bigint;
}

interface IndexRow {
  readonly name: string;
  readonly column: string;
  readonly unique: boolean | number | bigint;
}

/** Asks the database for a table by its exact name; undefined where there is none. */
export async function readTable(
  { engine }: Pick<SqlDatabase, 'engine'>,
  kysely: Kysely<AnyTables>,
  name: string,
): Promise<FoundTable | undefined> {
  const columns = await (engine === 'sqlite' ? sqliteColumns(name) : postgresColumns(name)).execute(kysely);
  if (columns.rows.length === 0) return undefined;
  const { rows } = await (engine === 'sqlite' ? sqliteIndexes(name) : postgresIndexes(name)).execute(kysely);
  const indexes = new Map<string, { columns: string[]; unique: boolean }>();
  for (const row of rows) {
    const index = indexes.get(row.name) ?? { columns: [], unique: Boolean(row.unique) };
    index.columns.push(row.column);
    indexes.set(row.name, index);
  }
  return {
    name,
    columns: columns.rows.map(({ name: column, declared, required }) => ({
      name: column,
      declared,
      type: typeOfName(engine, declared),
      nullable: !required,
    })),
    keys: [...indexes]
      .filter(([, { unique }]) => unique)
      .sort(([a], [b]) => Number(a === ROW_NUMBER) - Number(b === ROW_NUMBER))
      .map(([, index]) => index.columns),
    indexes: [...indexes.keys()],
  };
}

const sqliteColumns = (table: string) => sql<ColumnRow>`
  select name, type as declared, "notnull" or pk > 0 as required
  from pragma_table_info(${table}) where exists (select 1 from sqlite_master where type = 'table' and name = ${table})
  order by cid`;

/** A primary key of one INTEGER is the row's own number, and no index. */
const sqliteIndexes = (table: string) => sql<IndexRow>`
  select case when (select sql like '%AUTOINCREMENT%' from sqlite_master where type = 'table' and name = ${table})
    then ${ROW_NUMBER} else 'primary key' end as name, name as "column", 1 as "unique"
  from pragma_table_info(${table}) where pk > 0
  union all
  select index_list.name, index_info.name, index_list."unique"
  from pragma_index_list(${table}) as index_list, pragma_index_info(index_list.name) as index_info
  where index_list.origin <> 'pk' and not index_list.partial`;

const postgresColumns = (table: string) => sql<ColumnRow>`
  select attname as name, format_type(atttypid, atttypmod) as declared, attnotnull as required
  from pg_attribute
  where attrelid = to_regclass(quote_ident(${table})) and attnum > 0 and not attisdropped
  order by attnum`;

const postgresIndexes = (table: string) => sql<IndexRow>`
  select relname as name, attname as "column", indisunique as "unique"
  from pg_index
  join pg_class on pg_class.oid = indexrelid
  join pg_attribute on attrelid = indexrelid
  where indrelid = to_regclass(quote_ident(${table})) and indpred is null and indexprs is null
  order by not indisprimary, relname, attnum`;
