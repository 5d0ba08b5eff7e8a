import type { ZtfCandidate } from '../../ztf-alert.js';
import { ZTF_CANDIDATE_FIELDS } from '../../ztf-candidate-fields.js';
import type { Detection } from '../photometry.js';
import { mix, Random } from '../random.js';
import { recordMaker } from '../record-maker.js';
import type { ReferenceSource, SkyObject, SyntheticKind } from '../sky-object.js';
import type { SurveyTraits } from '../survey-traits.js';
import { measuredCandidate, MISSING } from './detection.js';
import { referenceId } from './names.js';

/** Detections of earlier seasons: everlasting objects have some. */
const DETECTED_BEFORE: Readonly<Partial<Record<SyntheticKind, readonly [number, number]>>> = {
  AGN: [3, 60],
  RRab: [10, 200],
  RRc: [10, 200],
  EB: [5, 100],
};
/** From those to the ones in the history [d]. */
const EARLIER_SEASON = 400;
/** The reference images were taken so long before the exposure [d]. */
const REFERENCE_AGE = 1500;
const makeCandidate = recordMaker<ZtfCandidate>(ZTF_CANDIDATE_FIELDS);
const [CATALOGUE, CIRCUMSTANCES] = [42, 43];

/** The last exposure's detection, as its alert describes it. */
export function candidateOf(traits: SurveyTraits, detection: Detection): ZtfCandidate {
  const { field, object, place, measurements } = detection;
  const index = measurements.length - 1;
  const { exposure } = measurements[index]!;
  const measured = measuredCandidate(traits, detection, index);
  const random = new Random(mix(object.seed, CIRCUMSTANCES, index), 0);
  const { reference } = object;
  const { detected, covered } = earlierSeasons(object);
  const detections = measurements.filter((measurement) => measurement.detected);
  const bogus = object.artefact !== undefined;
  const galaxy = reference.extent > 0;
  const dsnrms = measured.scorr * random.between(0.5, 0.8);
  const ssnrms = measured.scorr * random.between(1.2, 1.6);
  const jdstartref = Math.floor(field.exposures[0]!.jd) - REFERENCE_AGE;
  const circumstances = {
    ndethist: detected + detections.length,
    ncovhist: covered + index + 1,
    jdstarthist: firstDetection(detection),
    jdendhist: exposure.jd,
    tooflag: 0,
    nmtchps: new Random(mix(object.seed, CATALOGUE), 4).integer(3, 40),
    rfid: referenceId(field, place, exposure.band),
    jdstartref,
    jdendref: jdstartref + 90,
    nframesref: 15 + (object.seed % 25),
    dsnrms,
    ssnrms,
    dsdiff: dsnrms - ssnrms,
    nmatches: random.integer(150, 1500),
    zpclrcov: -random.between(5e-6, 5e-5),
    zpmed: measured.magzpsci + random.normal(0, 0.05),
    clrmed: random.between(0.5, 1),
    clrrms: random.between(0.15, 0.35),
    neargaia: galaxy ? 5 + (object.seed % 55) : distance(reference),
    neargaiabright: MISSING,
    maggaia: galaxy ? 16 + (object.seed % 400) / 100 : reference.magnitude.r,
    maggaiabright: MISSING,
    exptime: traits.exposure,
    drb: bogus ? random.between(0, 0.3) : random.between(0.85, 1),
    drbversion: 'd6_m7',
  };
  return makeCandidate(measured, circumstances, {
    ...panStarrs(object, 1),
    ...panStarrs(object, 2),
    ...panStarrs(object, 3),
  });
}

/** Julian date of the first detection of an object, in an earlier season if there was one. */
export function firstDetection({ object, measurements }: Detection): number {
  const first = measurements.find((measurement) => measurement.detected)!.exposure.jd;
  return first - (earlierSeasons(object).detected > 0 ? EARLIER_SEASON : 0);
}

function earlierSeasons(object: SkyObject): { detected: number; covered: number } {
  const random = new Random(mix(object.seed, CATALOGUE), 0);
  const range = DETECTED_BEFORE[object.truth.kind];
  return { covered: random.integer(250, 900), detected: range ? random.integer(...range) : 0 };
}

type PanStarrs<N extends 1 | 2 | 3> = Pick<
  ZtfCandidate,
  `objectidps${N}` | `sgmag${N}` | `srmag${N}` | `simag${N}` | `szmag${N}` | `sgscore${N}` | `distpsnr${N}`
>;

/** The `n`th closest source of the PS1 catalogue: the reference source is the first, the others are fainter. */
function panStarrs<N extends 1 | 2 | 3>(object: SkyObject, n: N): PanStarrs<N> {
  const random = new Random(mix(object.seed, CATALOGUE), n);
  const { reference } = object;
  const galaxy = n === 1 ? reference.extent > 0 : random.uniform() < 0.5;
  const { g, r, i, z } = reference.magnitude;
  const fainter = 1.2 * (n - 1);
  // PS1 ids: declination zones of 30 arcsec from the south pole, right ascension in microdegrees, four more digits.
  const zone = Math.floor((object.dec + 90) * 120);
  const microdegrees = Math.floor(object.ra * 1e6);
  return {
    [`objectidps${n}`]: (BigInt(zone) * 1_000_000_000n + BigInt(microdegrees)) * 10_000n + BigInt(1000 * n),
    [`sgmag${n}`]: g + fainter,
    [`srmag${n}`]: r + fainter,
    [`simag${n}`]: i + fainter,
    [`szmag${n}`]: z + fainter,
    [`sgscore${n}`]: galaxy ? random.between(0, 0.3) : random.between(0.8, 1),
    [`distpsnr${n}`]: distance(reference) + 6 * (n - 1),
  } as PanStarrs<N>;
}

function distance({ dx, dy }: ReferenceSource): number {
  return Math.hypot(dx, dy);
}
