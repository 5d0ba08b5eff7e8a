import { healpixOf } from '../sky/healpix.js';
import { fullCircle, RADIANS, unitVector } from '../sky/sky-position.js';
import type { SurveyName } from '../surveys/survey-of.js';
import type { DetectionRow, ExtraFields, ObjectRow } from './rows.js';

/** ALeRCE's limits for a star: distance of the sources, PS1's star-galaxy score, chi and sharpness of the reference. */
const SAME_SOURCE = 1.4;
const STAR_SCORE = 0.4;
const STAR_CHI = 2;
const STAR_SHARPNESS = [-0.13, 0.1] as const;

/**
 * What all detections of an object together say of it. The same detections make the same row, in whatever order they
 * come, so that a batch that is repeated changes nothing.
 * @param detections of one object; one at least
 */
export function objectRow(survey: SurveyName, detections: readonly DetectionRow[]): ObjectRow {
  const sorted = [...detections].sort((a, b) => a.mjd - b.mjd || (a.candid < b.candid ? -1 : 1));
  const [first] = sorted;
  if (!first) throw new RangeError('an object has one detection at least');
  const position = meanPosition(sorted);
  return {
    oid: first.oid,
    survey,
    meanra: position.ra,
    meandec: position.dec,
    healpix: healpixOf(position),
    firstmjd: first.mjd,
    lastmjd: sorted.at(-1)!.mjd,
    ndet: sorted.length,
    corrected: first.corrected,
    stellar:
      sorted.map(({ extra_fields }) => isStellar(extra_fields)).find((known) => known !== null) ?? null,
  };
}

/** By vectors, so that it is right at the poles and across right ascension 0. */
function meanPosition(detections: readonly DetectionRow[]): { ra: number; dec: number } {
  const [x, y, z] = detections
    .map(({ ra, dec }) => unitVector(ra, dec))
    .reduce((sum, vector) => [sum[0] + vector[0], sum[1] + vector[1], sum[2] + vector[2]]);
  return { ra: fullCircle(Math.atan2(y, x) / RADIANS), dec: Math.atan2(z, Math.hypot(x, y)) / RADIANS };
}

/**
 * Whether the source of the reference looks like a star: by PS1 where PS1 has it, else by the shape that ZTF measured.
 * (ALeRCE's rule.) Null where the detection does not tell.
 */
function isStellar(extra: ExtraFields | null): boolean | null {
  const { distnr, distpsnr1, sgscore1, chinr, sharpnr } = extra ?? {};
  if (distnr == null || distpsnr1 === undefined) return null;
  if (distnr >= SAME_SOURCE) return false;
  if (distpsnr1 !== null && distpsnr1 < SAME_SOURCE) return sgscore1 == null ? null : sgscore1 > STAR_SCORE;
  if (chinr == null || sharpnr == null) return null;
  return chinr < STAR_CHI && sharpnr > STAR_SHARPNESS[0] && sharpnr < STAR_SHARPNESS[1];
}
