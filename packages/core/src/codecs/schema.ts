import { createHash } from 'node:crypto';
import { PoisonError, toError } from '../errors.js';
import { Decoder, type DecoderOptions } from './decoder.js';
import { Encoder } from './encoder.js';
import { parseSchemaJson, type ExternalTypes } from './parse-schema.js';
import type { SchemaNode } from './schema-node.js';

/** An Avro schema, ready to read and write values. Immutable; decoders and the encoder are compiled when first used. */
export class AvroSchema {
  private encoder: Encoder | undefined;
  private hash: string | undefined;

  constructor(
    /** The schema's tree, with names resolved. */
    readonly root: SchemaNode,
    /** The schema as it was written, in one piece where it was split over files. Containers carry this text. */
    readonly json: string,
  ) {}

  /** The full name of the root record, enum or fixed type; `undefined` for other types. */
  get name(): string | undefined {
    return 'name' in this.root ? this.root.name : undefined;
  }

  /** The first 16 hexadecimal digits of the SHA-256 of the schema's text. */
  get fingerprint(): string {
    return (this.hash ??= createHash('sha256').update(this.json).digest('hex').slice(0, 16));
  }

  /** A decoder of bare values; keep it: compiling takes milliseconds. */
  decoder<T = unknown>(options: DecoderOptions = {}): Decoder<T> {
    const { fields } = options;
    return new Decoder<T>(this.root, {
      ...options,
      fields: typeof fields === 'function' ? fields(this) : fields,
    });
  }

  /**
   * The value's bytes, without any framing. A 64-bit integer may be a bigint, a safe number or decimal text. A field
   * that is `undefined` gets its default, or null where it may be null.
   * @throws PoisonError (APF_ENCODE) that names the field which does not fit
   */
  encode(value: unknown): Buffer {
    return (this.encoder ??= new Encoder(this.root)).encode(value);
  }
}

export interface ParseSchemaOptions {
  /** Definitions of types that the schema names without defining them, by full name. */
  readonly names?: ReadonlyMap<string, object> | undefined;
}

/**
 * Parses a schema's JSON text, or takes the parsed JSON. What surveys publish against the specification is taken; see
 * {@link parseSchemaJson}.
 * @throws PoisonError (APF_SCHEMA)
 */
export function parseSchema(schema: string | object, options: ParseSchemaOptions = {}): AvroSchema {
  const { names } = options;
  const external: ExternalTypes = (name) => names?.get(name) as ReturnType<ExternalTypes>;
  let json: unknown = schema;
  if (typeof schema === 'string') {
    try {
      // A bare type name is a schema too: `string`, as older writers put it into containers.
      json = /^\s*[A-Za-z]+\s*$/.test(schema) ? schema.trim() : JSON.parse(schema);
    } catch (error) {
      throw new PoisonError(`not an Avro schema: ${toError(error).message}`, {
        code: 'APF_SCHEMA',
        cause: error,
      });
    }
  }
  const parsed = parseSchemaJson(json, external);
  const text = typeof schema === 'string' && parsed.json === json ? schema : JSON.stringify(parsed.json);
  return new AvroSchema(parsed.root, text);
}
