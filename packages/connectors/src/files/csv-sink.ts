import {
  FatalError,
  PoisonError,
  toJson,
  type Logger,
  type Outgoing,
  type Refused,
  type Sink,
  printable,
} from '@apf/core';
import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import { AppendFile } from './append-file.js';
import { setTornTailAside } from './torn-tail.js';

/** A header is looked for in so many bytes from the start of a file. */
const HEADER_BYTES = 1024 * 1024;

export interface CsvSinkOptions {
  /** The file to append to; it and its folder are made where they do not exist. One process writes to it. */
  readonly path: string;
  /** The columns in their order; by default those of the file if it has a header, else the fields of the first output. */
  readonly columns?: readonly string[] | undefined;
  /** Between two cells; a comma by default. */
  readonly delimiter?: string | undefined;
  readonly logger: Logger;
}

/**
 * Outputs as rows of CSV (RFC 4180), after one row with the columns' names. Fields that an output lacks, null and
 * undefined are empty cells, an empty text is `""`; 64-bit integers are digits, bytes base64, anything nested JSON. An
 * output with a field that is no column is refused. `flush` resolves once everything is on the disk.
 */
export class CsvSink implements Sink {
  private file: AppendFile | undefined;
  private columns: readonly string[] | undefined;
  private readonly delimiter: string;

  constructor(private readonly options: CsvSinkOptions) {
    this.columns = options.columns;
    this.delimiter = options.delimiter ?? ',';
  }

  async open(): Promise<void> {
    const file = await AppendFile.open(this.options.path);
    try {
      await setTornTailAside(file, true, this.options.logger);
      this.columns = this.agreed(await this.headerOf(file));
      this.file = file;
    } finally {
      if (this.file === undefined) await file.close();
    }
  }

  /** The columns to write, from those of the file and those of the settings. */
  private agreed(header: readonly string[] | undefined): readonly string[] | undefined {
    const { path, columns } = this.options;
    if (header === undefined || columns === undefined) return header ?? columns;
    if (columns.length === header.length && columns.every((name, i) => name === header[i])) return columns;
    throw new FatalError(
      `'${printable(path)}' has the columns ${listed(header)}, the settings ${listed(columns)}: ` +
        'write to another file, or use the columns of this one',
      { code: 'APF_SINK' },
    );
  }

  private async headerOf(file: AppendFile): Promise<readonly string[] | undefined> {
    if (file.length === 0) return undefined;
    const start = Buffer.alloc(Math.min(file.length, HEADER_BYTES));
    await file.handle.read(start, 0, start.length, 0);
    const [header] = parse(start, { delimiter: this.delimiter, bom: true, to: 1, relax_quotes: true });
    return header;
  }

  async write(batch: readonly Outgoing[]): Promise<readonly Refused[]> {
    const rows: (readonly (string | null)[])[] = [];
    const refused: Refused[] = [];
    let columns = this.columns;
    const header = this.file?.length === 0;
    for (const outgoing of batch) {
      try {
        const fields = fieldsOf(outgoing.value);
        columns ??= Object.keys(fields);
        rows.push(this.row(fields, columns));
      } catch (error) {
        refused.push({ outgoing, error: error as Error });
      }
    }
    if (rows.length === 0 || columns === undefined) return refused;
    this.columns = columns;
    const text = stringify(header ? [columns, ...rows] : rows, {
      delimiter: this.delimiter,
      // Not every reader keeps a lone carriage return, or a byte order mark at the start; an empty text is no null.
      quoted_match: [/[\r\n\ufeff]/, /^$/],
    });
    await this.file?.append(Buffer.from(text));
    return refused;
  }

  private row(fields: Readonly<Record<string, unknown>>, columns: readonly string[]): (string | null)[] {
    const unknown = Object.keys(fields).filter((name) => !columns.includes(name));
    if (unknown.length > 0) {
      throw new PoisonError(
        `the output has ${listed(unknown)}, for which '${printable(this.options.path)}' has no column; ` +
          `its columns are ${listed(columns)}`,
        { code: 'APF_ENCODE' },
      );
    }
    const cells = columns.map((name) => cell(Object.hasOwn(fields, name) ? fields[name] : null));
    // A line without anything is no row for most readers.
    return cells.length === 1 ? [cells[0] ?? ''] : cells;
  }

  async flush(): Promise<void> {
    await this.file?.sync();
  }

  async close(): Promise<void> {
    await this.file?.close();
    this.file = undefined;
  }
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>;
  throw new PoisonError('the output is no object, so it has no columns', { code: 'APF_ENCODE' });
}

function cell(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string') return value;
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  return typeof value === 'object' ? toJson(value) : `${value as number | bigint | boolean}`;
}

function listed(names: readonly string[]): string {
  return names.map((name) => `'${printable(name)}'`).join(', ');
}
