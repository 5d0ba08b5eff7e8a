import { parseJson, toJson } from '@apf/core';

/** A column of a result, with the type that its table declares; null where it is an expression. */
interface ResultColumn {
  readonly name: string;
  readonly type: string | null;
}

type Row = Record<string, unknown>;

/**
 * Gives rows the JavaScript types that PostgreSQL's have. SQLite knows integers, reals, text and bytes alone; what they
 * stand for is in the declared type: BIGINT and expressions stay bigint, other integers become numbers, BOOLEAN true or
 * false, JSON is parsed, TIMESTAMP becomes a Date.
 */
export function fromSqlite(columns: readonly ResultColumn[]): (row: Row) => Row {
  const converted = columns
    .map(({ name, type }) => [name, reader(type)] as const)
    .filter(([, read]) => read !== undefined) as [string, (value: unknown) => unknown][];
  return (row) => {
    for (const [name, read] of converted) row[name] = read(row[name]);
    return row;
  };
}

function reader(type: string | null): ((value: unknown) => unknown) | undefined {
  if (type === null || /BIGINT|INT8/i.test(type)) return undefined;
  if (/BOOL/i.test(type)) return (value) => (typeof value === 'bigint' ? value !== 0n : value);
  if (/JSON/i.test(type)) return (value) => (typeof value === 'string' ? parseJson(value) : value);
  if (/TIMESTAMP|DATETIME/i.test(type))
    return (value) => (typeof value === 'string' ? new Date(value) : value);
  return (value) => (typeof value === 'bigint' ? small(value) : value);
}

const small = (value: bigint): number | bigint => {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
};

/** A value as SQLite can hold it: NaN is NULL, true 1, a Date its ISO text, an object or a list its JSON. */
export function toSqlite(value: unknown): unknown {
  switch (typeof value) {
    case 'undefined':
      return null;
    case 'boolean':
      return value ? 1 : 0;
    case 'number':
      return Number.isNaN(value) ? null : value;
    case 'object':
      if (value === null || Buffer.isBuffer(value)) return value;
      if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
      return value instanceof Date ? value.toISOString() : toJson(value);
    default:
      return value;
  }
}
