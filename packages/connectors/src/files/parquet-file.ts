import { rename, rm } from 'node:fs/promises';
import { type ColumnModel, type ColumnType, toJson } from '@apf/core';
import type { ParquetWriter, SchemaElement } from 'hyparquet-writer';
import { cannotWrite } from './cannot-write.js';

/** Parquet's words for the types of columns. JSON is text, because a JSON column would lose integers of 64 bits. */
const TYPES: Readonly<Record<ColumnType, Partial<SchemaElement>>> = {
  boolean: { type: 'BOOLEAN' },
  int32: { type: 'INT32' },
  int64: { type: 'INT64' },
  float: { type: 'FLOAT' },
  double: { type: 'DOUBLE' },
  text: { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
  bytes: { type: 'BYTE_ARRAY' },
  json: { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
  timestamp: { type: 'INT64', converted_type: 'TIMESTAMP_MILLIS' },
};

/**
 * A Parquet file of rows with these columns (https://parquet.apache.org/docs/file-format/). It bears its name once it is
 * whole; until then `.part` stands at its end.
 */
export class ParquetFile {
  private constructor(
    private readonly path: string,
    private readonly columns: readonly ColumnModel[],
    private readonly writer: ParquetWriter,
  ) {}

  /** A file of that name that is there already is replaced, at `close`. */
  static async create(path: string, columns: readonly ColumnModel[]): Promise<ParquetFile> {
    const { ParquetWriter, fileWriter } = await import('hyparquet-writer');
    const schema: SchemaElement[] = [
      { name: 'root', num_children: columns.length },
      ...columns.map(({ name, type, nullable }) => ({
        name,
        repetition_type: nullable ? ('OPTIONAL' as const) : ('REQUIRED' as const),
        ...TYPES[type],
      })),
    ];
    try {
      return new ParquetFile(
        path,
        columns,
        new ParquetWriter({ writer: fileWriter(`${path}.part`), schema }),
      );
    } catch (error) {
      throw cannotWrite('rows', path, 'APF_FILE', error);
    }
  }

  /** Writes rows as a group of their own: give many at once. */
  async append(rows: readonly Readonly<Record<string, unknown>>[]): Promise<void> {
    if (rows.length === 0) return;
    const columnData = this.columns.map(({ name, type }) => ({
      name,
      data: rows.map((row) => cell(row[name], type)),
    }));
    try {
      await this.writer.write({ columnData, rowGroupSize: rows.length });
    } catch (error) {
      throw cannotWrite('rows', this.path, 'APF_FILE', error);
    }
  }

  async close(): Promise<void> {
    try {
      await this.writer.finish();
      await rename(`${this.path}.part`, this.path);
    } catch (error) {
      throw cannotWrite('rows', this.path, 'APF_FILE', error);
    }
  }

  /** Leaves nothing behind. */
  async discard(): Promise<void> {
    await rm(`${this.path}.part`, { force: true });
  }
}

function cell(value: unknown, type: ColumnType): unknown {
  if (value === null || value === undefined) return null;
  switch (type) {
    case 'int64':
      return BigInt(value as bigint | number | string);
    case 'int32':
      return Number(value);
    case 'text':
      return typeof value === 'string' ? value : toJson(value);
    case 'json':
      return toJson(value);
    default:
      return value;
  }
}
