import {
  ContainerWriter,
  toError,
  type AvroSchema,
  type ContainerCodec,
  type Logger,
  type Outgoing,
  type Refused,
  type Sink,
} from '@apf/core';
import type { AppendFile } from './append-file.js';
import { PartFiles } from './part-files.js';

export interface AvroFileSinkOptions {
  /**
   * A file's name (ending in `.avro`; the ones after it are `name-000001.avro` and so on), or a folder for files named
   * `alerts-000000.avro` and so on. Folders are made where they do not exist. One process writes to a path.
   */
  readonly path: string;
  readonly schema: AvroSchema;
  /** How blocks are compressed; `null` (not at all) by default. */
  readonly codec?: ContainerCodec | undefined;
  /** After how much a new file begins, looked at whenever a batch was written; never by default. */
  readonly rotate?:
    | {
        readonly records?: number | undefined;
        readonly bytes?: number | undefined;
        readonly seconds?: number | undefined;
      }
    | undefined;
  readonly logger: Logger;
}

/**
 * Outputs as Avro containers, a block for each batch. The file that is being written ends in `.part` and gets its name
 * when it is complete: on rotation, on close, or after a crash at the next start, cut back to its whole blocks. A file
 * that exists is never written to: a restart begins the next one. `flush` resolves once everything is on the disk.
 */
export class AvroFileSink implements Sink {
  private readonly files: PartFiles;
  private readonly writer: ContainerWriter;
  private readonly header: Buffer;
  private file: AppendFile | undefined;
  private records = 0;
  private begun = 0;

  constructor(private readonly options: AvroFileSinkOptions) {
    this.files = new PartFiles(options.path, options.logger);
    this.writer = new ContainerWriter(options.schema, { codec: options.codec });
    this.header = this.writer.write([]);
  }

  async open(): Promise<void> {
    await this.files.open();
  }

  async write(batch: readonly Outgoing[]): Promise<readonly Refused[]> {
    const { accepted, refused, container } = this.encode(batch);
    if (accepted === 0) return refused;
    if (this.file === undefined) {
      this.file = await this.files.create();
      this.records = 0;
      this.begun = Date.now();
    }
    // The header goes with the first block, so that there is never a file without a record.
    await this.file.append(this.file.length === 0 ? container : container.subarray(this.header.length));
    this.records += accepted;
    return refused;
  }

  /** All of the batch at once; one by one only where something in it does not fit the schema. */
  private encode(batch: readonly Outgoing[]): { accepted: number; refused: Refused[]; container: Buffer } {
    const refused: Refused[] = [];
    let values = batch.map(({ value }) => value);
    try {
      return { accepted: values.length, refused, container: this.writer.write(values) };
    } catch {
      values = [];
    }
    for (const outgoing of batch) {
      try {
        this.options.schema.encode(outgoing.value);
        values.push(outgoing.value);
      } catch (error) {
        refused.push({ outgoing, error: toError(error) });
      }
    }
    return { accepted: values.length, refused, container: this.writer.write(values) };
  }

  async flush(): Promise<void> {
    if (this.file === undefined) return;
    if (this.isFull(this.file)) await this.complete();
    else await this.file.sync();
  }

  private isFull({ length }: AppendFile): boolean {
    const { records = Infinity, bytes = Infinity, seconds = Infinity } = this.options.rotate ?? {};
    return this.records >= records || length >= bytes || Date.now() - this.begun >= seconds * 1000;
  }

  private async complete(): Promise<void> {
    const { file } = this;
    this.file = undefined;
    if (file !== undefined) await this.files.complete(file);
  }

  async close(): Promise<void> {
    await this.complete();
  }
}
