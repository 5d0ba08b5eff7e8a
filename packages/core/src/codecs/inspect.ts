import { codeOf, toError, UsageError } from '../errors.js';
import { readContainer, readContainerHeader } from './container.js';
import { CONFLUENT_VALUE, detectFraming, framingError, readConfluentHeader } from './framing.js';
import { parseJsonMessage } from './json.js';
import type { AvroSchema } from './schema.js';
import type { SchemaSource } from './schema-source.js';

/** The framings of files, by the names that their descriptions have: `ocf` is Avro's object container file. */
export const FILE_FRAMINGS = ['ocf', 'confluent', 'schemaless', 'json'] as const;
export type FileFraming = (typeof FILE_FRAMINGS)[number];

export interface InspectOptions {
  /** Detected unless given. */
  readonly framing?: FileFraming | undefined;
  /** For `schemaless`; for `confluent` it is taken for every id. */
  readonly schema?: AvroSchema | undefined;
  /** For `confluent`. */
  readonly schemas?: SchemaSource | undefined;
}

/** What a file holds. Fields that do not apply are absent. */
export interface Inspection {
  /** `none`: no framing was recognised. */
  readonly framing: FileFraming | 'lfs-pointer' | 'none';
  readonly codec?: string;
  readonly schema_id?: number;
  readonly schema_name?: string;
  /** How many alerts; 0 where there is an error, as a container that breaks gives none. */
  readonly records?: number;
  /** The code and the message. */
  readonly error?: string;
}

export interface InspectedFile {
  readonly description: Inspection;
  /** The alerts, none where there is an error. */
  readonly values: readonly unknown[];
  readonly schema: AvroSchema | undefined;
}

type Found = { -readonly [K in keyof Inspection]?: Inspection[K] };

/** Describes the bytes of one file and decodes them. Never throws for what the bytes are. */
export async function inspectFile(bytes: Buffer, options: InspectOptions = {}): Promise<InspectedFile> {
  const framing = options.framing ?? detected(bytes, options.schema !== undefined);
  const found: Found = {};
  let values: readonly unknown[] = [];
  let schema: AvroSchema | undefined;
  try {
    switch (framing) {
      case 'ocf': {
        const header = readContainerHeader(bytes);
        schema = header.schema;
        describe(found, schema, header.codec);
        values = readContainer(bytes).records;
        break;
      }
      case 'confluent':
        found.schema_id = readConfluentHeader(bytes);
        schema = await schemaOf(found.schema_id, options);
        describe(found, schema);
        values = [schema.decoder().decode(bytes, CONFLUENT_VALUE)];
        break;
      case 'schemaless':
        schema = options.schema;
        if (!schema) throw new UsageError('a schemaless file needs --schema', { code: 'APF_SCHEMA' });
        describe(found, schema);
        values = [schema.decoder().decode(bytes)];
        break;
      case 'json':
        values = parseJsonMessage(bytes);
        break;
      default:
        throw framingError(bytes, 'an Avro container', 'Obj\\x01');
    }
    found.records = values.length;
  } catch (error) {
    if (framing === 'ocf') found.records = 0;
    found.error = `${codeOf(error, 'APF_DECODE')}: ${toError(error).message}`;
  }
  return { description: { framing, ...found }, values, schema };
}

function detected(bytes: Buffer, hasSchema: boolean): Inspection['framing'] {
  const framing = detectFraming(bytes);
  if (framing === 'container') return 'ocf';
  if (framing !== 'unknown') return framing;
  // Nothing marks a bare value, but whoever gives a schema expects one.
  return hasSchema ? 'schemaless' : 'none';
}

function describe(found: Found, schema: AvroSchema, codec?: string): void {
  if (codec !== undefined) found.codec = codec;
  if (schema.name !== undefined) found.schema_name = schema.name;
}

function schemaOf(id: number, { schema, schemas }: InspectOptions): AvroSchema | Promise<AvroSchema> {
  if (schemas) return schemas.byId(id);
  if (schema) return schema;
  throw new UsageError(`the message has the schema id ${id}; give its schema with --schema or --schemas`, {
    code: 'APF_SCHEMA_UNKNOWN',
  });
}
