import { isUtf8 } from 'node:buffer';
import { randomBytes } from 'node:crypto';
import type { WrittenAlert } from '../contracts.js';
import { PoisonError } from '../errors.js';
import { compress, decompress, type ContainerCodec } from './compression.js';
import type { Decoder, DecoderOptions } from './decoder.js';
import { parseSchema, type AvroSchema } from './schema.js';
import { framingError } from './framing.js';
import { Reader } from './decoder-reader.js';
import { RecentlyUsed } from './recently-used.js';
import { writeBytes, writeLong } from './varint.js';

/** https://avro.apache.org/docs/1.12.0/specification/#object-container-files */
const MAGIC = Buffer.from('Obj\x01', 'latin1');
export const SYNC = 16;
const NO_BYTES = Buffer.alloc(0);
/** Parsed headers that are kept. A stream has a few; a hostile one has a new one each time. */
const HEADERS = 64;

/** For what is around the records; decoders have a reader of their own. */
const cursor = new Reader();

export interface ContainerHeader {
  readonly schema: AvroSchema;
  /** The compression's name: `null`, `deflate`, `snappy`, `zstandard`, or one that is not known. */
  readonly codec: string;
  /** The metadata, `avro.schema` and `avro.codec` among it, as views of a copy of the header. */
  readonly metadata: ReadonlyMap<string, Buffer>;
  /** Bytes from the start to the sync marker, which takes 16 more. */
  readonly length: number;
}

export interface Container<T = unknown> extends ContainerHeader {
  readonly records: T[];
}

/**
 * Reads a container's header, without its records.
 * @throws PoisonError of APF_LFS_POINTER, APF_FRAMING, APF_TRUNCATED or APF_SCHEMA
 */
export function readContainerHeader(bytes: Buffer): ContainerHeader {
  const { metadata, length } = readMetadata(bytes);
  const schemaText = metadata.get('avro.schema');
  if (!schemaText) throw new PoisonError("the container's header has no avro.schema", { code: 'APF_SCHEMA' });
  if (!isUtf8(schemaText))
    throw new PoisonError("the container's schema is not UTF-8", { code: 'APF_SCHEMA' });
  const codec = metadata.get('avro.codec')?.toString('utf8') || 'null';
  return { schema: parseSchema(schemaText.toString('utf8')), codec, metadata, length };
}

/** The metadata is a map of bytes; the copy keeps it from holding a whole message in memory. */
function readMetadata(bytes: Buffer): { metadata: Map<string, Buffer>; length: number } {
  if (!bytes.subarray(0, MAGIC.length).equals(MAGIC))
    throw framingError(bytes, 'an Avro container', 'Obj\\x01');
  const reader = cursor;
  reader.point(bytes, bytes.length);
  const places: [key: string, start: number, end: number][] = [];
  let p = MAGIC.length;
  for (let count; (count = reader.blockCount(p, 2, 0)) !== 0;) {
    p = reader.pos;
    for (; count > 0; count--) {
      const key = reader.text(p);
      const length = reader.length(reader.pos);
      places.push([key, reader.pos, (p = reader.pos + length)]);
    }
  }
  const length = reader.pos;
  if (length + SYNC > bytes.length) reader.truncated();
  const copy = Buffer.from(bytes.subarray(0, length));
  return { metadata: new Map(places.map(([key, start, end]) => [key, copy.subarray(start, end)])), length };
}

/** A header that was read before, with the decoder for it. `bytes` is the header up to the sync marker. */
interface KnownHeader<T> extends ContainerHeader {
  readonly bytes: Buffer;
  readonly decoder: Decoder<T>;
}

/**
 * Headers that were read with the same decoding options. Parsing a schema and compiling its decoder takes milliseconds,
 * so they are remembered by their bytes (less the sync marker, which is another in every file).
 */
export class KnownHeaders<T> {
  private readonly headers = new RecentlyUsed<KnownHeader<T>>(HEADERS);

  constructor(private readonly options: DecoderOptions) {}

  /** The header that a container begins with. @throws PoisonError (see {@link readContainerHeader}) */
  of(bytes: Buffer): KnownHeader<T> {
    const known = this.headers.find((header) => startsWith(bytes, header.bytes));
    if (known) return known;
    const header = readContainerHeader(bytes);
    const decoder = header.schema.decoder<T>(this.options);
    const made = { ...header, bytes: Buffer.from(bytes.subarray(0, header.length)), decoder };
    this.headers.add(made);
    return made;
  }
}

/** Reads whole containers with the same decoding options. */
export class ContainerReader<T = unknown> {
  private readonly headers: KnownHeaders<T>;

  constructor(options: DecoderOptions = {}) {
    this.headers = new KnownHeaders<T>(options);
  }

  /**
   * All records of a container; a container that breaks anywhere gives none.
   * @throws PoisonError (see {@link readContainerHeader}), also APF_CODEC, APF_DECODE, APF_TRAILING
   */
  read(bytes: Buffer): Container<T> {
    const header = this.headers.of(bytes);
    const { schema, codec, metadata, length } = header;
    return { schema, codec, metadata, length, records: readBlocks(bytes, header) };
  }

  /** As {@link read}, without the description. */
  records(bytes: Buffer): T[] {
    return readBlocks(bytes, this.headers.of(bytes));
  }

  /** The `record`th record of a container that was read, as its own bytes. */
  written(bytes: Buffer, record: number): WrittenAlert | undefined {
    const { schema, decoder, codec, length } = this.headers.of(bytes);
    let before = 0;
    for (const { count, start, end } of blocksOf(bytes, length)) {
      const index = record - before;
      before += count;
      if (index >= count) continue;
      const block =
        codec === 'null' ? bytes.subarray(start, end) : decompress(codec, bytes.subarray(start, end));
      if (count === 1) return { schema, bytes: block };
      const from = index === 0 ? 0 : decoder.endOf(index - 1, block, 0, block.length);
      return { schema, bytes: block.subarray(from, decoder.endOf(0, block, from, block.length)) };
    }
    return undefined;
  }
}

function startsWith(bytes: Buffer, start: Buffer): boolean {
  const { length } = start;
  // The last byte but some differs for most other headers: the whole is compared only where that makes sense.
  if (bytes.length < length + SYNC || bytes[length - 1] !== 0) return false;
  return bytes.compare(start, 0, length, 0, length) === 0;
}

function readBlocks<T>(bytes: Buffer, header: KnownHeader<T>): T[] {
  const records: T[] = [];
  const { length, codec, decoder } = header;
  for (const { count, start, end } of blocksOf(bytes, length)) {
    if (codec === 'null') decoder.decodeBlock(bytes, start, end, count, records);
    else {
      const block = count === 0 && end === start ? NO_BYTES : decompress(codec, bytes.subarray(start, end));
      decoder.decodeBlock(block, 0, block.length, count, records);
    }
  }
  return records;
}

/** The blocks after a header of `length` bytes: how many records, and where their bytes stand. */
function* blocksOf(bytes: Buffer, length: number): Generator<{ count: number; start: number; end: number }> {
  for (let p = length + SYNC; p < bytes.length;) {
    cursor.point(bytes, bytes.length);
    const count = cursor.int(p);
    const size = cursor.length(cursor.pos);
    const start = cursor.pos;
    const end = start + size;
    if (count < 0) cursor.fail(`a block of the container has ${count} records`, p);
    if (end + SYNC > bytes.length) cursor.truncated();
    for (let i = 0; i < SYNC; i++) {
      if (bytes[end + i] !== bytes[length + i])
        cursor.fail("a block does not end with the container's sync marker", end);
    }
    yield { count, start, end };
    p = end + SYNC;
  }
}

/** Reads one container. For many of them, keep a {@link ContainerReader}. */
export function readContainer<T = unknown>(bytes: Buffer, options?: DecoderOptions): Container<T> {
  return new ContainerReader<T>(options).read(bytes);
}

export interface WriteContainerOptions {
  /** `null` (none) unless told otherwise. */
  readonly codec?: ContainerCodec | undefined;
  /** 16 bytes; random unless given. */
  readonly sync?: Buffer | undefined;
  /** Metadata besides `avro.schema` and `avro.codec`. */
  readonly metadata?: Readonly<Record<string, string | Buffer>> | undefined;
}

/** Writes a container with all values in one block, and with the schema's original text in its header. */
export function writeContainer(
  schema: AvroSchema,
  values: readonly unknown[],
  options: WriteContainerOptions = {},
): Buffer {
  return new ContainerWriter(schema, options).write(values);
}

/** Writes containers of the same schema. The header, with one sync marker, is made once. */
export class ContainerWriter {
  private readonly head: Buffer;
  private readonly sync: Buffer;
  private readonly codec: ContainerCodec;

  constructor(
    private readonly schema: AvroSchema,
    options: WriteContainerOptions = {},
  ) {
    this.codec = options.codec ?? 'null';
    this.sync = options.sync ?? randomBytes(SYNC);
    const entries = Object.entries({
      ...options.metadata,
      'avro.codec': this.codec,
      'avro.schema': schema.json,
    });
    this.head = Buffer.concat([
      MAGIC,
      writeLong(entries.length),
      ...entries.flatMap(([key, value]) => [
        ...writeBytes(Buffer.from(key)),
        ...writeBytes(Buffer.from(value)),
      ]),
      writeLong(0),
      this.sync,
    ]);
  }

  write(values: readonly unknown[]): Buffer {
    return this.writeEncoded(values.map((value) => this.schema.encode(value)));
  }

  /** As {@link write}, of values that were encoded before. */
  writeEncoded(values: readonly Buffer[]): Buffer {
    if (values.length === 0) return Buffer.from(this.head);
    return Buffer.concat([this.head, this.block(values)]);
  }

  /** What follows the header, or another block: values that were encoded before, with the sync marker behind them. */
  block(values: readonly Buffer[]): Buffer {
    const block = compress(this.codec, Buffer.concat(values));
    return Buffer.concat([writeLong(values.length), ...writeBytes(block), this.sync]);
  }
}
