import {
  finite,
  fluxOf,
  limitOf,
  magnitudeErrorOf,
  magnitudeOf,
  MAGNITUDES_PER_RATIO,
  product,
  SEEN_SIGMAS,
  ZERO_POINTS,
} from '../photometry.js';
import { type Fields, fieldsOf, idIn, numberIn, recordsOf, textIn } from '../surveys/fields.js';
import { bandOfZtf, signOfZtf } from '../surveys/ztf-codes.js';
import { timeOfJdUtc } from '../time-scales.js';
import { correctMagnitude } from './correct-magnitude.js';
import type { LightCurvePoint } from './light-curve.js';

const ZERO_POINT = ZERO_POINTS.nJy;

/** The light curve in an alert of ZTF, or in a broker's copy of one: history, forced photometry, the candidate. */
export function ztfPoints(alert: Fields): LightCurvePoint[] {
  const { prv_candidates, fp_hists, candidate } = alert;
  return [
    ...recordsOf(prv_candidates).flatMap((epoch) => epochPoint(epoch, false)),
    ...recordsOf(fp_hists).flatMap(forcedPoint),
    ...epochPoint(fieldsOf(candidate), true),
  ];
}

/** A detection, or an upper limit where an epoch has no `magpsf`. None without a time. */
function epochPoint(epoch: Fields, isAlert: boolean): LightCurvePoint[] {
  const jd = numberIn(epoch, 'jd');
  if (jd === null) return [];
  const magnitude = numberIn(epoch, 'magpsf');
  const magnitudeError = numberIn(epoch, 'sigmapsf');
  const sign = magnitude === null ? null : signOfZtf(epoch.isdiffpos);
  const flux = fluxOf(magnitude, ZERO_POINT);
  const apparent =
    magnitude === null || magnitudeError === null || sign === null
      ? undefined
      : correctMagnitude({
          isdiffpos: sign,
          mag: magnitude,
          e_mag: magnitudeError,
          magnr: numberIn(epoch, 'magnr'),
          sigmagnr: numberIn(epoch, 'sigmagnr'),
          distnr: numberIn(epoch, 'distnr'),
        });
  return [
    {
      kind: magnitude === null ? 'upper limit' : 'detection',
      id: idIn(epoch, 'candid'),
      isAlert,
      time: timeOfJdUtc(jd),
      band: bandOfZtf(epoch.fid),
      flux: product(flux, sign),
      fluxError: product(flux, product(magnitudeError, 1 / MAGNITUDES_PER_RATIO)),
      sign,
      magnitude,
      magnitudeError,
      limit: numberIn(epoch, 'diffmaglim'),
      apparentMagnitude: finite(apparent?.mag_corr ?? NaN),
      apparentMagnitudeError: finite(apparent?.e_mag_corr ?? NaN),
      flags: (numberIn(epoch, 'nbad') ?? 0) > 0 ? ['nbad'] : [],
    },
  ];
}

/**
 * A row of `fp_hists`: counts, turned into a flux by the zero point of their image. From 3 sigma on there is a
 * magnitude, below that only a limit: Masci et al. 2023, arXiv:2305.16279, section 6.
 */
function forcedPoint(epoch: Fields): LightCurvePoint[] {
  const jd = numberIn(epoch, 'jd');
  if (jd === null) return [];
  const perCount = fluxOf(numberIn(epoch, 'magzpsci'), ZERO_POINT);
  const flux = product(perCount, numberIn(epoch, 'forcediffimflux'));
  const fluxError = product(perCount, numberIn(epoch, 'forcediffimfluxunc'));
  const seen = flux !== null && fluxError !== null && Math.abs(flux) >= SEEN_SIGMAS * fluxError;
  const status = textIn(epoch, 'procstatus') ?? '0';
  return [
    {
      kind: 'forced',
      id: null,
      isAlert: false,
      time: timeOfJdUtc(jd),
      band: bandOfZtf(epoch.fid),
      flux,
      fluxError,
      sign: flux === null || flux === 0 ? null : flux > 0 ? 1 : -1,
      magnitude: seen ? magnitudeOf(flux, ZERO_POINT) : null,
      magnitudeError: seen ? magnitudeErrorOf(flux, fluxError) : null,
      limit: limitOf(fluxError, ZERO_POINT) ?? numberIn(epoch, 'diffmaglim'),
      apparentMagnitude: null,
      apparentMagnitudeError: null,
      flags: status === '0' ? [] : [`procstatus ${status}`],
    },
  ];
}
