import { type Codec, createCodec, folderSchemaSource, loadSchema, type ResolvedConsumer } from '@apf/core';
import { registrySchemaSource } from './registry.js';
import { pathIn } from './surroundings.js';

/**
 * The codec that reads a consumer's messages.
 * @throws UsageError for a schema or a folder of schemas that cannot be read.
 */
export function consumerCodec<T>(consumer: ResolvedConsumer, folder: string): Codec<T> {
  const { FRAMING, SCHEMA_PATH, SCHEMAS, REGISTRY, FIELDS, INT64, STRICT } = consumer;
  const confluent = FRAMING === 'confluent';
  const schemas =
    confluent && SCHEMAS !== undefined
      ? folderSchemaSource(pathIn(folder, SCHEMAS))
      : confluent && REGISTRY !== undefined
        ? registrySchemaSource(REGISTRY)
        : undefined;
  const schema =
    FRAMING === 'schemaless' && SCHEMA_PATH !== undefined
      ? loadSchema(pathIn(folder, SCHEMA_PATH))
      : undefined;
  return createCodec<T>({ framing: FRAMING, schema, schemas, fields: FIELDS, int64: INT64, strict: STRICT });
}
