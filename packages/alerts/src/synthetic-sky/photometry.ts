import { mix, Random } from './random.js';
import { fluxOf } from './bands.js';
import type { DetectorPlace } from './focal-plane.js';
import type { Exposure, Field } from './schedule.js';
import type { SkyObject } from './sky-object.js';
import { skySigma, type SurveyTraits } from './survey-traits.js';

/** A survey sends an alert from this signal to noise ratio on. */
export const DETECTION_SIGMA = 5;
export const FWHM_PER_SIGMA = 2.3548;
const NOISE = 21;

/** What one exposure gave at an object's place. */
export interface Measurement {
  readonly exposure: Exposure;
  /** Difference flux by a fit of the point spread function, in units of the flux of magnitude 0. */
  readonly flux: number;
  /** Its standard error, and what the sky alone adds to that. */
  readonly sigma: number;
  readonly sky: number;
  readonly detected: boolean;
}

/** An object, where the camera has it, and its measurements up to that of an exposure that found it. */
export interface Detection {
  readonly field: Field;
  readonly object: SkyObject;
  readonly place: DetectorPlace;
  readonly measurements: readonly Measurement[];
}

/** Measures an object in the first exposures of its field. What the first ones give does not depend on how many follow. */
export function measure(
  traits: SurveyTraits,
  object: SkyObject,
  exposures: readonly Exposure[],
): Measurement[] {
  const random = new Random(mix(object.seed, NOISE), 0);
  return object.curve(exposures).map((flux, i) => {
    const exposure = exposures[i]!;
    const sky = skySigma(exposure.limit);
    const sigma = Math.hypot(sky, Math.sqrt(photonVariance(traits, object, exposure, flux)));
    const measured = random.normal(flux, sigma);
    return { exposure, flux: measured, sigma, sky, detected: Math.abs(measured) >= DETECTION_SIGMA * sigma };
  });
}

/** Electrons of a source of magnitude 0 in an exposure. */
export function electronsOf(traits: SurveyTraits, { band, haze }: Exposure): number {
  return 10 ** (0.4 * (traits.electron[band] - haze));
}

/**
 * Variance that the light of the object and of its neighbour in the reference adds to a fit with equal weights: the sum
 * of the pixels' variance times the square of a Gaussian point spread function, over the square of its norm.
 */
function photonVariance(traits: SurveyTraits, object: SkyObject, exposure: Exposure, flux: number): number {
  const { magnitude, dx, dy, extent } = object.reference;
  const variance = (exposure.fwhm / FWHM_PER_SIGMA) ** 2;
  const wide = variance / 2 + (traits.seeing / FWHM_PER_SIGMA) ** 2 + extent ** 2;
  const neighbour =
    fluxOf(magnitude[exposure.band]) * ((2 * variance) / wide) * Math.exp(-(dx * dx + dy * dy) / (2 * wide));
  return Math.max(0, neighbour + (4 / 3) * flux) / electronsOf(traits, exposure);
}
