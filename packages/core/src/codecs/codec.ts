import type { Codec, RawMessage, WrittenAlert } from '../contracts.js';
import { FatalError, PoisonError, RetryableError, UsageError, toError } from '../errors.js';
import type { ContainerCodec } from './compression.js';
import { ContainerReader, ContainerWriter } from './container.js';
import type { Decoder } from './decoder.js';
import { type DecoderOptions } from './decoder.js';
import type { Int64 } from './decoder-source.js';
import { CONFLUENT_VALUE, readConfluentHeader, writeConfluent } from './framing.js';
import { parseJsonMessage } from './json.js';
import { RecentlyUsed } from './recently-used.js';
import { parseSchema, type AvroSchema } from './schema.js';
import type { SchemaSource } from './schema-source.js';
import { toJson } from './to-json.js';

/** How alerts stand in a message. */
export type Framing = 'container' | 'schemaless' | 'confluent' | 'json' | 'schema-in-key';

export interface CodecOptions {
  readonly framing: Framing;
  /** `schemaless`: the schema; `confluent`: the schema to write with, and to read every id with if there is no `schemas`. */
  readonly schema?: AvroSchema | undefined;
  /** `confluent`: where the schemas of the ids come from. */
  readonly schemas?: SchemaSource | undefined;
  /** `confluent`: the id to write. */
  readonly schemaId?: number | undefined;
  /** How 64-bit integers are given: `bigint` unless told otherwise. */
  readonly int64?: Int64 | undefined;
  /** Reads only these fields (dotted paths); the rest of an alert is neither built nor checked. Not for JSON. */
  readonly fields?: readonly string[] | undefined;
  /** See {@link DecoderOptions.strict}. */
  readonly strict?: boolean | undefined;
  /** `container`: the compression to write with; none unless given. */
  readonly codec?: ContainerCodec | undefined;
}

/** Schemas in keys, and ids, that are kept ready. */
const KEPT = 64;

/** The codec of a framing. @throws UsageError if the framing lacks what it needs */
export function createCodec<T = unknown>(options: CodecOptions): Codec<T> {
  const decoding: DecoderOptions = { int64: options.int64, fields: options.fields, strict: options.strict };
  switch (options.framing) {
    case 'container':
      return new ContainerCodecOf<T>(options, decoding);
    case 'schemaless':
      return new SchemalessCodec<T>(needed(options), decoding);
    case 'confluent':
      return new ConfluentCodec<T>(options, decoding);
    case 'json':
      return new JsonCodec<T>(options);
    case 'schema-in-key':
      return new SchemaInKeyCodec<T>(options.schema, decoding);
  }
}

function needed({ framing, schema }: CodecOptions): AvroSchema {
  if (schema) return schema;
  throw new UsageError(`the framing '${framing}' needs a schema`, { code: 'APF_SCHEMA' });
}

function cannotWrite(framing: Framing, what: string): PoisonError {
  return new PoisonError(`cannot write with the framing '${framing}': there is no ${what}`, {
    code: 'APF_ENCODE',
  });
}

class ContainerCodecOf<T> implements Codec<T> {
  private readonly reader: ContainerReader<T>;
  private readonly writer: ContainerWriter | undefined;

  constructor({ schema, codec }: CodecOptions, decoding: DecoderOptions) {
    this.reader = new ContainerReader<T>(decoding);
    this.writer = schema && new ContainerWriter(schema, { codec });
  }

  decode(bytes: Buffer): T[] {
    return this.reader.records(bytes);
  }

  written({ value }: RawMessage, record: number): WrittenAlert | undefined {
    return value ? this.reader.written(value, record) : undefined;
  }

  encode(value: T): Buffer {
    if (!this.writer) throw cannotWrite('container', 'schema');
    return this.writer.write([value]);
  }
}

class SchemalessCodec<T> implements Codec<T> {
  private readonly decoder: Decoder<T>;

  constructor(
    private readonly schema: AvroSchema,
    decoding: DecoderOptions,
  ) {
    this.decoder = schema.decoder<T>(decoding);
  }

  decode(bytes: Buffer): T[] {
    return [this.decoder.decode(bytes)];
  }

  written({ value }: RawMessage): WrittenAlert | undefined {
    return value ? { schema: this.schema, bytes: value } : undefined;
  }

  encode(value: T): Buffer {
    return this.schema.encode(value);
  }
}

/** A known id: its decoder, or why there is none. */
interface KnownId<T> extends Readable<T> {
  readonly id: number;
}

/** A schema and its decoder, or why there is none. */
interface Readable<T> {
  readonly schema?: AvroSchema;
  readonly decoder: Decoder<T> | Error;
}

class ConfluentCodec<T> implements Codec<T> {
  private readonly known = new RecentlyUsed<KnownId<T>>(KEPT);
  private readonly every: Readable<T> | undefined;

  constructor(
    private readonly options: CodecOptions,
    private readonly decoding: DecoderOptions,
  ) {
    const { schema, schemas } = options;
    if (!schema && !schemas) {
      throw new UsageError("the framing 'confluent' needs schemas: a registry, a folder or one schema", {
        code: 'APF_SCHEMA',
      });
    }
    this.every = schemas || !schema ? undefined : { schema, decoder: schema.decoder<T>(decoding) };
  }

  /** Asks for the ids that these messages have and that are not known yet. Rejects if the source cannot be asked. */
  prepare(messages: readonly RawMessage[]): Promise<void> | undefined {
    if (this.every) return undefined;
    const missing = new Set<number>();
    for (const { value } of messages) {
      if (!value || value.length < CONFLUENT_VALUE || value[0] !== 0) continue;
      const id = value.readUInt32BE(1);
      // An id that was unknown is asked for again: somebody may have registered it.
      if (!this.find(id)?.schema) missing.add(id);
    }
    return missing.size === 0 ? undefined : this.fetchAll([...missing]);
  }

  decode(bytes: Buffer): T[] {
    const id = readConfluentHeader(bytes);
    const { decoder } = this.every ?? this.find(id) ?? this.ask(id);
    if (decoder instanceof Error) throw decoder;
    return [decoder.decode(bytes, CONFLUENT_VALUE)];
  }

  written({ value }: RawMessage): WrittenAlert | undefined {
    if (!value) return undefined;
    const { schema } = this.every ?? this.find(readConfluentHeader(value)) ?? {};
    return schema && { schema, bytes: value.subarray(CONFLUENT_VALUE) };
  }

  encode(value: T): Buffer {
    const { schema, schemaId } = this.options;
    if (schemaId === undefined) throw cannotWrite('confluent', 'schemaId');
    if (!schema) throw cannotWrite('confluent', 'schema');
    return writeConfluent(schemaId, schema.encode(value));
  }

  private find(id: number): KnownId<T> | undefined {
    return this.known.find((entry) => entry.id === id);
  }

  private async fetchAll(ids: readonly number[]): Promise<void> {
    await Promise.all(
      ids.map(async (id) => {
        let readable: Readable<T>;
        try {
          const schema = await this.options.schemas!.byId(id);
          readable = { schema, decoder: schema.decoder<T>(this.decoding) };
        } catch (error) {
          if (isForTheRunner(error)) throw error;
          readable = { decoder: unknownId(id, error) };
        }
        this.known.remove((entry) => entry.id === id);
        this.known.add({ id, ...readable });
      }),
    );
  }

  /** For sources that answer at once, so that a codec without `prepare` works too. */
  private ask(id: number): KnownId<T> {
    let schema: AvroSchema | Promise<AvroSchema>;
    try {
      schema = this.options.schemas!.byId(id);
    } catch (error) {
      throw isForTheRunner(error) ? error : unknownId(id, error);
    }
    if (schema instanceof Promise) {
      schema.catch(() => undefined);
      throw new FatalError(`the schema of id ${id} was not fetched before decoding: call prepare first`);
    }
    const known = { id, schema, decoder: schema.decoder<T>(this.decoding) };
    this.known.add(known);
    return known;
  }
}

/** A source that cannot be asked, or settings that are wrong, are no fault of the message. */
function isForTheRunner(error: unknown): boolean {
  return error instanceof RetryableError || error instanceof FatalError || error instanceof UsageError;
}

function unknownId(id: number, cause: unknown): Error {
  if (cause instanceof PoisonError) return cause;
  return new PoisonError(`no schema for id ${id}: ${toError(cause).message}`, {
    code: 'APF_SCHEMA_UNKNOWN',
    cause,
  });
}

class JsonCodec<T> implements Codec<T> {
  constructor(private readonly options: CodecOptions) {}

  decode(bytes: Buffer): T[] {
    return parseJsonMessage(bytes, this.options.int64) as T[];
  }

  encode(value: T): Buffer {
    return Buffer.from(toJson(value, { schema: this.options.schema }));
  }
}

/** Fink's livestream: a bare value, and the schema's JSON as the message's key. A schema that is given is for writing. */
class SchemaInKeyCodec<T> implements Codec<T> {
  private readonly known = new RecentlyUsed<{ key: Buffer; schema: AvroSchema; decoder: Decoder<T> }>(KEPT);

  constructor(
    private readonly schema: AvroSchema | undefined,
    private readonly decoding: DecoderOptions,
  ) {}

  decode(bytes: Buffer, message?: RawMessage): T[] {
    return [this.schemaIn(message).decoder.decode(bytes)];
  }

  written(message: RawMessage): WrittenAlert | undefined {
    return message.value ? { schema: this.schemaIn(message).schema, bytes: message.value } : undefined;
  }

  encode(value: T): Buffer {
    if (!this.schema) throw cannotWrite('schema-in-key', 'schema');
    return this.schema.encode(value);
  }

  private schemaIn(message: RawMessage | undefined): { schema: AvroSchema; decoder: Decoder<T> } {
    const key = typeof message?.key === 'string' ? Buffer.from(message.key) : message?.key;
    if (!key || key.length === 0) {
      throw new PoisonError("the message has no key, where its schema should be (framing 'schema-in-key')", {
        code: 'APF_SCHEMA',
      });
    }
    const known = this.known.find((entry) => entry.key.equals(key));
    if (known) return known;
    const schema = parseSchema(key.toString('utf8'));
    const made = { key: Buffer.from(key), schema, decoder: schema.decoder<T>(this.decoding) };
    this.known.add(made);
    return made;
  }
}
