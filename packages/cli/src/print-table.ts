import { printable } from '@apf/core';
import Table from 'cli-table3';

type Cell = string | number | null;

/** Nothing but columns: it is to be read, and to be cut by other programs. */
const PLAIN = {
  chars: {
    top: '',
    'top-mid': '',
    'top-left': '',
    'top-right': '',
    bottom: '',
    'bottom-mid': '',
    'bottom-left': '',
    'bottom-right': '',
    left: '',
    'left-mid': '',
    mid: '',
    'mid-mid': '',
    right: '',
    'right-mid': '',
    middle: '  ',
  },
  style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [] },
};

/** Prints rows below their heads, numbers to the right, null as a dash. Control characters in cells do not reach the terminal. */
export function printTable(head: readonly string[], rows: readonly (readonly Cell[])[]): void {
  const colAligns = head.map((_, column) => {
    const numbers = rows.length > 0 && rows.every((row) => typeof row[column] !== 'string');
    return numbers ? ('right' as const) : ('left' as const);
  });
  const table = new Table({ ...PLAIN, head: [...head], colAligns });
  table.push(...rows.map((row) => row.map((cell) => printable(cell === null ? '-' : String(cell), 250))));
  console.log(
    table
      .toString()
      .split('\n')
      .map((line) => line.trimEnd())
      .join('\n'),
  );
}
