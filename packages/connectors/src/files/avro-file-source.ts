import { readFile, stat } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { Logger, RawMessage } from '@apf/core';
import type { Header } from 'tar-stream';
import { printable } from './file-reason.js';
import { listFiles } from './list-files.js';
import { PullSource } from './pull-source.js';
import { tarEntries } from './tar-entries.js';
import { unreadable } from './unreadable.js';

const TARS = ['.tar', '.tar.gz', '.tgz'] as const;
const AVRO = ['.avro', '.avro.gz'] as const;
/** The largest file or entry that becomes a message, unpacked: a small gzip file can unpack to terabytes. */
const MESSAGE_BYTES = 512 * 1024 * 1024;
/** A damaged archive's own bytes go with its dead letter up to this size, which every dead-letter sink takes. */
const ARCHIVE_BYTES = 8 * 1024 * 1024;

/** The first two bytes of gzip data (RFC 1952), with which no framing of an alert begins. */
const GZIP = 0x1f8b;

const unpack = promisify(gunzip);

export interface AvroFileSourceOptions {
  /** A folder (read with all its subfolders), a glob, a file, or several of these. */
  readonly path?: string | undefined;
  readonly paths?: readonly string[] | undefined;
  /** Starts again after the last file, for ever: for demonstrations and load tests. */
  readonly endless?: boolean | undefined;
  readonly logger: Logger;
}

/**
 * Avro files as messages: each `.avro` or `.avro.gz` file is one (and any that is named, whatever its ending), as on Kafka, wherever it stands: by itself, in a
 * folder, or in a `.tar`, `.tar.gz` or `.tgz` archive, which is streamed and never held. The topic is the file's path
 * as given (`archive.tar.gz#entry` in an archive), the offset 0 (with `endless`, the number of the pass), the
 * timestamp the time of the file's last change.
 *
 * A file or archive that cannot be read whole is a message marked `unreadable`, so that it becomes a dead letter.
 */
export class AvroFileSource extends PullSource {
  private readonly paths: readonly string[];
  private files: readonly string[] = [];

  constructor(private readonly options: AvroFileSourceOptions) {
    super();
    this.paths = [...(options.path === undefined ? [] : [options.path]), ...(options.paths ?? [])];
  }

  override async open(): Promise<void> {
    this.files = await listFiles(this.paths, [...AVRO, ...TARS], this.options.logger);
  }

  protected override async *read(): AsyncGenerator<readonly RawMessage[], void> {
    let pass = 0;
    do {
      for (const file of this.files) {
        if (endsIn(file, TARS)) yield* this.readArchive(file, pass);
        else yield [await this.readOne(file, pass)];
      }
      pass++;
    } while (this.options.endless);
  }

  private async readOne(path: string, offset: number): Promise<RawMessage> {
    let timestamp: number | undefined;
    let bytes: Buffer | undefined;
    try {
      const { mtimeMs, size } = await stat(path);
      timestamp = Math.floor(mtimeMs);
      if (size > MESSAGE_BYTES) throw tooLarge(size);
      bytes = await readFile(path);
      const value = await plain(path, bytes);
      return { topic: path, partition: 0, offset, timestamp, value };
    } catch (cause) {
      return unreadable({ topic: path, offset, timestamp, bytes, cause }, this.options.logger);
    }
  }

  private async *readArchive(path: string, offset: number): AsyncGenerator<readonly RawMessage[], void> {
    const { logger } = this.options;
    try {
      for await (const { header, bytes } of tarEntries(path, isAlert)) {
        const topic = `${path}#${header.name}`;
        const timestamp = header.mtime.getTime();
        if (bytes !== null) {
          try {
            yield [{ topic, partition: 0, offset, timestamp, value: await plain(header.name, bytes) }];
          } catch (cause) {
            yield [unreadable({ topic, offset, timestamp, bytes, cause }, logger)];
          }
        } else if (isAvro(header.name) && header.type !== 'directory') {
          const cause = isFile(header)
            ? tooLarge(header.size)
            : new Error(`it is a ${header.type} in the archive, not a file`);
          yield [unreadable({ topic, offset, timestamp, cause }, logger)];
        } else if (header.type !== 'directory') {
          logger.debug({ file: printable(topic) }, 'skipped: not an Avro file by its name');
        }
      }
    } catch (cause) {
      yield [unreadable({ topic: path, offset, ...(await remains(path)), cause }, logger)];
    }
  }
}

function endsIn(name: string, endings: readonly string[]): boolean {
  const lower = name.toLowerCase();
  return endings.some((ending) => lower.endsWith(ending));
}

function isFile({ type }: Header): boolean {
  return type === 'file' || type === 'contiguous-file';
}

/** By its name; hidden entries are none, as in folders: macOS adds a `._` twin for each file. */
function isAvro(name: string): boolean {
  return endsIn(name, AVRO) && !/(^|\/)\.[^/]*$/.test(name);
}

function tooLarge(size: number): Error {
  return new Error(`it is larger (${size} bytes) than one message may be (${MESSAGE_BYTES})`);
}

function isAlert(header: Header): boolean {
  return isFile(header) && isAvro(header.name) && header.size <= MESSAGE_BYTES;
}

async function plain(name: string, bytes: Buffer): Promise<Buffer> {
  const packed = endsIn(name, ['.gz']) || (bytes.length > 2 && bytes.readUInt16BE(0) === GZIP);
  return packed ? unpack(bytes, { maxOutputLength: MESSAGE_BYTES }) : bytes;
}

/** What can be kept of a damaged archive: its time, and its bytes unless there are too many of them. */
async function remains(path: string): Promise<{ timestamp?: number; bytes?: Buffer }> {
  try {
    const { mtimeMs, size } = await stat(path);
    const timestamp = Math.floor(mtimeMs);
    return size > ARCHIVE_BYTES ? { timestamp } : { timestamp, bytes: await readFile(path) };
  } catch {
    return {};
  }
}
