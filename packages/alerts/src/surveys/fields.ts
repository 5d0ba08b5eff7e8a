import { isMissing } from '../missing-values.js';

/** A record of an alert, whatever its schema. */
export type Fields = Readonly<Record<string, unknown>>;

/** A value as a record; an empty one for anything else. */
export function fieldsOf(value: unknown): Fields {
  return isFields(value) ? value : {};
}

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The records of an array; none for anything else. */
export function recordsOf(value: unknown): readonly Fields[] {
  return Array.isArray(value) ? value.filter(isFields) : [];
}

/** The first of some fields that is a number and not missing; null where none is. */
export function numberIn(fields: Fields, ...names: readonly string[]): number | null {
  for (const name of names) {
    const value = own(fields, name);
    if (isMissing(value, name)) continue;
    if (typeof value === 'number') return value;
    if (typeof value === 'bigint') return Number(value);
  }
  return null;
}

/** The first of some fields that is a text or a whole number, as text. An id of 0 is none, as LSST writes it at times. */
export function idIn(fields: Fields, ...names: readonly string[]): string | null {
  for (const name of names) {
    const value = own(fields, name);
    if (isMissing(value, name) || value === 0 || value === 0n) continue;
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint')
      return String(value);
  }
  return null;
}

export function textIn(fields: Fields, ...names: readonly string[]): string | null {
  for (const name of names) {
    const value = own(fields, name);
    if (typeof value === 'string' && !isMissing(value, name)) return value;
  }
  return null;
}

function own(fields: Fields, name: string): unknown {
  return Object.hasOwn(fields, name) ? fields[name] : undefined;
}
