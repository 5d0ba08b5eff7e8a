import { PoisonError } from '@apf/core';
import { ZERO_POINTS } from '../photometry.js';
import { fieldsOf } from '../surveys/fields.js';
import { identityOf } from '../surveys/identity.js';
import { correctMagnitude } from './correct-magnitude.js';
import { lsstRows } from './lsst-rows.js';
import { type DetectionRow, float, id64, type LightCurveRows } from './rows.js';
import { ztfRows } from './ztf-rows.js';

/**
 * The rows that an alert of ZTF, LSST or ELAsTiCC makes in a light-curve database. ZTF's magnitudes are not corrected
 * yet: {@link correctDetection} does that. Sentinels and NaN are null.
 * @throws PoisonError for what is no alert of these surveys, or has no id, object, time or position
 */
export function lightCurveRows(alert: unknown): LightCurveRows {
  const identity = identityOf(alert);
  if (!identity) throw new PoisonError('this is no alert of ZTF, LSST or ELAsTiCC');
  const { survey, objectId: oid, time } = identity;
  const candid = id64(identity.alertId);
  if (oid === null || candid === null || time === null) {
    const missing = oid === null ? 'object' : candid === null ? 'id' : 'time';
    throw new PoisonError(`the alert ${identity.alertId ?? ''} names no ${missing}`);
  }
  const fields = fieldsOf(alert);
  const zeroPoint = ZERO_POINTS[survey === 'elasticc' ? 'FLUXCAL' : 'nJy'];
  const rows = survey === 'ztf' ? ztfRows(fields, oid, candid) : lsstRows(fields, oid, candid, zeroPoint);
  const { detections, nonDetections, forcedPhotometry } = rows;
  const [detection, ...earlier] = detections;
  if (!detection?.has_stamp) throw new PoisonError(`the alert ${candid} has no magnitude, band or position`);
  return { survey, oid, candid, mjd: time.mjdUtc, detection, earlier, nonDetections, forcedPhotometry };
}

/** A ZTF detection with its apparent magnitude; see {@link correctMagnitude}. LSST's come with it. */
export function correctDetection(row: DetectionRow): DetectionRow {
  const { isdiffpos, mag, e_mag, extra_fields } = row;
  if (row.corrected !== null || isdiffpos === null || mag === null) return row;
  const { magnr = null, sigmagnr = null, distnr = null } = extra_fields;
  const made = correctMagnitude({ isdiffpos, mag, e_mag: e_mag ?? NaN, magnr, sigmagnr, distnr });
  const { corrected, mag_corr, e_mag_corr, e_mag_corr_ext } = made;
  return {
    ...row,
    corrected,
    mag_corr: float(mag_corr),
    e_mag_corr: float(e_mag_corr),
    e_mag_corr_ext: e_mag === null ? null : float(e_mag_corr_ext),
  };
}
