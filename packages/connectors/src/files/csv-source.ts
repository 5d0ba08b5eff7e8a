import { stat } from 'node:fs/promises';
import { finished } from 'node:stream/promises';
import type { Logger, RawMessage } from '@apf/core';
import { parse, type CsvError, type Parser } from 'csv-parse';
import { listFiles } from './list-files.js';
import { PullSource } from './pull-source.js';
import { readBytes } from './read-bytes.js';
import { unreadable } from './unreadable.js';

const ENDINGS = ['.csv', '.tsv'].flatMap((ending) => [ending, `${ending}.gz`]);
/** The longest row: a quote that is never closed would otherwise swallow the rest of the file. */
const ROW_BYTES = 8 * 1024 * 1024;
/** A number as JSON writes it (RFC 8259, section 6). `007`, `+1` and `.5` are none and stay text. */
const JSON_NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/;

export interface CsvSourceOptions {
  /** A folder (read with all its subfolders), a glob, a file, or several of these. */
  readonly path?: string | undefined;
  readonly paths?: readonly string[] | undefined;
  /** Between two cells; a comma by default, a tab in `.tsv` files. */
  readonly delimiter?: string | undefined;
  /**
   * The columns whose numbers are numbers, or `true` for all; empty cells of these are null. Everything else is text.
   * Digits are passed on as they stand, so that no 64-bit integer is rounded here.
   */
  readonly numbers?: boolean | readonly string[] | undefined;
  readonly logger: Logger;
}

/** A row that is whole, or the error and the text of one that is not. */
type Row = { readonly cells: readonly string[] } | { readonly error: CsvError; readonly text: string };

/**
 * CSV files as messages, for the framing `json`: the first row names the columns, every other is one message, a JSON
 * object. Gzipped when the name ends in `.gz`. A file of any size is streamed. The topic is the file's path as given,
 * the offset the number of the row in it, from 0; the timestamp the file's last change.
 *
 * A row with too many cells, or too few, is a message marked `unreadable` with its text.
 */
export class CsvSource extends PullSource {
  private files: readonly string[] = [];

  constructor(private readonly options: CsvSourceOptions) {
    super();
  }

  override async open(): Promise<void> {
    const { path, paths, logger } = this.options;
    this.files = await listFiles([...(path === undefined ? [] : [path]), ...(paths ?? [])], ENDINGS, logger);
  }

  protected override async *read(): AsyncGenerator<readonly RawMessage[], void> {
    for (const file of this.files) yield* this.readFile(file);
  }

  private async *readFile(topic: string): AsyncGenerator<readonly RawMessage[], void> {
    const { logger } = this.options;
    const rows: Row[] = [];
    let toJson: ((cells: readonly string[]) => Buffer) | undefined;
    let offset = 0;
    let timestamp: number | undefined;
    const take = (): RawMessage[] => {
      const messages: RawMessage[] = [];
      for (const row of rows.splice(0)) {
        if ('error' in row) {
          // Without its header no row of the file can be told; nor can what follows a row without an end.
          if (toJson === undefined || row.error.code === 'CSV_MAX_RECORD_SIZE') throw row.error;
          const bytes = Buffer.from(row.text);
          messages.push(unreadable({ topic, offset: offset++, timestamp, bytes, cause: row.error }, logger));
        } else if (toJson === undefined) {
          toJson = rowWriter(row.cells, this.options.numbers ?? false);
        } else {
          messages.push({ topic, partition: 0, offset: offset++, timestamp, value: toJson(row.cells) });
        }
      }
      return messages;
    };
    try {
      timestamp = Math.floor((await stat(topic)).mtimeMs);
      const parser = parserInto(rows, this.options.delimiter ?? (/\.tsv(\.gz)?$/i.test(topic) ? '\t' : ','));
      for await (const chunk of readBytes(topic)) {
        await write(parser, chunk as Buffer);
        yield take();
      }
      parser.end();
      await finished(parser);
      yield take();
    } catch (cause) {
      yield [unreadable({ topic, offset, timestamp, cause }, logger)];
    }
  }
}

/** A parser that adds rows, good and bad in the order of the file, to `rows`. */
function parserInto(rows: Row[], delimiter: string): Parser {
  const parser = parse({
    delimiter,
    bom: true,
    raw: true,
    max_record_size: ROW_BYTES,
    skip_empty_lines: true,
    // A stray quote stays in its cell; refused, it would take the rows after it along, up to the next quote.
    relax_quotes: true,
    skip_records_with_error: true,
    on_record: (record: unknown) => {
      rows.push({ cells: (record as { record: string[] }).record });
      return null;
    },
    on_skip: (error, text) => {
      if (error !== undefined) rows.push({ error, text: text ?? '' });
      return undefined;
    },
  });
  // Nothing is ever pushed to the readable side; it must flow for the parser to finish.
  return parser.resume();
}

function write(parser: Parser, chunk: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    parser.write(chunk, (error) => (error ? reject(error) : resolve()));
  });
}

/** Makes a row's JSON text from its cells, in the order of the columns. */
function rowWriter(
  columns: readonly string[],
  numbers: boolean | readonly string[],
): (cells: readonly string[]) => Buffer {
  const repeated = columns.find((name, index) => columns.indexOf(name) !== index);
  if (repeated !== undefined) throw new Error(`two columns are named '${repeated}'`);
  const names = columns.map((name) => `${JSON.stringify(name)}:`);
  const numeric = columns.map((name) => (typeof numbers === 'boolean' ? numbers : numbers.includes(name)));
  return (cells) => {
    const members = cells.map((cell, index) => {
      if (numeric[index] !== true) return names[index] + JSON.stringify(cell);
      return names[index] + (cell === '' ? 'null' : JSON_NUMBER.test(cell) ? cell : JSON.stringify(cell));
    });
    return Buffer.from(`{${members.join(',')}}`);
  };
}
