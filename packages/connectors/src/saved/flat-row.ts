import { toJson } from '@apf/core';

/**
 * An alert as one row: a field of a record inside is a column `candidate.magpsf`, a list or a map is JSON. Numbers have
 * all their digits, so that a reader gets the very value (a 32-bit float as the double it widens to).
 * @param columns where they are known: what is one of them is not taken apart, as a map must not be
 */
export function flatRow(alert: unknown, columns?: ReadonlySet<string>): Map<string, string | null> {
  const row = new Map<string, string | null>();
  add(row, '', alert, columns);
  return row;
}

function add(
  row: Map<string, string | null>,
  name: string,
  value: unknown,
  columns: ReadonlySet<string> | undefined,
): void {
  if (isRecord(value) && !columns?.has(name)) {
    for (const [field, inner] of Object.entries(value))
      add(row, name === '' ? field : `${name}.${field}`, inner, columns);
  } else row.set(name, cell(value));
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return (
    typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array)
  );
}

function cell(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string') return value;
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (typeof value === 'object') return toJson(value, { nonFinite: 'literal' });
  return Object.is(value, -0) ? '-0' : `${value as number | bigint | boolean}`;
}
