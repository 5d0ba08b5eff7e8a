import { type ColumnModel, shortestFloat, toJson } from '@apf/core';
import { stringify } from 'csv-stringify/sync';

/**
 * Rows as CSV (RFC 4180) below a row with the columns' names: null is an empty cell and an empty text `""`, 32-bit floats
 * have the fewest digits that give them back, bytes are base64, anything nested is JSON.
 */
export function csvText(
  columns: readonly ColumnModel[],
  rows: readonly Readonly<Record<string, unknown>>[],
): string {
  const lines = rows.map((row) => columns.map(({ name, type }) => cell(row[name], type)));
  return stringify([columns.map(({ name }) => name), ...lines], { quoted_match: [/[\r\n\ufeff]/, /^$/] });
}

function cell(value: unknown, type: ColumnModel['type']): string | null {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string') return value;
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (typeof value === 'number') return String(type === 'float' ? shortestFloat(value) : value);
  return typeof value === 'object' ? toJson(value) : `${value as bigint | boolean}`;
}
