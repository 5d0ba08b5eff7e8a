import { printable, shortestFloat, toJson } from '@apf/core';

type Fields = Readonly<Record<string, unknown>>;

/** Rows that are shown, the longest cell, and the narrowest column. */
const ROWS = 20;
const LONGEST = 20;
const NARROWEST = 3;

/**
 * Alerts as Spark's console shows a batch: right-aligned, cells cut to 20 characters but not the heads, 20 rows at most. The fields of a
 * record stand beside the others, with its name in front: `candidate_ra`.
 */
export function sparkTable(alerts: readonly unknown[]): string {
  const rows = alerts.slice(0, ROWS).map((alert) => new Map(flat(alert as Fields, '')));
  const columns = [...new Set(rows.flatMap((row) => [...row.keys()]))];
  const lines = [
    columns.map((column) => printable(column, 10 * LONGEST)),
    ...rows.map((row) => columns.map((column) => cell(row.get(column)))),
  ];
  const widths = columns.map((_, i) => Math.max(NARROWEST, ...lines.map((line) => length(line[i]!))));
  const rule = `+${widths.map((width) => '-'.repeat(width)).join('+')}+`;
  const [head, ...body] = lines.map(
    (line) => `|${line.map((text, i) => ' '.repeat(widths[i]! - length(text)) + text).join('|')}|`,
  );
  const more = alerts.length > ROWS ? [`only showing top ${ROWS} rows`] : [];
  return [rule, head, rule, ...body, rule, ...more, ''].join('\n');
}

/** A batch with the heading that Spark's console gives it. */
export function sparkBatch(number: number, alerts: readonly unknown[]): string {
  const rule = '-'.repeat(43);
  return `${rule}\nBatch: ${number}\n${rule}\n${sparkTable(alerts)}`;
}

function flat(fields: Fields, prefix: string): [string, unknown][] {
  return Object.entries(fields).flatMap(([name, value]): [string, unknown][] =>
    isRecord(value) ? flat(value, `${prefix}${name}_`) : [[prefix + name, value]],
  );
}

const isRecord = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array);

const length = (text: string): number => [...text].length;

function cell(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  if (typeof value === 'string') return cut(value);
  if (typeof value === 'number') return cut(String(shortestFloat(value)));
  if (value instanceof Uint8Array) {
    const bytes = [...value.subarray(0, LONGEST)].map((byte) => byte.toString(16).padStart(2, '0'));
    return cut(`[${bytes.join(' ').toUpperCase()}]`);
  }
  return cut(toJson(value));
}

/** Alerts come from outside: nothing in them may act on the terminal. */
function cut(text: string): string {
  const shown = printable(text, 10 * LONGEST);
  return length(shown) > LONGEST ? `${[...shown].slice(0, LONGEST - 3).join('')}...` : shown;
}
