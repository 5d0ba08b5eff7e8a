import { PoisonError } from '../errors.js';
import { decompress } from './compression.js';
import { KnownHeaders, SYNC, type ContainerHeader } from './container.js';
import type { Datum, DecoderOptions } from './decoder.js';
import { Reader } from './decoder-reader.js';

/** A header of a survey has some 25 kB; what has no end after so many is none. */
const LARGEST_HEADER = 16 * 1024 * 1024;
const LARGEST_BLOCK = 512 * 1024 * 1024;
/** Two varints. */
const BLOCK_HEAD = 20;

const cursor = new Reader();

/** A block of a container, taken apart. */
export interface DatumBlock<T> {
  readonly header: ContainerHeader;
  readonly data: readonly Datum<T>[];
}

/**
 * Reads containers as their bytes come, no more than a block at a time, and gives each record as it stands (less the
 * block's compression) with the fields of the projection: to pass records on without decoding and encoding them.
 */
export class DatumReader<T = unknown> {
  private readonly headers: KnownHeaders<T>;

  /** @param options `fields` are what is read of each record; the rest is only walked over */
  constructor(options: DecoderOptions = {}) {
    this.headers = new KnownHeaders<T>(options);
  }

  /** @throws PoisonError where the container breaks, after the blocks before that */
  async *read(chunks: Iterable<Buffer> | AsyncIterable<Buffer>): AsyncGenerator<DatumBlock<T>, void> {
    const incoming = new Incoming(chunks);
    try {
      const header = await this.header(incoming);
      const sync = Buffer.from(incoming.bytes.subarray(header.length, header.length + SYNC));
      incoming.drop(header.length + SYNC);
      for (;;) {
        await incoming.atLeast(BLOCK_HEAD);
        if (incoming.bytes.length === 0) return;
        const { count, start, size } = blockHead(incoming.bytes);
        const end = start + size;
        const bytes = await incoming.atLeast(end + SYNC);
        cursor.point(bytes, bytes.length);
        if (bytes.length < end + SYNC) cursor.truncated();
        if (bytes.compare(sync, 0, SYNC, end, end + SYNC) !== 0) {
          cursor.fail("a block does not end with the container's sync marker", end);
        }
        const plain =
          size === 0 ? bytes.subarray(0, 0) : decompress(header.codec, bytes.subarray(start, end));
        yield { header, data: header.decoder.split(plain, 0, plain.length, count) };
        incoming.drop(end + SYNC);
      }
    } finally {
      await incoming.close();
    }
  }

  private async header(incoming: Incoming): Promise<ReturnType<KnownHeaders<T>['of']>> {
    for (let wanted = 64 * 1024; ; wanted *= 4) {
      const bytes = await incoming.atLeast(wanted);
      try {
        return this.headers.of(bytes);
      } catch (error) {
        const isCut = error instanceof PoisonError && error.code === 'APF_TRUNCATED';
        if (!isCut || bytes.length < wanted || wanted > LARGEST_HEADER) throw error;
      }
    }
  }
}

function blockHead(bytes: Buffer): { count: number; start: number; size: number } {
  cursor.point(bytes, bytes.length);
  const count = cursor.int(0);
  const size = cursor.int(cursor.pos);
  if (count < 0) cursor.fail(`a block of the container has ${count} records`, 0);
  if (size < 0 || size > LARGEST_BLOCK) cursor.fail(`a block of the container has ${size} bytes`, 0);
  return { count, start: cursor.pos, size };
}

/** The bytes that have come and are not used up. */
class Incoming {
  bytes: Buffer = Buffer.alloc(0);
  private readonly chunks: Iterator<Buffer> | AsyncIterator<Buffer>;

  constructor(chunks: Iterable<Buffer> | AsyncIterable<Buffer>) {
    this.chunks = Symbol.asyncIterator in chunks ? chunks[Symbol.asyncIterator]() : chunks[Symbol.iterator]();
  }

  /** Waits until there are so many bytes, or no more come. */
  async atLeast(length: number): Promise<Buffer> {
    if (this.bytes.length >= length) return this.bytes;
    const parts = [this.bytes];
    let total = this.bytes.length;
    while (total < length) {
      const next = await this.chunks.next();
      if (next.done) break;
      parts.push(next.value);
      total += next.value.length;
    }
    const filled = parts.filter((part) => part.length > 0);
    this.bytes = filled.length === 1 ? filled[0]! : Buffer.concat(filled);
    return this.bytes;
  }

  drop(length: number): void {
    this.bytes = this.bytes.subarray(length);
  }

  async close(): Promise<void> {
    await this.chunks.return?.();
  }
}
