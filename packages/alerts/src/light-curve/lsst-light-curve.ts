import { limitOf, magnitudeErrorOf, magnitudeOf, SEEN_SIGMAS } from '../photometry.js';
import { type Fields, fieldsOf, idIn, numberIn, recordsOf, textIn } from '../surveys/fields.js';
import { timeOfMjdTai } from '../time-scales.js';
import type { LightCurvePoint } from './light-curve.js';

/**
 * The light curve in an alert of LSST (every version of its schema) or of ELAsTiCC, which has LSST's names of 2019 and
 * fluxes of another zero point: history, forced photometry, limits, the source itself.
 */
export function lsstPoints(alert: Fields, zeroPoint: number): LightCurvePoint[] {
  const { prvDiaSources, prv_diaSources, prvDiaForcedSources, prvDiaNondetectionLimits, diaSource } = alert;
  const source = (fields: Fields): LightCurvePoint[] => fluxPoint(fields, 'detection', zeroPoint);
  return [
    // The second is what LSST called it in its schema 1.0.
    ...recordsOf(prvDiaSources ?? prv_diaSources).flatMap(source),
    ...recordsOf(prvDiaForcedSources).flatMap((fields) => fluxPoint(fields, 'forced', zeroPoint)),
    ...recordsOf(prvDiaNondetectionLimits).flatMap((fields) => limitPoint(fields, zeroPoint)),
    ...source(fieldsOf(diaSource)).map((point) => ({ ...point, isAlert: true })),
  ];
}

function fluxPoint(source: Fields, kind: 'detection' | 'forced', zeroPoint: number): LightCurvePoint[] {
  const mjd = timeOf(source);
  if (mjd === null) return [];
  const flux = numberIn(source, 'psfFlux', 'psFlux');
  const fluxError = numberIn(source, 'psfFluxErr', 'psFluxErr');
  const apparent = numberIn(source, 'scienceFlux', 'totFlux');
  const apparentError = numberIn(source, 'scienceFluxErr', 'totFluxErr');
  const seen =
    kind === 'detection' ||
    (flux !== null && fluxError !== null && Math.abs(flux) >= SEEN_SIGMAS * fluxError);
  const positive = apparent !== null && apparent > 0;
  return [
    {
      kind,
      id: idIn(source, 'diaSourceId', 'diaForcedSourceId'),
      isAlert: false,
      time: timeOfMjdTai(mjd),
      band: bandOf(source),
      flux,
      fluxError,
      sign: flux === null || flux === 0 ? null : flux > 0 ? 1 : -1,
      magnitude: seen ? magnitudeOf(flux, zeroPoint) : null,
      magnitudeError: seen ? magnitudeErrorOf(flux, fluxError) : null,
      limit: limitOf(fluxError, zeroPoint),
      apparentMagnitude: positive ? magnitudeOf(apparent, zeroPoint) : null,
      apparentMagnitudeError: positive ? magnitudeErrorOf(apparent, apparentError) : null,
      flags: flagsOf(source),
    },
  ];
}

/** `diaNoise` is the noise at the object's place, as a flux. */
function limitPoint(fields: Fields, zeroPoint: number): LightCurvePoint[] {
  const mjd = timeOf(fields);
  if (mjd === null) return [];
  const fluxError = numberIn(fields, 'diaNoise');
  return [
    {
      kind: 'upper limit',
      id: null,
      isAlert: false,
      time: timeOfMjdTai(mjd),
      band: bandOf(fields),
      flux: null,
      fluxError,
      sign: null,
      magnitude: null,
      magnitudeError: null,
      limit: limitOf(fluxError, zeroPoint),
      apparentMagnitude: null,
      apparentMagnitudeError: null,
      flags: [],
    },
  ];
}

function timeOf(fields: Fields): number | null {
  return numberIn(fields, 'midpointMjdTai', 'midPointTai');
}

/** ELAsTiCC writes Y for y. */
function bandOf(fields: Fields): string | null {
  return textIn(fields, 'band', 'filterName')?.toLowerCase() ?? null;
}

/** The flags that are raised: fields such as `psfFlux_flag_edge`, or until schema 6 the bits of `flags`. */
function flagsOf(source: Fields): string[] {
  const raised = Object.keys(source).filter((name) => /flag/i.test(name) && source[name] === true);
  const bits = source.flags;
  const isNumber = typeof bits === 'bigint' || typeof bits === 'number';
  return isNumber && Number(bits) ? [...raised, `flags ${bits}`] : raised;
}
