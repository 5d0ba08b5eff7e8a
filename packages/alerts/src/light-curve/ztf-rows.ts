import {
  fluxOf,
  magnitudeErrorOf,
  magnitudeOf,
  MAGNITUDES_PER_RATIO,
  product,
  SEEN_SIGMAS,
  ZERO_POINTS,
} from '../photometry.js';
import { type Fields, fieldsOf, idIn, numberIn, recordsOf } from '../surveys/fields.js';
import { bandOfZtf, signOfZtf } from '../surveys/ztf-codes.js';
import { timeOfJdUtc } from '../time-scales.js';
import {
  type DetectionRow,
  type ExtraFields,
  float,
  type ForcedPhotometryRow,
  id64,
  type NonDetectionRow,
  NOT_CORRECTED_YET,
} from './rows.js';

const ZERO_POINT = ZERO_POINTS.nJy;
/** The source of the reference, and the closest one of PS1: of them the correction and the kind of object are reckoned. */
const EXTRA = [
  'distnr',
  'magnr',
  'sigmagnr',
  'chinr',
  'sharpnr',
  'distpsnr1',
  'sgscore1',
  'diffmaglim',
  'drb',
];

/** The rows of a ZTF alert's epochs that have what a row must have: a time, a band, an id and a position. */
export function ztfRows(
  alert: Fields,
  oid: string,
  candid: bigint,
): {
  detections: DetectionRow[];
  nonDetections: NonDetectionRow[];
  forcedPhotometry: ForcedPhotometryRow[];
} {
  const epochs = recordsOf(alert.prv_candidates);
  const earlier = epochs
    .flatMap((epoch) => detection(epoch, oid))
    .map((row) => ({ ...row, parent_candid: candid }));
  const own = detection(fieldsOf(alert.candidate), oid).map((row) => ({ ...row, candid, has_stamp: true }));
  return {
    detections: [...own, ...earlier],
    nonDetections: epochs.flatMap((epoch) => nonDetection(epoch, oid)),
    forcedPhotometry: recordsOf(alert.fp_hists).flatMap((epoch) => forced(epoch, oid)),
  };
}

function detection(epoch: Fields, oid: string): DetectionRow[] {
  const jd = numberIn(epoch, 'jd');
  const band = bandOfZtf(epoch.fid);
  const candid = id64(idIn(epoch, 'candid'));
  const [ra, dec] = [numberIn(epoch, 'ra'), numberIn(epoch, 'dec')];
  const mag = numberIn(epoch, 'magpsf');
  if (jd === null || band === null || candid === null || ra === null || dec === null || mag === null)
    return [];
  const e_mag = numberIn(epoch, 'sigmapsf');
  const isdiffpos = signOfZtf(epoch.isdiffpos);
  const flux = fluxOf(mag, ZERO_POINT);
  return [
    {
      candid,
      oid,
      mjd: timeOfJdUtc(jd).mjdUtc,
      band,
      pid: id64(idIn(epoch, 'pid')),
      ra,
      dec,
      isdiffpos,
      flux: float(product(flux, isdiffpos)),
      e_flux: float(product(flux, product(e_mag, 1 / MAGNITUDES_PER_RATIO))),
      mag: float(mag),
      e_mag: float(e_mag),
      ...NOT_CORRECTED_YET,
      rb: float(numberIn(epoch, 'rb')),
      parent_candid: null,
      has_stamp: false,
      extra_fields: extra(epoch),
    },
  ];
}

/** An epoch without a magnitude is the limit of an exposure. */
function nonDetection(epoch: Fields, oid: string): NonDetectionRow[] {
  const jd = numberIn(epoch, 'jd');
  const band = bandOfZtf(epoch.fid);
  if (jd === null || band === null || numberIn(epoch, 'magpsf') !== null) return [];
  return [{ oid, band, mjd: timeOfJdUtc(jd).mjdUtc, diffmaglim: float(numberIn(epoch, 'diffmaglim')) }];
}

/** Counts, turned into a flux by the zero point of their image. */
function forced(epoch: Fields, oid: string): ForcedPhotometryRow[] {
  const jd = numberIn(epoch, 'jd');
  const band = bandOfZtf(epoch.fid);
  const pid = id64(idIn(epoch, 'pid'));
  if (jd === null || band === null || pid === null) return [];
  const perCount = fluxOf(numberIn(epoch, 'magzpsci'), ZERO_POINT);
  const flux = product(perCount, numberIn(epoch, 'forcediffimflux'));
  const e_flux = product(perCount, numberIn(epoch, 'forcediffimfluxunc'));
  const seen = flux !== null && e_flux !== null && Math.abs(flux) >= SEEN_SIGMAS * e_flux;
  return [
    {
      oid,
      pid,
      mjd: timeOfJdUtc(jd).mjdUtc,
      band,
      ra: null,
      dec: null,
      isdiffpos: flux === null || flux === 0 ? null : flux > 0 ? 1 : -1,
      flux: float(flux),
      e_flux: float(e_flux),
      mag: seen ? float(magnitudeOf(flux, ZERO_POINT)) : null,
      e_mag: seen ? float(magnitudeErrorOf(flux, e_flux)) : null,
      ...NOT_CORRECTED_YET,
      extra_fields: extra(epoch),
    },
  ];
}

/** Only what the epoch has. */
function extra(epoch: Fields): ExtraFields {
  const known = EXTRA.filter((name) => Object.hasOwn(epoch, name));
  return Object.fromEntries(known.map((name) => [name, numberIn(epoch, name)]));
}
