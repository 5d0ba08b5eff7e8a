import { createHash } from 'node:crypto';
import { type AvroSchema, ContainerWriter, type Outgoing, PoisonError, type StreamAlert } from '@apf/core';

/** An alert as it comes out of a stream, on its way to a file. */
export type SavedAlert = Outgoing<StreamAlert>;

/** Id in front of a value in Confluent's framing, and the byte before it. */
const CONFLUENT_HEADER = 5;

const writers = new WeakMap<AvroSchema, ContainerWriter>();

/**
 * The bare Avro value of an alert: that of its message where the message holds the whole alert and nothing else, so that
 * no bit of it changes. `schema` is another than the alert's where only some of its fields were read.
 * @throws PoisonError (APF_ENCODE) for an alert without a schema
 */
export function bareValue(
  { value: { value, framing, schema: own }, origin }: SavedAlert,
  schema: AvroSchema,
): Buffer {
  if (schema === own && origin.value) {
    if (framing === 'confluent') return origin.value.subarray(CONFLUENT_HEADER);
    if (framing === 'schemaless' || framing === 'schema-in-key') return origin.value;
  }
  return schema.encode(value);
}

/** A writer of containers that makes the same bytes of the same alert each time: its sync marker is the schema's hash. */
export function containerWriter(schema: AvroSchema): ContainerWriter {
  let writer = writers.get(schema);
  if (!writer) {
    writer = new ContainerWriter(schema, { sync: createHash('md5').update(schema.json).digest() });
    writers.set(schema, writer);
  }
  return writer;
}

/** The schema to save an alert with. @throws PoisonError where there is none */
export function schemaOf(alert: StreamAlert): AvroSchema {
  if (alert.schema) return alert.schema;
  throw new PoisonError('the alert came as JSON, without a schema: save it as json or csv', {
    code: 'APF_ENCODE',
  });
}
