import { Random } from '../random.js';
import type { Exposure } from '../schedule.js';
import type { SurveyTraits } from '../survey-traits.js';
import { mjdTai } from '../time-scales.js';

/** Middle of an exposure, MJD in TAI. */
export function midpoint({ exposure: seconds }: SurveyTraits, { jd }: Exposure): number {
  return mjdTai(jd) + seconds / 2 / 86_400;
}

/** When its sources were measured, a minute or two later, MJD in TAI. */
export function processed(traits: SurveyTraits, exposure: Exposure): number {
  return midpoint(traits, exposure) + new Random(exposure.seed, 4).between(70, 130) / 86_400;
}
