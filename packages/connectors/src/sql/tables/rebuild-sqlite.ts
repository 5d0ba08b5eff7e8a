import { type Kysely, sql } from 'kysely';
import type { AnyTables } from '../open-database.js';
import { quoted } from '../quoted.js';

/** What a column is to become; what is absent stays. */
export interface ColumnChange {
  readonly name: string;
  /** Its new type, as SQLite declares it. */
  readonly declared?: string;
  readonly nullable?: true;
}

interface ColumnRow {
  readonly name: string;
  readonly declared: string;
  readonly required: bigint;
  readonly value: string | null;
  /** Its place in the primary key, from 1 on; 0 for one outside. */
  readonly place: bigint;
}

/** Of a definition, what would not survive: only columns, defaults, a primary key and unique constraints do. */
const PECULIAR =
  /\b(CHECK|REFERENCES|FOREIGN|COLLATE|GENERATED|AS|STRICT|WITHOUT|CONFLICT|CONSTRAINT|DESC|VIRTUAL)\b/i;
/** Quoted names and texts, and comments, say nothing of what a definition is. */
const QUOTED = /"(?:[^"]|"")*"|'(?:[^']|'')*'|`(?:[^`]|``)*`|\[[^\]]*\]|--[^\n]*|\/\*[^]*?\*\//g;

/**
 * The statements that change columns of a SQLite table, which SQLite can do only by copying it: to be executed in one
 * transaction, with foreign keys enforced or not. All values stay as they are.
 * @returns why it cannot be done, for a table that has more to it than columns, keys and indexes
 */
export async function rebuildSqlite(
  kysely: Kysely<AnyTables>,
  table: string,
  changes: readonly ColumnChange[],
): Promise<{ readonly statements: readonly string[] } | { readonly refused: string }> {
  const refused = await peculiarity(kysely, table);
  if (refused !== undefined) return { refused };
  const columns = await rowsOf<ColumnRow>(
    kysely,
    sql`select name, type as declared, "notnull" as required, dflt_value as value, pk as place
        from pragma_table_xinfo(${table}) order by cid`,
  );
  for (const { name, declared } of changes) {
    if (declared === undefined || !/DOUB/i.test(declared)) continue;
    const [row] = await rowsOf<{ inexact: bigint }>(
      kysely,
      sql`select exists (select 1 from ${sql.table(table)} where typeof(${sql.ref(name)}) = 'integer'
          and cast(cast(${sql.ref(name)} as real) as integer) <> ${sql.ref(name)}) as inexact`,
    );
    if (row?.inexact)
      return { refused: `the column ${JSON.stringify(name)} holds integers that no double is` };
  }
  const numbered = /\bAUTOINCREMENT\b/i.test(await definition(kysely, table));
  const unique = await rowsOf<{ columns: string }>(
    kysely,
    sql`select (select json_group_array(name) from pragma_index_info(list.name)) as columns
        from pragma_index_list(${table}) as list where origin = 'u' order by seq`,
  );
  const indexes = await rowsOf<{ sql: string }>(
    kysely,
    sql`select sql from sqlite_master where type = 'index' and tbl_name = ${table} and sql is not null order by name`,
  );
  const copy = `apf_copy_of_${table}`;
  const names = columns.map(({ name }) => quoted(name)).join(', ');
  const key = columns.filter(({ place }) => place > 0n).sort((a, b) => Number(a.place - b.place));
  const lines = [
    ...columns.map((column) => declaration(column, changes, numbered && column.place > 0n)),
    ...(key.length > 0 && !numbered ? [`PRIMARY KEY (${listed(key.map(({ name }) => name))})`] : []),
    ...unique.map((index) => `UNIQUE (${listed(JSON.parse(index.columns) as string[])})`),
  ];
  return {
    statements: [
      `CREATE TABLE ${quoted(copy)} (\n  ${lines.join(',\n  ')}\n)`,
      `INSERT INTO ${quoted(copy)} (${names}) SELECT ${names} FROM ${quoted(table)}`,
      ...(numbered ? numbering(table, copy) : []),
      `DROP TABLE ${quoted(table)}`,
      `ALTER TABLE ${quoted(copy)} RENAME TO ${quoted(table)}`,
      ...indexes.map((index) => index.sql),
    ],
  };
}

/** What a copy of the table would lose, or what would lose the table. */
async function peculiarity(kysely: Kysely<AnyTables>, table: string): Promise<string | undefined> {
  const [special] = PECULIAR.exec((await definition(kysely, table)).replaceAll(QUOTED, ' ')) ?? [];
  if (special !== undefined) return `its definition has ${special.toUpperCase()}`;
  const [trigger] = await rowsOf<{ name: string }>(
    kysely,
    sql`select name from sqlite_master where type = 'trigger' and tbl_name = ${table} limit 1`,
  );
  if (trigger) return `it has the trigger ${JSON.stringify(trigger.name)}`;
  const [view] = await rowsOf<{ name: string }>(
    kysely,
    sql`select name from sqlite_master where type in ('view', 'trigger') and instr(lower(sql), lower(${table})) > 0 limit 1`,
  );
  if (view) return `${JSON.stringify(view.name)} reads it`;
  const [child] = await rowsOf<{ name: string }>(
    kysely,
    sql`select master.name from sqlite_master as master, pragma_foreign_key_list(master.name) as list
        where master.type = 'table' and lower(list."table") = lower(${table}) limit 1`,
  );
  return child && `${JSON.stringify(child.name)} refers to it`;
}

async function definition(kysely: Kysely<AnyTables>, table: string): Promise<string> {
  const [row] = await rowsOf<{ sql: string }>(
    kysely,
    sql`select sql from sqlite_master where type = 'table' and name = ${table}`,
  );
  return row?.sql ?? '';
}

function declaration(
  { name, declared, required, value }: ColumnRow,
  changes: readonly ColumnChange[],
  numbered: boolean,
): string {
  if (numbered) return `${quoted(name)} INTEGER PRIMARY KEY AUTOINCREMENT`;
  const change = changes.find((one) => one.name === name);
  const parts = [quoted(name), change?.declared ?? declared];
  if (required && !change?.nullable) parts.push('NOT NULL');
  if (value !== null) parts.push(`DEFAULT (${value})`);
  return parts.join(' ');
}

/** A number is not given twice, not even that of a row that is gone. */
const numbering = (table: string, copy: string): string[] => [
  `DELETE FROM sqlite_sequence WHERE name = ${literal(copy)}`,
  `INSERT INTO sqlite_sequence (name, seq) SELECT ${literal(copy)}, seq FROM sqlite_sequence WHERE name = ${literal(table)}`,
];

const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;
const listed = (names: readonly string[]): string => names.map(quoted).join(', ');

async function rowsOf<T>(kysely: Kysely<AnyTables>, query: ReturnType<typeof sql>): Promise<T[]> {
  return (await query.execute(kysely)).rows as T[];
}
