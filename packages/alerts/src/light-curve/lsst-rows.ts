import { limitOf, magnitudeErrorOf, magnitudeOf, product, SEEN_SIGMAS, ZERO_POINTS } from '../photometry.js';
import { type Fields, fieldsOf, idIn, numberIn, recordsOf, textIn } from '../surveys/fields.js';
import { timeOfMjdTai } from '../time-scales.js';
import {
  type DetectionRow,
  float,
  type ForcedPhotometryRow,
  id64,
  type NonDetectionRow,
  type Photometry,
} from './rows.js';

const ZERO_POINT = ZERO_POINTS.nJy;

/**
 * The rows of the sources of an alert of LSST (every version of its schema) or of ELAsTiCC that have what a row must have.
 * @param zeroPoint of the alert's fluxes
 */
export function lsstRows(
  alert: Fields,
  oid: string,
  candid: bigint,
  zeroPoint: number,
): {
  detections: DetectionRow[];
  nonDetections: NonDetectionRow[];
  forcedPhotometry: ForcedPhotometryRow[];
} {
  const { prvDiaSources, prv_diaSources, prvDiaForcedSources, prvDiaNondetectionLimits, diaSource } = alert;
  const scale = 10 ** ((ZERO_POINT - zeroPoint) / 2.5);
  const earlier = recordsOf(prvDiaSources ?? prv_diaSources)
    .flatMap((source) => detection(source, oid, scale))
    .map((row) => ({ ...row, parent_candid: candid }));
  const own = detection(fieldsOf(diaSource), oid, scale).map((row) => ({ ...row, candid, has_stamp: true }));
  return {
    detections: [...own, ...earlier],
    nonDetections: recordsOf(prvDiaNondetectionLimits).flatMap((limit) => nonDetection(limit, oid, scale)),
    forcedPhotometry: recordsOf(prvDiaForcedSources).flatMap((source) => forced(source, oid, scale)),
  };
}

function detection(source: Fields, oid: string, scale: number): DetectionRow[] {
  const when = exposure(source);
  const candid = id64(idIn(source, 'diaSourceId'));
  const [ra, dec] = [numberIn(source, 'ra'), numberIn(source, 'dec', 'decl')];
  if (!when || candid === null || ra === null || dec === null) return [];
  return [
    {
      candid,
      oid,
      ...when,
      pid: id64(idIn(source, 'visit', 'ccdVisitId')),
      ra,
      dec,
      ...photometry(source, scale, true),
      rb: float(numberIn(source, 'reliability')),
      parent_candid: null,
      has_stamp: false,
      extra_fields: {},
    },
  ];
}

function forced(source: Fields, oid: string, scale: number): ForcedPhotometryRow[] {
  const when = exposure(source);
  const pid = id64(idIn(source, 'visit', 'ccdVisitId'));
  if (!when || pid === null) return [];
  const [ra, dec] = [numberIn(source, 'ra'), numberIn(source, 'dec', 'decl')];
  return [{ oid, pid, ...when, ra, dec, ...photometry(source, scale, false), extra_fields: {} }];
}

/** `diaNoise` is the noise at the object's place, as a flux. */
function nonDetection(limit: Fields, oid: string, scale: number): NonDetectionRow[] {
  const when = exposure(limit);
  if (!when) return [];
  return [
    { oid, ...when, diffmaglim: float(limitOf(product(numberIn(limit, 'diaNoise'), scale), ZERO_POINT)) },
  ];
}

function exposure(fields: Fields): { mjd: number; band: string } | undefined {
  const mjd = numberIn(fields, 'midpointMjdTai', 'midPointTai');
  const band = textIn(fields, 'band', 'filterName');
  return mjd === null || band === null
    ? undefined
    : { mjd: timeOfMjdTai(mjd).mjdUtc, band: band.toLowerCase() };
}

/** LSST measures the flux of the object itself too, so that nothing has to be added up. */
function photometry(
  source: Fields,
  scale: number,
  detected: boolean,
): Photometry & { isdiffpos: 1 | -1 | null } {
  const flux = product(numberIn(source, 'psfFlux', 'psFlux'), scale);
  const e_flux = product(numberIn(source, 'psfFluxErr', 'psFluxErr'), scale);
  const seen = detected || (flux !== null && e_flux !== null && Math.abs(flux) >= SEEN_SIGMAS * e_flux);
  const total = product(numberIn(source, 'scienceFlux', 'totFlux'), scale);
  const e_total = product(numberIn(source, 'scienceFluxErr', 'totFluxErr'), scale);
  const shines = total !== null && total > 0;
  return {
    isdiffpos: flux === null || flux === 0 ? null : flux > 0 ? 1 : -1,
    flux: float(flux),
    e_flux: float(e_flux),
    mag: seen ? float(magnitudeOf(flux, ZERO_POINT)) : null,
    e_mag: seen ? float(magnitudeErrorOf(flux, e_flux)) : null,
    mag_corr: shines ? float(magnitudeOf(total, ZERO_POINT)) : null,
    e_mag_corr: shines ? float(magnitudeErrorOf(total, e_total)) : null,
    e_mag_corr_ext: null,
    corrected: total !== null,
    dubious: false,
  };
}
