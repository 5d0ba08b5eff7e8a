import type { Row } from '@apf/core';
import type { Column } from './operation.js';

const MOST_ROWS = 10_000;
const MOST_BYTES = 16 * 1024 * 1024;

/** Rows in lists of which each fits into a statement; alerts with cutouts weigh a hundred times what a detection does. */
export function* rowChunks(rows: readonly Row[], columns: readonly Column[]): Generator<readonly Row[]> {
  const heavy = columns.filter(({ type }) => type === 'bytes' || type === 'text' || type === 'json');
  let from = 0;
  let bytes = 0;
  for (let i = 0; i < rows.length; i++) {
    for (const { name } of heavy) bytes += lengthOf(rows[i]![name]);
    if (i + 1 - from >= MOST_ROWS || bytes >= MOST_BYTES) {
      yield rows.slice(from, i + 1);
      from = i + 1;
      bytes = 0;
    }
  }
  if (from < rows.length) yield from === 0 ? rows : rows.slice(from);
}

const lengthOf = (value: unknown): number =>
  typeof value === 'string' || value instanceof Uint8Array ? value.length : 0;
