import { readSync } from 'node:fs';
import { mkdtemp, open, rm, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cannotWrite } from './cannot-write.js';

const MEMORY = 64 * 1024 * 1024;
const WRITE = 4 * 1024 * 1024;

export interface SpoolOptions {
  /** Where the file is made; the system's temporary folder where absent. */
  readonly folder?: string | undefined;
  /** Bytes that are held in memory before there is a file. @default 64 MiB */
  readonly memory?: number;
}

/** Where bytes were put. */
export interface Place {
  readonly at: number;
  readonly length: number;
}

/**
 * Bytes put aside and read again in any order: the first ones in memory, the rest in a temporary file. The file has no
 * name, so that it is gone with the process, however that ends.
 */
export class Spool {
  private readonly memory: Buffer;
  private readonly block = Buffer.allocUnsafe(WRITE);
  private held = 0;
  private full = false;
  private waiting = 0;
  private written = 0;
  private file: FileHandle | undefined;

  constructor(private readonly options: SpoolOptions = {}) {
    this.memory = Buffer.allocUnsafe(options.memory ?? MEMORY);
  }

  /** Copies the bytes; resolves to where they are. @throws FatalError (APF_FILE) where the disk is full */
  async append(bytes: Buffer): Promise<number> {
    if (!this.full && this.held + bytes.length <= this.memory.length) {
      bytes.copy(this.memory, this.held);
      this.held += bytes.length;
      return this.held - bytes.length;
    }
    this.full = true;
    if (this.waiting + bytes.length > WRITE) await this.writeOut();
    const place = this.memory.length + this.written + this.waiting;
    if (bytes.length > WRITE) {
      await this.write(bytes);
    } else {
      bytes.copy(this.block, this.waiting);
      this.waiting += bytes.length;
    }
    return place;
  }

  /**
   * The bytes at several places, to be read only until the next `clear`. What comes from the file shares one piece of
   * memory, what stands there side by side is read at once, and without a turn of the event loop for each: both cost
   * more time than reading what the system has cached.
   */
  read(places: readonly Place[]): Buffer[] {
    let size = 0;
    for (const { at, length } of places) size += at < this.memory.length ? 0 : length;
    const slab = Buffer.allocUnsafe(size);
    const found: Buffer[] = [];
    let used = 0;
    let [start, end, into] = [0, 0, 0];
    const readRun = (): void => {
      if (end > start) this.readFile(slab, into, start, end - start);
    };
    for (const { at, length } of places) {
      if (at < this.memory.length) {
        found.push(this.memory.subarray(at, at + length));
        continue;
      }
      if (at !== end) {
        readRun();
        [start, into] = [at, used];
      }
      end = at + length;
      found.push(slab.subarray(used, (used += length)));
    }
    readRun();
    return found;
  }

  private readFile(target: Buffer, into: number, at: number, length: number): void {
    const position = at - this.memory.length;
    const onDisk = Math.max(0, Math.min(length, this.written - position));
    for (let done = 0; done < onDisk;) {
      const read = readSync(this.file!.fd, target, into + done, onDisk - done, position + done);
      if (read === 0) throw new Error('the spool ends too early');
      done += read;
    }
    const begin = position + onDisk - this.written;
    if (onDisk < length) this.block.copy(target, into + onDisk, begin, begin + length - onDisk);
  }

  /** Forgets everything, for the next bytes. */
  async clear(): Promise<void> {
    this.held = this.waiting = this.written = 0;
    this.full = false;
    await this.file?.truncate();
  }

  async close(): Promise<void> {
    await this.file?.close();
    this.file = undefined;
  }

  private async writeOut(): Promise<void> {
    const { waiting } = this;
    this.waiting = 0;
    if (waiting > 0) await this.write(this.block.subarray(0, waiting));
  }

  private async write(bytes: Buffer): Promise<void> {
    const { folder = tmpdir() } = this.options;
    try {
      this.file ??= await nameless(folder);
      let done = 0;
      while (done < bytes.length) {
        const { bytesWritten } = await this.file.write(bytes, done, bytes.length - done, this.written + done);
        done += bytesWritten;
      }
      this.written += bytes.length;
    } catch (error) {
      throw cannotWrite('what does not fit into memory', folder, 'APF_FILE', error);
    }
  }
}

async function nameless(folder: string): Promise<FileHandle> {
  const place = await mkdtemp(join(folder, 'apf-spool-'));
  try {
    return await open(join(place, 'spool'), 'wx+', 0o600);
  } finally {
    await rm(place, { recursive: true });
  }
}
