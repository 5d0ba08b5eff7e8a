import { access, constants, open, readdir, rename, rm, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { readContainerHeader, type Logger, printable } from '@apf/core';
import { AppendFile } from './append-file.js';
import { cannotWrite } from './cannot-write.js';
import { makeFolder, syncFolder } from './folder.js';

const PART = '.part';
const SYNC = 16;
/** Enough for any header: surveys' schemas have some 100 kB. */
const HEADER_BYTES = 16 * 1024 * 1024;

/**
 * A numbered series of Avro containers, of which the last one is being written under the name of the file that it will
 * be, with `.part` at its end: a file with its final name is whole and never touched again.
 */
export class PartFiles {
  private readonly folder: string;
  private readonly stem: string;
  /** Whether the first file bears the name that was given, without a number. */
  private readonly named: boolean;
  private next = 0;

  /** @param path a file's name (`….avro`), or a folder for files named `alerts-000000.avro` and so on */
  constructor(
    path: string,
    private readonly logger: Logger,
  ) {
    this.named = path.endsWith('.avro');
    this.folder = this.named ? dirname(path) : path;
    this.stem = this.named ? basename(path, '.avro') : 'alerts';
  }

  /** Finds the first free number, and completes what a crash has left. */
  async open(): Promise<void> {
    try {
      await makeFolder(this.folder);
      await access(this.folder, constants.W_OK);
      const names = (await readdir(this.folder)).map((name) => ({ name, number: this.numberOf(name) }));
      for (const { name, number } of names) {
        if (number === undefined) continue;
        this.next = Math.max(this.next, number + 1);
        if (name.endsWith(PART)) await this.recover(join(this.folder, name));
      }
    } catch (error) {
      throw cannotWrite('outputs', this.folder, 'APF_SINK', error);
    }
  }

  private numberOf(name: string): number | undefined {
    const plain = name.endsWith(PART) ? name.slice(0, -PART.length) : name;
    if (!plain.startsWith(this.stem) || !plain.endsWith('.avro')) return undefined;
    const middle = plain.slice(this.stem.length, -'.avro'.length);
    if (middle === '') return this.named ? 0 : undefined;
    return /^-\d{6,}$/.test(middle) ? Number(middle.slice(1)) : undefined;
  }

  private nameOf(number: number): string {
    const suffix = this.named && number === 0 ? '' : `-${String(number).padStart(6, '0')}`;
    return join(this.folder, `${this.stem}${suffix}.avro`);
  }

  /** A new file, of a number that no other has. */
  async create(): Promise<AppendFile> {
    for (;;) {
      const path = this.nameOf(this.next++);
      try {
        const file = await AppendFile.open(path + PART, true);
        // Another process may have completed the file of this number since the folder was read.
        if (!(await exists(path))) return file;
        await file.close();
        await rm(file.path);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
    }
  }

  /** Closes a file and gives it its final name; one into which nothing could be written goes. */
  async complete(file: AppendFile): Promise<void> {
    await file.sync();
    await file.close();
    try {
      if (file.length === 0) await rm(file.path);
      else await rename(file.path, file.path.slice(0, -PART.length));
      await syncFolder(this.folder);
    } catch (error) {
      throw cannotWrite('outputs', file.path, 'APF_SINK', error);
    }
  }

  /** What was confirmed is in whole blocks; a block that was being written when the process died is not. */
  private async recover(path: string): Promise<void> {
    const handle = await open(path, 'r+');
    let whole: number;
    let torn: number;
    try {
      const { size } = await handle.stat();
      whole = await wholeBlocks(handle, size);
      torn = size - whole;
      if (whole > 0) {
        await handle.truncate(whole);
        await handle.sync();
      }
    } finally {
      await handle.close();
    }
    const fields = { file: printable(path), bytes: whole, torn };
    if (whole === 0) {
      await rm(path);
      this.logger.warn(fields, 'an unfinished file without any whole block was removed');
    } else {
      await rename(path, path.slice(0, -PART.length));
      this.logger.warn(fields, 'an unfinished file was completed; what was not confirmed comes again');
    }
    await syncFolder(this.folder);
  }
}

/** The bytes of a container's header and its whole blocks; 0 where there is no whole block. */
async function wholeBlocks(handle: FileHandle, size: number): Promise<number> {
  const start = await readAt(handle, 0, Math.min(size, HEADER_BYTES));
  let headerEnd: number;
  try {
    headerEnd = readContainerHeader(start).length + SYNC;
  } catch {
    return 0;
  }
  const sync = start.subarray(headerEnd - SYNC, headerEnd);
  let whole = headerEnd;
  for (;;) {
    // A block: the number of records, the number of bytes, these bytes, the sync marker.
    const lengths = await readAt(handle, whole, 20);
    const count = readLong(lengths, 0);
    const bytes = count && readLong(lengths, count.end);
    if (!bytes || bytes.value < 0) break;
    const end = whole + bytes.end + bytes.value;
    if (!(await readAt(handle, end, SYNC)).equals(sync)) break;
    whole = end + SYNC;
  }
  return whole === headerEnd ? 0 : whole;
}

/** Fewer bytes at the end of the file. */
async function readAt(handle: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, position);
  return buffer.subarray(0, bytesRead);
}

/** A zigzag varint; undefined when `bytes` end within it. */
function readLong(bytes: Buffer, at: number): { value: number; end: number } | undefined {
  let raw = 0n;
  for (let i = at; i < bytes.length; i++) {
    const byte = bytes[i] as number;
    raw |= BigInt(byte & 0x7f) << BigInt(7 * (i - at));
    if (byte < 0x80) return { value: Number((raw >> 1n) ^ -(raw & 1n)), end: i + 1 };
  }
  return undefined;
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
