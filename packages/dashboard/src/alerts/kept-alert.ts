import { type AlertIdentity, identityOf, momentOf, msOfMjdUtc, utcOfTai, valueAt } from '@apf/alerts';
import type { AvroSchema, RawMessage } from '@apf/core';
import type { AlertPosition, Classification } from '../page-api.js';
import { classificationOf } from './classification-of.js';

/** An alert that the page can show. */
export interface KeptAlert {
  /** The topic under which it is listed. */
  readonly listed: string;
  readonly at: AlertPosition;
  readonly message: RawMessage;
  /** What orders alerts, in ms since 1970: the message's time; of a file, which has none, the alert's own; else 0. */
  readonly time: number;
  readonly value: unknown;
  readonly schema: AvroSchema | undefined;
  /** Undefined for what is no alert of a known survey. */
  readonly identity: AlertIdentity | undefined;
  /** Of the alert, or of whatever else has ids, such as a classification. */
  readonly alertId: string | null;
  readonly objectId: string | null;
  readonly classification: Classification | null;
}

/** @param message must hold its own memory: it is kept. */
export function keptAlert(
  listed: string,
  message: RawMessage,
  record: number,
  value: unknown,
  schema: AvroSchema | undefined,
): KeptAlert {
  const identity = identityOf(value);
  const { topic, partition, offset } = message;
  return {
    listed,
    at: { topic, partition, offset, record },
    message,
    time: message.timestamp ?? ownTime(value),
    value,
    schema,
    identity,
    alertId: identity ? identity.alertId : idAt(value, ['candid', 'diaSourceId', 'alertId']),
    objectId: identity ? identity.objectId : idAt(value, ['objectId', 'oid', 'diaObjectId']),
    classification: classificationOf(value),
  };
}

function ownTime(value: unknown): number {
  const moment = momentOf(value);
  return moment ? msOfMjdUtc(utcOfTai(moment.time)) : 0;
}

function idAt(value: unknown, names: readonly string[]): string | null {
  for (const name of names) {
    const id = valueAt(value, name);
    if (typeof id === 'string' || typeof id === 'bigint' || typeof id === 'number') return String(id);
  }
  return null;
}
