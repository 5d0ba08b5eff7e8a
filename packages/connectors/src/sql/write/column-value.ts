import { type ColumnType, PoisonError, toJson } from '@apf/core';

/** What a value becomes for a column, the same for every engine; null for nothing. */
export type ColumnValue = string | number | bigint | boolean | Buffer | Date | null;

const LOWEST = -(2n ** 63n);
const HIGHEST = 2n ** 63n - 1n;

/**
 * A value as its column takes it. Nothing is changed that is not the same afterwards: numbers may come as digits (CSV),
 * truth as ZTF's 't' and 'f', times as ISO 8601 or milliseconds since 1970; nested values become JSON.
 * @param type undefined for one that apf has no word for: then it is left to the database what to make of the value.
 * @throws PoisonError (APF_ROW) for what the column can never hold
 */
export function columnValue(value: unknown, type: ColumnType | undefined, name: string): ColumnValue {
  if (value === null || value === undefined) return null;
  switch (type) {
    case 'int32':
    case 'int64':
      return wholeNumber(value) ?? refuse(value, 'no 64-bit integer', name);
    case 'float':
    case 'double':
      return real(value) ?? refuse(value, 'no number', name);
    case 'boolean':
      return truth(value) ?? refuse(value, 'neither true nor false', name);
    case 'text':
      return typeof value === 'string' ? value : (text(value) ?? refuse(value, 'no text', name));
    case 'bytes':
      return bytes(value) ?? refuse(value, 'not bytes', name);
    case 'json':
      return toJson(value);
    case 'timestamp':
      return moment(value) ?? refuse(value, 'no time', name);
    case undefined:
      return bytes(value) ?? (value instanceof Date ? value : plain(value));
  }
}

function wholeNumber(value: unknown): number | bigint | undefined {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? value : wide(value);
  if (typeof value === 'bigint') return value >= LOWEST && value <= HIGHEST ? value : undefined;
  if (typeof value !== 'string' || !/^\s*[+-]?\d{1,19}\s*$/.test(value)) return undefined;
  return wholeNumber(BigInt(value.trim().replace('+', '')));
}

/** A double that is a whole number, beyond 2^53. */
const wide = (value: number): bigint | undefined =>
  Number.isInteger(value) ? (wholeNumber(BigInt(value)) as bigint | undefined) : undefined;

function real(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  if (typeof value !== 'string' || !/^\s*([+-]?(\d|\.\d|Infinity)|NaN)/.test(value)) return undefined;
  const number = Number(value);
  return Number.isNaN(number) && value.trim() !== 'NaN' ? undefined : number;
}

function truth(value: unknown): boolean | undefined {
  if (typeof value === 'boolean') return value;
  const word = typeof value === 'string' ? value.toLowerCase() : value;
  if (word === 't' || word === 'true' || word === '1' || word === 1 || word === 1n) return true;
  if (word === 'f' || word === 'false' || word === '0' || word === 0 || word === 0n) return false;
  return undefined;
}

function text(value: unknown): string | undefined {
  if (value instanceof Uint8Array) return undefined;
  return value instanceof Date ? value.toISOString() : String(plain(value));
}

function bytes(value: unknown): Buffer | undefined {
  if (Buffer.isBuffer(value)) return value;
  return value instanceof Uint8Array
    ? Buffer.from(value.buffer, value.byteOffset, value.byteLength)
    : undefined;
}

function moment(value: unknown): Date | undefined {
  const date =
    value instanceof Date
      ? value
      : typeof value === 'string' || typeof value === 'number'
        ? new Date(value)
        : typeof value === 'bigint'
          ? new Date(Number(value))
          : undefined;
  return date && Number.isNaN(date.getTime()) ? undefined : date;
}

function plain(value: unknown): string | number | bigint | boolean {
  switch (typeof value) {
    case 'string':
    case 'number':
    case 'bigint':
    case 'boolean':
      return value;
    default:
      return toJson(value);
  }
}

function refuse(value: unknown, what: string, name: string): never {
  const shown = value instanceof Uint8Array ? `${value.byteLength} bytes` : toJson(value);
  const short = shown.length > 60 ? `${shown.slice(0, 60)}…` : shown;
  throw new PoisonError(`the column ${JSON.stringify(name)} cannot take ${short}: it is ${what}`, {
    code: 'APF_ROW',
  });
}
