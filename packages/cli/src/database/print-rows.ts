import { writeFile } from 'node:fs/promises';
import { csvText, ParquetFile } from '@apf/connectors';
import { type ColumnModel, shortestFloat, toError, toJson, UsageError } from '@apf/core';
import type { Argv } from 'yargs';
import { printTable } from '../print-table.js';

const FORMATS = ['table', 'csv', 'json', 'parquet'] as const;
type Format = (typeof FORMATS)[number];
type Row = Readonly<Record<string, unknown>>;

export interface OutputOptions {
  readonly format?: Format | undefined;
  readonly output?: string | undefined;
}

/** Adds the options by which a command is told in which form, and where to, it gives rows. */
export function withOutput<T>(yargs: Argv<T>): Argv<T & OutputOptions> {
  return yargs
    .option('format', {
      choices: FORMATS,
      describe: "table unless --output ends with another's name; json is a row a line, exact",
    })
    .option('output', {
      type: 'string',
      alias: 'o',
      describe: 'Write to this file: .csv, .json, .jsonl or .parquet',
    });
}

/** The form that the options ask for. @throws UsageError where they do not fit together */
export function formatOf({ format, output }: OutputOptions): Format {
  const ending = /\.(csv|jsonl?|parquet)$/i.exec(output ?? '')?.[1]?.toLowerCase();
  const named = ending === 'jsonl' ? 'json' : (ending as Format | undefined);
  if (output !== undefined && named === undefined && format === undefined) {
    throw new UsageError(
      `--output '${output}' does not say in which form: let it end with .csv, .json or .parquet`,
    );
  }
  const chosen = format ?? named ?? 'table';
  if (chosen === 'parquet' && output === undefined)
    throw new UsageError('--format parquet needs a file: --output x.parquet');
  if (chosen === 'table' && output !== undefined)
    throw new UsageError('a table is not written to a file: take csv');
  return chosen;
}

/**
 * Gives rows on standard output or to a file.
 * @param brief the columns of a table on a terminal, which has no room for all.
 */
export async function printRows(
  columns: readonly ColumnModel[],
  rows: readonly Row[],
  options: OutputOptions,
  brief: readonly string[],
): Promise<void> {
  const { output } = options;
  switch (formatOf(options)) {
    case 'table':
      return printBrief(columns, rows, brief);
    case 'csv':
      return put(csvText(columns, rows), output);
    case 'json':
      return put(rows.map((row) => `${toJson(shortened(columns, row))}\n`).join(''), output);
    case 'parquet':
      return toParquet(columns, rows, output!);
  }
}

function printBrief(columns: readonly ColumnModel[], rows: readonly Row[], brief: readonly string[]): void {
  const shown = brief.flatMap((name) => columns.filter((column) => column.name === name));
  printTable(
    shown.map(({ name }) => name),
    rows.map((row) => shown.map(({ name, type }) => cell(row[name], type))),
  );
}

function cell(value: unknown, type: ColumnModel['type']): string | number | null {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return type === 'float' ? shortestFloat(value) : value;
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return `${value.length} bytes`;
  return toJson(value);
}

function shortened(columns: readonly ColumnModel[], row: Row): Row {
  const floats = columns.filter(({ name, type }) => type === 'float' && typeof row[name] === 'number');
  return {
    ...row,
    ...Object.fromEntries(floats.map(({ name }) => [name, shortestFloat(row[name] as number)])),
  };
}

async function put(text: string, output: string | undefined): Promise<void> {
  if (output === undefined) {
    process.stdout.write(text);
    return;
  }
  try {
    await writeFile(output, text);
  } catch (error) {
    throw new UsageError(`cannot write '${output}': ${toError(error).message}`, {
      code: 'APF_FILE',
      cause: error,
    });
  }
}

async function toParquet(
  columns: readonly ColumnModel[],
  rows: readonly Row[],
  output: string,
): Promise<void> {
  const file = await ParquetFile.create(output, columns);
  try {
    await file.append(rows);
    await file.close();
  } catch (error) {
    await file.discard();
    throw error;
  }
}
