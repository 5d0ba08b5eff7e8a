import { FWHM_PER_SIGMA, type Measurement } from './photometry.js';
import type { Random } from './random.js';
import { normalise, radians } from './site.js';
import type { SkyObject } from './sky-object.js';

/** Where a detection is measured to be. */
export interface Centroid {
  readonly ra: number;
  readonly dec: number;
  /** From the true place to the east and north [arcsec], and the standard error of each. */
  readonly east: number;
  readonly north: number;
  readonly error: number;
}

/** Astrometry is no better than this [arcsec]. */
const FLOOR = 0.01;

/** The place of a source, which noise shifts by its width over its signal to noise ratio. */
export function centroidOf(
  { ra, dec }: Pick<SkyObject, 'ra' | 'dec'>,
  { exposure, flux, sigma }: Measurement,
  random: Random,
): Centroid {
  const error = Math.hypot(FLOOR, (exposure.fwhm / FWHM_PER_SIGMA) * (sigma / Math.abs(flux)));
  const [east, north] = [random.normal(0, error), random.normal(0, error)];
  return {
    ra: normalise(ra + east / 3600 / Math.cos(radians(dec))),
    dec: dec + north / 3600,
    ...{ east, north, error },
  };
}
