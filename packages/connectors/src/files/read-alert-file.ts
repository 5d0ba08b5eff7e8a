import { printable } from '@apf/core';
import { readFile, stat } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { Logger, RawMessage } from '@apf/core';
import type { Header } from 'tar-stream';
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

/** The endings of files that hold alerts, and of archives of such files. */
export const ALERT_FILES: readonly string[] = [...AVRO, ...TARS];

/** Whether a file is an archive, by its name. */
export function isArchive(path: string): boolean {
  return endsIn(path, TARS);
}

/**
 * The alerts of one file: one message for an `.avro` or `.avro.gz` file, one for each such entry of an archive. What
 * cannot be read whole is a message marked `unreadable`; for a damaged archive it is the last, has the archive's own
 * path as its topic, and comes after the entries that were whole.
 */
export async function* readAlertFile(
  path: string,
  offset: number,
  logger: Logger,
): AsyncGenerator<readonly RawMessage[], void> {
  if (isArchive(path)) yield* readArchive(path, offset, logger);
  else yield [await readOne(path, offset, logger)];
}

async function readOne(path: string, offset: number, logger: Logger): Promise<RawMessage> {
  let timestamp: number | undefined;
  let bytes: Buffer | undefined;
  try {
    const { mtimeMs, size } = await stat(path);
    timestamp = Math.floor(mtimeMs);
    if (size > MESSAGE_BYTES) throw tooLarge(size);
    bytes = await readFile(path);
    const value = await plainBytes(path, bytes);
    return { topic: path, partition: 0, offset, timestamp, value };
  } catch (cause) {
    return unreadable({ topic: path, offset, timestamp, bytes, cause }, logger);
  }
}

async function* readArchive(
  path: string,
  offset: number,
  logger: Logger,
): AsyncGenerator<readonly RawMessage[], void> {
  try {
    for await (const { header, bytes } of tarEntries(path, isAlertEntry)) {
      const topic = `${path}#${header.name}`;
      const timestamp = header.mtime.getTime();
      if (bytes !== null) {
        try {
          yield [{ topic, partition: 0, offset, timestamp, value: await plainBytes(header.name, bytes) }];
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

/** Whether an entry of an archive is a file of alerts, by its name; hidden ones are not. */
export function isAlertEntry(header: Header): boolean {
  return isFile(header) && isAvro(header.name) && header.size <= MESSAGE_BYTES;
}

/** What a file of that name holds, unpacked where it is gzipped. */
export async function plainBytes(name: string, bytes: Buffer): Promise<Buffer> {
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
