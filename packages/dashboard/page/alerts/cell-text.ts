import type { AlertColumn } from '../../src/page-api.js';
import { numberText, UNKNOWN } from '../text/numbers.js';
import { mjdText } from '../text/times.js';
import { visibleText } from '../text/visible-text.js';

/** A cell as it is shown. */
export function cellText(value: string | number | null, { kind, digits }: AlertColumn): string {
  if (value === null) return UNKNOWN;
  if (typeof value === 'string') return visibleText(value);
  return kind === 'time' ? mjdText(value) : numberText(value, digits);
}

/**
 * The order of two cells; what is not known comes last, whichever the order. Ids of digits are compared as the whole
 * numbers that they are, however long.
 */
export function compareCells(
  a: string | number | null,
  b: string | number | null,
  descending: boolean,
): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
  const order = typeof a === 'number' && typeof b === 'number' ? a - b : compareTexts(String(a), String(b));
  return descending ? -order : order;
}

function compareTexts(a: string, b: string): number {
  const digits = /^\d+$/.test(a) && /^\d+$/.test(b);
  if (digits && a.length !== b.length) return a.length - b.length;
  return a < b ? -1 : a > b ? 1 : 0;
}
