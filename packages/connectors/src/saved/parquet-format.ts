import type { ParquetWriter } from 'hyparquet-writer';
import type { AppendFile } from '../files/append-file.js';
import type { SavedAlert } from './alert-bytes.js';
import type { AlertWriter, FileFormat } from './file-format.js';
import { type ParquetModel, parquetModel } from './parquet-schema.js';

/** A row group is written once its alerts took so many bytes on their way here, or are so many. */
const GROUP_BYTES = 16 * 1024 * 1024;
const GROUP_ROWS = 10_000;

/**
 * Parquet with every record as a group and every array as a list (https://parquet.apache.org/docs/file-format/): 64-bit
 * integers stay such. The library is loaded when the first file begins.
 */
export const parquetFormat: FileFormat = {
  extension: 'parquet',
  needsSchema: true,
  begin: async (file, schema) => {
    const { ByteWriter, ParquetWriter } = await import('hyparquet-writer');
    const bytes = new ByteWriter();
    const model = parquetModel(schema!);
    const kvMetadata = [{ key: 'avro.schema', value: schema!.json }];
    const writer = new ParquetWriter({ writer: bytes, schema: model.schema, createdBy: 'apf', kvMetadata });
    const drain = async (): Promise<void> => {
      const chunk = Buffer.from(bytes.getBytes());
      bytes.index = 0;
      await file.append(chunk);
    };
    return new RowGroups(file, writer, model, drain);
  },
};

class RowGroups implements AlertWriter {
  private rows: Readonly<Record<string, unknown>>[] = [];
  private bytes = 0;

  constructor(
    readonly file: AppendFile,
    private readonly writer: ParquetWriter,
    private readonly model: ParquetModel,
    private readonly drain: () => Promise<void>,
  ) {}

  async add(alerts: readonly SavedAlert[]): Promise<void> {
    for (const { value, origin } of alerts) {
      const row = value.value;
      this.rows.push(isObject(row) ? row : { value: row });
      this.bytes += origin.value?.length ?? 0;
      if (this.rows.length >= GROUP_ROWS || this.bytes >= GROUP_BYTES) await this.writeGroup();
    }
  }

  async finish(): Promise<void> {
    await this.writeGroup();
    await this.writer.finish();
    await this.drain();
  }

  private async writeGroup(): Promise<void> {
    const { rows } = this;
    if (rows.length === 0) return;
    this.rows = [];
    this.bytes = 0;
    const columnData = this.model.columns.map(({ name, convert, plain }) => ({
      name,
      data: rows.map((row) => (convert ? convert(row[name]) : row[name])),
      ...(plain ? { statistics: false, encoding: 'PLAIN' as const } : {}),
    }));
    await this.writer.write({ columnData, rowGroupSize: rows.length });
    await this.drain();
  }
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
