import type { Comparison } from './syntax.js';

/** What an expression can be at an alert; undefined: missing. Lists are the values of a path through an array. */
export type Scalar = number | bigint | string | boolean;
export type Value = Scalar | readonly Scalar[] | undefined;

/** The kind of a value as the schema tells it; `any` where it does not. */
export type Kind = 'number' | 'text' | 'boolean' | 'list' | 'other' | 'any';

/** A whole number as it is written, no other way than one. */
export const DIGITS = /^(?:0|-?[1-9]\d{0,39})$/;

/**
 * Compares two values; false where one is missing or they are of different kinds. Integers of 64 bits are compared
 * exactly, also with fractions. Digits in a text are a number to a number: so ids compare that are read as text.
 */
export function compare(operator: Comparison, a: Value, b: Value): boolean {
  if (a === undefined || b === undefined) return false;
  if (typeof a !== typeof b) {
    const [left, right] = [numeric(a), numeric(b)];
    if (left === undefined || right === undefined) return false;
    [a, b] = [left, right];
  }
  if (typeof a === 'object') return false;
  switch (operator) {
    // A bigint equals the number of the same value.
    case '==':
      return a == b;
    case '!=':
      return a != b;
  }
  if (typeof a === 'boolean' || typeof b === 'boolean') return false;
  switch (operator) {
    case '<':
      return a < b;
    case '<=':
      return a <= b;
    case '>':
      return a > b;
    case '>=':
      return a >= b;
  }
}

function numeric(value: Value): number | bigint | undefined {
  if (typeof value === 'number' || typeof value === 'bigint') return value;
  return typeof value === 'string' && DIGITS.test(value) ? BigInt(value) : undefined;
}

/** A value to calculate with: undefined for what is no number. An integer beyond 2^53 is rounded, as in any division. */
export function toNumber(value: Value): number | undefined {
  return typeof value === 'number' ? value : typeof value === 'bigint' ? Number(value) : undefined;
}

/** A result that is no number, such as log10(-1) or 1 / 0, is missing. */
export function finite(value: number): number | undefined {
  return Number.isFinite(value) ? value : undefined;
}
