import type { AlertContext } from '@apf/core';
import type { LightCurveRows } from './rows.js';

/** A row of `schema`. */
export type SchemaRow = {
  id: string;
  text: string;
};

/** A row of `alert`; the columns that the database fills and those of enrichment are not in it. */
export type AlertRow = {
  candid: bigint;
  oid: string;
  survey: string;
  mjd: number;
  time: Date | null;
  topic: string;
  partition: number;
  offset: bigint;
  schema_id: string;
  payload: Buffer;
};

/**
 * The rows that keep an alert as it came, whatever its framing: its own Avro bytes, and the schema that decodes them to the
 * very same values. The schema's row is the same for all alerts that were written with it.
 * @throws FatalError for alerts that are not Avro
 */
export function alertRows(
  { candid, oid, survey, mjd }: Pick<LightCurveRows, 'candid' | 'oid' | 'survey' | 'mjd'>,
  context: AlertContext,
): { alert: AlertRow; schema: SchemaRow } {
  const { schema, bytes } = context.avro();
  const { topic, partition, offset, timestamp } = context;
  return {
    alert: {
      candid,
      oid,
      survey,
      mjd,
      time: timestamp === undefined ? null : new Date(timestamp),
      topic,
      partition,
      offset: BigInt(offset),
      schema_id: schema.fingerprint,
      // A copy: the row may outlive the message.
      payload: Buffer.from(bytes),
    },
    schema: { id: schema.fingerprint, text: schema.json },
  };
}
