import {
  type AvroSchema,
  createCodec,
  type DeadLetter,
  deadLetterClass,
  FixedTopics,
  loadSchema,
  nearest,
  producerClass,
  type ResolvedDeadLetters,
  type ResolvedProducer,
  type Sink,
  type Source,
  toJson,
  UsageError,
} from '@apf/core';
import { AvroFileSink } from '../files/avro-file-sink.js';
import { CsvSink } from '../files/csv-sink.js';
import { FolderDeadLetterSink } from '../files/folder-dead-letter-sink.js';
import { JsonLinesSink } from '../files/json-lines-sink.js';
import { KafkaDeadLetterSink } from '../kafka/kafka-dead-letter-sink.js';
import { KafkaSink } from '../kafka/kafka-sink.js';
import { KafkaSource } from '../kafka/kafka-source.js';
import { checkAnnotation } from './annotation.js';
import { instantiate } from './load-class.js';
import { slackSink } from './slack-sink.js';
import { StrictFields } from './strict-fields.js';
import { pathIn, type Surroundings } from './surroundings.js';
import { topicStrategy } from './topic-strategy.js';

const METHODS = ['open', 'write', 'flush', 'close'] as const;

/**
 * The sink that PRODUCER_CONFIG or one of SIDE_OUTPUTS describes. A class of the step's own gets the whole section, and
 * the surroundings.
 * @param path the section's path in the settings, for errors.
 * @param source whose offsets a transaction keeps.
 */
export async function createSink(
  producer: ResolvedProducer,
  path: string,
  around: Surroundings,
  source?: Source,
): Promise<Sink> {
  const named = producerClass(producer.CLASS, `${path}.CLASS`);
  const { folder, logger } = around;
  switch (named.kind) {
    case 'custom':
      return instantiate<Sink>(named, `${path}.CLASS`, METHODS, [producer, around], around);
    case 'kafka':
      return kafkaSink(producer, path, around, source);
    case 'annotations':
      return kafkaSink(producer, path, around, source, checkAnnotation);
    case 'slack':
    case 'slack-tables':
      return slackSink(producer, named.kind, around);
    case 'avro-files':
      return new AvroFileSink({
        path: pathIn(folder, producer.FILE_PATH ?? producer.DIRECTORY_PATH ?? ''),
        schema: schemaOf(producer, folder)!,
        logger,
      });
    case 'json-files':
      return new JsonLinesSink({ path: pathIn(folder, producer.FILE_PATH ?? ''), logger });
    case 'csv-files':
      return new CsvSink({ path: pathIn(folder, producer.FILE_PATH ?? ''), logger });
  }
}

/** @param check refuses a result that must not be written. */
async function kafkaSink(
  producer: ResolvedProducer,
  path: string,
  around: Surroundings,
  source: Source | undefined,
  check: (value: unknown) => void = () => undefined,
): Promise<Sink> {
  const { TOPIC, TOPIC_STRATEGY, FRAMING, SCHEMA_ID, KEY_FIELD, STRICT } = producer;
  const schema = schemaOf(producer, around.folder);
  if (KEY_FIELD !== undefined && schema) checkKeyField(KEY_FIELD, schema, path);
  const codec = createCodec({ framing: FRAMING, schema, schemaId: SCHEMA_ID });
  const strict = STRICT && schema ? new StrictFields(schema) : undefined;
  return new KafkaSink({
    params: producer.PARAMS,
    topics:
      TOPIC === undefined
        ? await topicStrategy(undefined, TOPIC_STRATEGY, path, around)
        : new FixedTopics(TOPIC, `settings: ${path}.TOPIC`).topics(),
    encode: (value) => {
      check(value);
      strict?.check(value);
      return codec.encode(value);
    },
    ...(KEY_FIELD === undefined ? {} : { keyOf: (value: unknown) => keyOf(value, KEY_FIELD) }),
    source: source instanceof KafkaSource ? source : undefined,
    step: around.name,
    version: around.version,
    logger: around.logger,
    clock: around.clock,
  });
}

function schemaOf({ SCHEMA_PATH }: ResolvedProducer, folder: string): AvroSchema | undefined {
  return SCHEMA_PATH === undefined ? undefined : loadSchema(pathIn(folder, SCHEMA_PATH));
}

function checkKeyField(field: string, { root }: AvroSchema, path: string): void {
  if (root.kind !== 'record') return;
  const names = root.fields.map(({ name }) => name);
  if (names.includes(field)) return;
  const near = nearest(field, names);
  throw new UsageError(
    `settings: ${path}.KEY_FIELD '${field}' is no field of the schema; ${near ? `did you mean '${near}'?` : `it has ${names.join(', ')}`}`,
    { code: 'APF_SETTINGS' },
  );
}

function keyOf(value: unknown, field: string): string | Buffer | null {
  const key = (value as Readonly<Record<string, unknown>> | null)?.[field];
  if (key === undefined || key === null) return null;
  return typeof key === 'string' || Buffer.isBuffer(key) ? key : toJson(key);
}

/** Where dead letters go. */
export async function createDeadLetters(
  letters: ResolvedDeadLetters,
  around: Surroundings,
): Promise<Sink<DeadLetter>> {
  const where = 'DEAD_LETTERS.CLASS';
  const named = deadLetterClass(letters.CLASS, where);
  if (named.kind === 'custom') {
    return instantiate<Sink<DeadLetter>>(named, where, METHODS, [letters, around], around);
  }
  if (named.kind === 'folder') {
    return new FolderDeadLetterSink({ path: pathIn(around.folder, letters.DIRECTORY_PATH) });
  }
  const { logger, clock } = around;
  return new KafkaDeadLetterSink({ params: letters.PARAMS, topic: letters.TOPIC ?? '', logger, clock });
}
