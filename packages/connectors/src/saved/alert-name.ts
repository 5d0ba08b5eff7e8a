import type { Position } from '@apf/core';
import { safeName } from './safe-name.js';

/**
 * The name, without its ending, of the file that keeps an alert: `ZTF18aaa_1234` as Fink's client has it, LSST's and
 * ELAsTiCC's `diaSourceId`; where an alert has no id, where it stood in the stream. Harmless whatever the alert says.
 */
export function alertName(alert: unknown, position: Position): string {
  const [object, detection] = idsOf(alert);
  if (detection !== undefined) return safeName(object === undefined ? detection : `${object}_${detection}`);
  const place = placeName(position);
  return object === undefined ? place : safeName(`${object}_${place}`);
}

/** `topic-partition-offset` */
export function placeName({ topic, partition, offset }: Position): string {
  return safeName(`${topic}-${partition}-${offset}`);
}

function idsOf(alert: unknown): [object: string | undefined, detection: string | undefined] {
  const fields = recordOf(alert);
  const source = recordOf(fields.diaSource);
  const dia = textOf(fields.diaSourceId) ?? textOf(source.diaSourceId);
  if (dia !== undefined) return [undefined, dia];
  const detection =
    textOf(fields.candid) ?? textOf(recordOf(fields.candidate).candid) ?? textOf(fields.triggerId);
  return [textOf(fields.objectId) ?? textOf(fields.oid), detection];
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function textOf(value: unknown): string | undefined {
  return ['string', 'number', 'bigint'].includes(typeof value) && value !== '' ? String(value) : undefined;
}
