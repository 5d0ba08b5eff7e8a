import type { Codec, RawMessage, WrittenAlert } from '../contracts.js';
import { FatalError, PoisonError, RetryableError, UsageError, toError } from '../errors.js';
import type { Framing } from './codec.js';
import { ContainerReader } from './container.js';
import type { Decoder, DecoderOptions } from './decoder.js';
import { CONFLUENT_VALUE, framingError, readConfluentHeader } from './framing.js';
import { parseJsonMessage } from './json.js';
import { RecentlyUsed } from './recently-used.js';
import { parseSchema, type AvroSchema } from './schema.js';
import type { SchemaSource } from './schema-source.js';

/** An alert of a stream, with what it was read by. */
export interface StreamAlert<T = unknown> {
  readonly value: T;
  /** JSON has none. */
  readonly schema: AvroSchema | undefined;
  readonly framing: Framing;
}

/** What was found out about a topic, from its first message that could be read. */
export interface DetectedStream {
  readonly topic: string;
  readonly framing: Framing;
  readonly schema: AvroSchema | undefined;
  /** The id in front of the message, or the version in its key. */
  readonly id?: number | string;
}

export interface StreamCodecOptions extends DecoderOptions {
  /** Found out for each topic where absent. */
  readonly framing?: Framing | undefined;
  /** The schema of everything that does not carry its own. */
  readonly schema?: AvroSchema | undefined;
  /** Schemas by the id of Confluent's framing. */
  readonly schemas?: SchemaSource | undefined;
  /** Schemas by the version that stands in a message's key, `1.1_0.4.3`, as Fink sent it before the key was the schema. */
  readonly versions?:
    { byVersion(version: string): AvroSchema | undefined | Promise<AvroSchema | undefined> } | undefined;
  readonly onDetected?: ((stream: DetectedStream) => void) | undefined;
}

interface Known<T, Id> {
  readonly id: Id;
  readonly found: { readonly schema: AvroSchema; readonly decoder: Decoder<T> } | Error;
}

/** Schemas and decoders that are kept ready. */
const KEPT = 64;
const CONTAINER_MAGIC = 0x4f626a01;
const OPENING_BRACE = 0x7b;
/** Fink's `<broker version>_<science version>`. */
const VERSION = /^[\w.-]{1,40}_[\w.-]{1,40}$/;

/**
 * Reads whatever framing a stream has. A container carries its schema; else the schema is, in this order: the one that
 * was given, the JSON in the message's key, the one of the id in front of the value, the one of the version in the key.
 * A topic's framing is found out by its first message that can be read to its last byte, and told once.
 */
export class StreamCodec<T = unknown> implements Codec<StreamAlert<T>> {
  private readonly topics = new Map<string, Framing>();
  private readonly container: ContainerReader<T>;
  private readonly given: { readonly schema: AvroSchema; readonly decoder: Decoder<T> } | undefined;
  private readonly ids = new RecentlyUsed<Known<T, number>>(KEPT);
  private readonly keys = new RecentlyUsed<Known<T, Buffer>>(KEPT);

  constructor(private readonly options: StreamCodecOptions = {}) {
    this.container = new ContainerReader<T>(options);
    this.given = options.schema && { schema: options.schema, decoder: options.schema.decoder<T>(options) };
  }

  /** Fetches schemas that these messages name and that are not known yet. */
  prepare(messages: readonly RawMessage[]): Promise<void> | undefined {
    const { schemas, versions } = this.options;
    if (this.given || (!schemas && !versions)) return undefined;
    const wanted: Promise<void>[] = [];
    const asked = new Set<number>();
    for (const message of messages) {
      const { value, topic } = message;
      const framing = this.options.framing ?? this.topics.get(topic);
      if (!value || framing === 'container' || framing === 'json' || framing === 'schemaless') continue;
      const key = keyOf(message);
      if (versions && framing !== 'confluent' && isVersion(key)) this.wantVersion(key!, wanted);
      else if (schemas && framing !== 'schema-in-key' && mayBeConfluent(value))
        this.wantId(value.readUInt32BE(1), wanted, asked);
    }
    return wanted.length === 0 ? undefined : Promise.all(wanted).then(() => undefined);
  }

  decode(bytes: Buffer, message?: RawMessage): StreamAlert<T>[] {
    const forced = this.options.framing;
    if (forced) return this.read(forced, bytes, message);
    const topic = message?.topic ?? '';
    const known = this.topics.get(topic);
    if (known && known !== 'container' && !isContainer(bytes)) return this.read(known, bytes, message);
    const framing = isContainer(bytes) ? 'container' : this.detect(bytes, message);
    const alerts = this.read(framing, bytes, message);
    if (!known) {
      this.topics.set(topic, framing);
      const id = framing === 'confluent' ? bytes.readUInt32BE(1) : versionIn(message);
      this.options.onDetected?.({
        topic,
        framing,
        schema: alerts[0]?.schema,
        ...(id === undefined ? {} : { id }),
      });
    }
    return alerts;
  }

  written(message: RawMessage, record: number): WrittenAlert | undefined {
    const { value } = message;
    if (!value) return undefined;
    const framing =
      this.options.framing ?? (isContainer(value) ? 'container' : this.topics.get(message.topic));
    switch (framing) {
      case 'container':
        return this.container.written(value, record);
      case 'schemaless':
        return this.given && { schema: this.given.schema, bytes: value };
      case 'confluent': {
        const { schema } = this.given ?? this.byId(readConfluentHeader(value));
        return { schema, bytes: value.subarray(CONFLUENT_VALUE) };
      }
      case 'schema-in-key':
        return { schema: (this.given ?? this.byKey(message)).schema, bytes: value };
      default:
        return undefined;
    }
  }

  encode(): Buffer {
    throw new FatalError('a stream is read with whatever framing it has; to write, name one');
  }

  private read(framing: Framing, bytes: Buffer, message: RawMessage | undefined): StreamAlert<T>[] {
    switch (framing) {
      case 'container': {
        const { schema, records } = this.container.read(bytes);
        return records.map((value) => ({ value, schema, framing }));
      }
      case 'json':
        return parseJsonMessage(bytes, this.options.int64).map((value) => ({
          value: value as T,
          schema: undefined,
          framing,
        }));
      case 'schemaless': {
        const { schema, decoder } =
          this.given ?? fail('the message is a bare Avro value: name its schema with --schema');
        return [{ value: decoder.decode(bytes), schema, framing }];
      }
      case 'confluent': {
        const id = readConfluentHeader(bytes);
        const { schema, decoder } = this.given ?? this.byId(id);
        return [{ value: decoder.decode(bytes, CONFLUENT_VALUE), schema, framing }];
      }
      case 'schema-in-key': {
        const found = this.given ?? this.byKey(message);
        try {
          return [{ value: found.decoder.decode(bytes), schema: found.schema, framing }];
        } catch (error) {
          const replayed = this.given ? undefined : this.replayed(message);
          if (!replayed) throw error;
          return [{ value: replayed.decoder.decode(bytes), schema: replayed.schema, framing }];
        }
      }
    }
  }

  /** Fink sent alerts of former years again with the key of their version, but with another schema. */
  private replayed(
    message: RawMessage | undefined,
  ): { readonly schema: AvroSchema; readonly decoder: Decoder<T> } | undefined {
    const version = versionIn(message);
    if (version === undefined) return undefined;
    const found = this.keyFound(Buffer.from(`${version}_replayed`));
    return found instanceof Error ? undefined : found;
  }

  private detect(bytes: Buffer, message: RawMessage | undefined): Framing {
    if (this.given) return this.detectWith(this.given.schema, bytes);
    const key = message && keyOf(message);
    if (key?.[0] === OPENING_BRACE) return 'schema-in-key';
    if (isJson(bytes)) return 'json';
    if (isVersion(key) && !(this.keyFound(key!) instanceof Error)) return 'schema-in-key';
    if (this.options.schemas && mayBeConfluent(bytes)) return 'confluent';
    if (isVersion(key)) this.byKey(message);
    if (mayBeConfluent(bytes)) {
      return fail(
        `the message has the schema id ${bytes.readUInt32BE(1)} in front: say where schemas are, with --registry, --schemas or --schema`,
      );
    }
    if (bytes.length === 0 || bytes.toString('latin1', 0, 8) === 'version ')
      throw framingError(bytes, 'an alert', 'a container, an id or a value');
    return fail('the message carries no schema: name it with --schema');
  }

  /** With a schema at hand the bytes themselves tell: a value must end where they end, so all of it is read. */
  private detectWith(schema: AvroSchema, bytes: Buffer): Framing {
    const decoder = schema.decoder({ ...this.options, fields: undefined });
    try {
      decoder.decode(bytes);
      return 'schemaless';
    } catch (error) {
      if (bytes[0] === 0 && bytes.length > CONFLUENT_VALUE) {
        try {
          decoder.decode(bytes, CONFLUENT_VALUE);
          return 'confluent';
        } catch {
          // What is wrong with the plain reading is said.
        }
      }
      if (isJson(bytes)) return 'json';
      throw error;
    }
  }

  private byId(id: number): { readonly schema: AvroSchema; readonly decoder: Decoder<T> } {
    const known = this.ids.find((entry) => entry.id === id)?.found;
    if (known instanceof Error) throw known;
    if (known) return known;
    const { schemas } = this.options;
    if (!schemas)
      return fail(`no schema is known for id ${id}: name one with --registry, --schemas or --schema`);
    const schema = schemas.byId(id);
    if (schema instanceof Promise) {
      schema.catch(() => undefined);
      throw new FatalError(`the schema of id ${id} was not fetched before decoding: call prepare first`);
    }
    return this.remember(this.ids, id, schema);
  }

  private wantId(id: number, wanted: Promise<void>[], asked: Set<number>): void {
    if (asked.has(id)) return;
    const known = this.ids.find((entry) => entry.id === id)?.found;
    // An id that was unknown is asked for again: somebody may have registered it.
    if (known && !(known instanceof Error)) return;
    asked.add(id);
    wanted.push(this.fetchId(id));
  }

  private async fetchId(id: number): Promise<void> {
    let found: Known<T, number>['found'];
    try {
      const schema = await this.options.schemas!.byId(id);
      found = { schema, decoder: schema.decoder<T>(this.options) };
    } catch (error) {
      if (isForTheRunner(error)) throw error;
      found =
        error instanceof PoisonError
          ? error
          : unknown(`no schema for id ${id}: ${toError(error).message}`, error);
    }
    this.ids.remove((entry) => entry.id === id);
    this.ids.add({ id, found });
  }

  private byKey(message: RawMessage | undefined): {
    readonly schema: AvroSchema;
    readonly decoder: Decoder<T>;
  } {
    const key = message && keyOf(message);
    if (!key || key.length === 0) return fail('the message has no key, where its schema should be');
    const found = this.keyFound(key);
    if (found instanceof Error) throw found;
    return found;
  }

  private keyFound(key: Buffer): Known<T, Buffer>['found'] {
    const known = this.keys.find((entry) => entry.id.equals(key))?.found;
    if (known) return known;
    const text = key.toString('utf8');
    if (key[0] === OPENING_BRACE) return this.remember(this.keys, Buffer.from(key), parseSchema(text));
    const schema = isVersion(key) ? this.options.versions?.byVersion(text) : undefined;
    if (schema && !(schema instanceof Promise)) return this.remember(this.keys, Buffer.from(key), schema);
    if (schema) schema.catch(() => undefined);
    return unknown(
      `the key names the schema version '${text.slice(0, 60)}', which is not here: fetch it with apf schemas fetch fink, or name a schema with --schema`,
    );
  }

  private wantVersion(key: Buffer, wanted: Promise<void>[]): void {
    if (this.keys.find((entry) => entry.id.equals(key))) return;
    const id = Buffer.from(key);
    const schema = this.options.versions!.byVersion(id.toString('utf8'));
    if (!(schema instanceof Promise)) return;
    this.keys.add({ id, found: unknown('the schema of this key is not there yet') });
    wanted.push(
      schema.then((found) => {
        this.keys.remove((entry) => entry.id.equals(id));
        if (found) this.remember(this.keys, id, found);
      }),
    );
  }

  private remember<Id>(
    where: RecentlyUsed<Known<T, Id>>,
    id: Id,
    schema: AvroSchema,
  ): { readonly schema: AvroSchema; readonly decoder: Decoder<T> } {
    const found = { schema, decoder: schema.decoder<T>(this.options) };
    where.add({ id, found });
    return found;
  }
}

function fail(message: string): never {
  throw new PoisonError(message, { code: 'APF_SCHEMA' });
}

function unknown(message: string, cause?: unknown): PoisonError {
  return new PoisonError(message, { code: 'APF_SCHEMA_UNKNOWN', cause });
}

/** A source that cannot be asked, or settings that are wrong, are no fault of the message. */
function isForTheRunner(error: unknown): boolean {
  return error instanceof RetryableError || error instanceof FatalError || error instanceof UsageError;
}

const isContainer = (bytes: Buffer): boolean =>
  bytes.length >= 4 && bytes.readUInt32BE(0) === CONTAINER_MAGIC;

const mayBeConfluent = (bytes: Buffer): boolean =>
  bytes[0] === 0 && bytes.length > CONFLUENT_VALUE && bytes.readUInt32BE(1) > 0;

function isJson(bytes: Buffer): boolean {
  const start = bytes.toString('latin1', 0, 64).trimStart();
  if (!start.startsWith('{') && !start.startsWith('[')) return false;
  try {
    JSON.parse(bytes.toString('utf8'));
    return true;
  } catch {
    return false;
  }
}

function keyOf({ key }: RawMessage): Buffer | undefined {
  return typeof key === 'string' ? Buffer.from(key) : (key ?? undefined);
}

function isVersion(key: Buffer | undefined): boolean {
  return key !== undefined && key.length < 82 && VERSION.test(key.toString('latin1'));
}

function versionIn(message: RawMessage | undefined): string | undefined {
  const key = message && keyOf(message);
  return isVersion(key) ? key!.toString('latin1') : undefined;
}
