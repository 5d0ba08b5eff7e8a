import { quoted } from '../quoted.js';
import type { Operation } from './operation.js';
import type { PostgresColumn } from './postgres-column.js';

const names = (columns: readonly PostgresColumn[]): string =>
  columns.map(({ name }) => quoted(name)).join(', ');
const same = (key: readonly PostgresColumn[]): string =>
  key.map(({ name }) => `t.${quoted(name)} = s.${quoted(name)}`).join(' and ');

/** A statement that takes an array of values for each column. */
export function arrayStatement(
  operation: Pick<Operation, 'kind' | 'table' | 'add'>,
  key: readonly PostgresColumn[],
  values: readonly PostgresColumn[],
): string {
  const columns = [...key, ...values];
  const arrays = columns.map(({ sent }, i) => `$${i + 1}::${sent}[]`).join(', ');
  const casts = columns.map(({ name, cast }) => {
    const column = `a.${quoted(name)}`;
    return cast === undefined ? column : `${column}::${cast} as ${quoted(name)}`;
  });
  return statement(
    operation,
    key,
    values,
    `select ${casts.join(', ')} from unnest(${arrays}) as a(${names(columns)})`,
  );
}

/** A statement that takes what stands in another table. */
export function tableStatement(
  operation: Pick<Operation, 'kind' | 'table' | 'add'>,
  key: readonly PostgresColumn[],
  values: readonly PostgresColumn[],
  from: string,
): string {
  return statement(operation, key, values, `select ${names([...key, ...values])} from ${quoted(from)}`);
}

function statement(
  { kind, table, add }: Pick<Operation, 'kind' | 'table' | 'add'>,
  key: readonly PostgresColumn[],
  values: readonly PostgresColumn[],
  rows: string,
): string {
  const settings = (value: (name: string) => string): string =>
    values
      .map(({ name }) => {
        const column = quoted(name);
        return `${column} = ${add.has(name) ? `coalesce(t.${column}, 0) + ${value(column)}` : value(column)}`;
      })
      .join(', ');
  switch (kind) {
    case 'delete':
      return `delete from ${quoted(table)} as t using (${rows}) as s where ${same(key)}`;
    case 'update':
      return `update ${quoted(table)} as t set ${settings((column) => `s.${column}`)} from (${rows}) as s where ${same(key)}`;
    case 'upsert':
    case 'insert': {
      const action =
        kind === 'insert' || values.length === 0
          ? 'nothing'
          : `update set ${settings((column) => `excluded.${column}`)}`;
      return (
        `insert into ${quoted(table)} as t (${names([...key, ...values])}) ${rows} ` +
        `on conflict (${names(key)}) do ${action}`
      );
    }
  }
}
