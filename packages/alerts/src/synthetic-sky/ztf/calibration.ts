import type { ZtfForcedPhotometry } from '../../ztf-alert.js';
import { Random } from '../random.js';
import type { Exposure } from '../schedule.js';
import type { SurveyTraits } from '../survey-traits.js';

/** Electrons per DN of ZTF's camera. */
const GAIN = 6.2;

/** Magnitude of a source of 1 DN. */
export function zeroPointOf(traits: SurveyTraits, { band, haze }: Exposure): number {
  return traits.electron[band] - 2.5 * Math.log10(GAIN) - haze;
}

/** Brightness of the sky in an exposure [DN per pixel]. */
export function skyLevel({ seed }: Exposure): number {
  return Math.round(new Random(seed, 1).between(120, 400));
}

type Calibration = Pick<
  ZtfForcedPhotometry,
  'magzpsci' | 'magzpsciunc' | 'magzpscirms' | 'clrcoeff' | 'clrcounc'
>;

/** The photometric calibration of an exposure. */
export function calibrationOf(
  traits: SurveyTraits,
  exposure: Exposure,
): { [Name in keyof Calibration]: NonNullable<Calibration[Name]> } {
  const random = new Random(exposure.seed, 2);
  return {
    magzpsci: zeroPointOf(traits, exposure),
    magzpsciunc: random.between(5e-6, 3e-5),
    magzpscirms: random.between(0.02, 0.05),
    clrcoeff: exposure.band === 'g' ? random.normal(-0.05, 0.01) : random.normal(0.09, 0.01),
    clrcounc: random.between(5e-6, 5e-5),
  };
}
