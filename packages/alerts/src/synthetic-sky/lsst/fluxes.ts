import { ZERO_POINTS } from '../../photometry.js';
import { fluxOf } from '../bands.js';
import { FWHM_PER_SIGMA, type Measurement } from '../photometry.js';
import type { SkyObject } from '../sky-object.js';
import type { SurveyTraits } from '../survey-traits.js';

/** Flux of magnitude 0 (AB) [nJy]. */
export const NANOJANSKY = 10 ** (0.4 * ZERO_POINTS.nJy);

/** What a fit of a point source to the reference gives at an object's place, in units of the flux of magnitude 0. */
export function referenceFlux(
  traits: SurveyTraits,
  { reference }: SkyObject,
  { exposure }: Measurement,
): number {
  const { magnitude, dx, dy, extent } = reference;
  const variance = (exposure.fwhm / FWHM_PER_SIGMA) ** 2;
  const sum = variance + (traits.seeing / FWHM_PER_SIGMA) ** 2 + extent ** 2;
  return (
    fluxOf(magnitude[exposure.band]) * ((2 * variance) / sum) * Math.exp(-(dx * dx + dy * dy) / (2 * sum))
  );
}

/** Part of a single exposure's error that is left in the reference. */
export const REFERENCE_ERROR = 0.25;
