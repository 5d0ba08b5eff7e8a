import { printable, shortestFloat, toJson } from '@apf/core';
import { channelName } from './channel-name.js';
import { escapeSlack } from './escape-slack.js';

export interface ClassTableOptions {
  /** The field that holds an alert's class. */
  readonly classField: string;
  /** The fields to show, in order; a dot goes into a record: `candidate.ra`. */
  readonly columns: readonly string[];
  /** Not posted: alerts of this class have none. */
  readonly unknown: string;
  /** `#rrlyr`: alerts whose channel is not here are not posted. */
  readonly channels: readonly string[];
}

/** What Fink's alerts have, and what its tables show of them. */
export const FINK_TABLES: Omit<ClassTableOptions, 'channels'> = {
  classField: 'cross_match_alerts_per_batch',
  columns: ['objectId', 'candidate_ra', 'candidate_dec', 'cross_match_alerts_per_batch'],
  unknown: 'Unknown',
};

/** One message: alerts of one class. */
export interface ClassTable<T> {
  readonly channel: string;
  readonly text: string;
  readonly items: readonly T[];
}

/** Rows that are shown of one class. */
const ROWS = 20;
const LONGEST_CELL = 200;

/**
 * A table for each class, in the order in which the classes come, for the channel of its name; texts are escaped.
 * @param rowOf what is to be shown of an item.
 */
export function classTables<T>(
  items: readonly T[],
  options: ClassTableOptions,
  rowOf: (item: T) => unknown,
): ClassTable<T>[] {
  const { classField, unknown, channels, columns } = options;
  const byClass = new Map<string, T[]>();
  for (const item of items) {
    const name = fieldOf(rowOf(item), classField);
    if (typeof name !== 'string' || name === unknown) continue;
    const others = byClass.get(name);
    if (others) others.push(item);
    else byClass.set(name, [item]);
  }
  return [...byClass].flatMap(([name, of]) => {
    const channel = channelName(name);
    if (channel === undefined || !channels.includes(channel)) return [];
    return [{ channel, items: of, text: `\`\`\`\n${table(of.map(rowOf), columns)}\`\`\`` }];
  });
}

/** As Spark shows a table without cutting its cells: left-aligned, between rules. */
function table(rows: readonly unknown[], columns: readonly string[]): string {
  const cells = rows.slice(0, ROWS).map((row) => columns.map((column) => cell(fieldOf(row, column))));
  const lines = [columns.map((column) => cell(column)), ...cells];
  const widths = columns.map((_, column) => Math.max(...lines.map((line) => length(line[column]!))));
  const rule = `+${widths.map((width) => '-'.repeat(width)).join('+')}+\n`;
  const line = (texts: readonly string[]): string =>
    `|${texts.map((text, column) => text + ' '.repeat(widths[column]! - length(text))).join('|')}|\n`;
  const [head, ...body] = lines.map(line) as [string, ...string[]];
  const more = rows.length > ROWS ? `only showing top ${ROWS} rows\n` : '';
  return escapeSlack(`${rule}${head}${rule}${body.join('')}${rule}${more}`);
}

const length = (text: string): number => [...text].length;

/** A backtick could end the block in which the table stands. */
function cell(value: unknown): string {
  return printable(textOf(value), LONGEST_CELL).replaceAll('`', "'");
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return String(shortestFloat(value));
  return toJson(value ?? null);
}

function fieldOf(row: unknown, path: string): unknown {
  const own = (value: unknown, name: string): unknown =>
    typeof value === 'object' && value !== null && Object.hasOwn(value, name)
      ? (value as Readonly<Record<string, unknown>>)[name]
      : undefined;
  return own(row, path) ?? path.split('.').reduce(own, row);
}
