import { printable } from '@apf/core';
import { signOfZtf } from '../surveys/ztf-codes.js';
import { bandOf, columnsOf, type ScribeChange } from './scribe-changes.js';
import { type Fields, invalid, isFields } from './scribe-command.js';

/** Columns of photometry that APF's corrected detections have by the same names. */
const PHOTOMETRY = [
  'mjd',
  'ra',
  'dec',
  'mag',
  'e_mag',
  'mag_corr',
  'e_mag_corr',
  'e_mag_corr_ext',
  'corrected',
  'dubious',
] as const;
const STATISTICS = ['meanra', 'meandec', 'firstmjd', 'lastmjd', 'corrected', 'stellar'] as const;

/** Whether a command is of the dialect of APF's multisurvey pipeline: it says who sends it, and of which survey it tells. */
export const isMultisurvey = (fields: Fields): boolean => 'survey' in fields && 'step' in fields;

/**
 * What a command `{survey, step, payload}` does to the tables of the light-curve model: `magstat` (ZTF and LSST) updates the
 * object, `correction` (ZTF) writes the detections and the forced photometry that are new.
 * @throws PoisonError for all others, and for payloads that make no rows
 */
export function multisurveyChanges({ survey, step, payload }: Fields): ScribeChange[] {
  const sender = `${String(survey)} ${String(step)}`;
  if (!isFields(payload)) throw invalid('its payload is no object');
  const { oid } = payload;
  if (typeof oid !== 'string' && typeof oid !== 'number' && typeof oid !== 'bigint')
    throw invalid('its payload has no oid');
  // Tables have one kind of id, and LSST's are numbers.
  const id = String(oid);
  switch (sender) {
    case 'ztf magstat':
    case 'lsst magstat':
      return [{ kind: 'update', table: 'object', rows: [statistics(id, payload)] }];
    case 'ztf correction':
      return measurements(id, payload);
    default:
      throw invalid(
        `'${printable(sender)}' has no table in a light-curve database; it may be 'ztf magstat', 'lsst magstat' or 'ztf correction'`,
      );
  }
}

function statistics(oid: string, payload: Fields): Fields {
  return columnsOf('object', {
    oid,
    ...picked(payload, STATISTICS),
    ...(payload.n_det === undefined ? {} : { ndet: payload.n_det }),
  });
}

function measurements(oid: string, { detections }: Fields): ScribeChange[] {
  if (!Array.isArray(detections)) throw invalid('its payload has no detections');
  const found: Fields[] = [];
  const forced: Fields[] = [];
  for (const detection of detections as unknown[]) {
    if (!isFields(detection)) throw invalid('one of its detections is no object');
    const { extra_fields: extra, measurement_id: candid, band, isdiffpos, pid } = detection;
    if (!detection.new) continue;
    const isForced = isFields(extra) && extra.forcediffimflux !== undefined && extra.forcediffimflux !== null;
    const row = {
      oid,
      band: bandOf(band),
      isdiffpos: isdiffpos === -1 ? -1 : signOfZtf(isdiffpos),
      ...picked(detection, PHOTOMETRY),
      ...(pid === undefined ? {} : { pid }),
    };
    if (isForced) forced.push(row);
    else found.push({ candid, ...row, ...picked(detection, ['rb', 'parent_candid', 'has_stamp']) });
  }
  if (found.some(({ candid }) => candid === undefined))
    throw invalid('one of its detections has no measurement_id');
  return [
    { kind: 'upsert' as const, table: 'detection', rows: found },
    { kind: 'upsert' as const, table: 'forced_photometry', rows: forced },
  ].filter(({ rows }) => rows.length > 0);
}

function picked(fields: Fields, names: readonly string[]): Fields {
  return Object.fromEntries(
    names.filter((name) => fields[name] !== undefined).map((name) => [name, fields[name]]),
  );
}
