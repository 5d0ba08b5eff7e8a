import { MAGNITUDES_PER_RATIO } from '../../photometry.js';
import type { ZtfPrvCandidate } from '../../ztf-alert.js';
import { ZTF_CANDIDATE_FIELDS, ZTF_PRV_CANDIDATE_NAMES } from '../../ztf-candidate-fields.js';
import type { Band } from '../bands.js';
import { centroidOf, type Centroid } from '../centroid.js';
import { FWHM_PER_SIGMA, type Detection } from '../photometry.js';
import { mix, Random } from '../random.js';
import { recordMaker } from '../record-maker.js';
import type { Exposure } from '../schedule.js';
import { normalise, radians } from '../site.js';
import type { ReferenceSource, SkyObject } from '../sky-object.js';
import type { SurveyTraits } from '../survey-traits.js';
import { candidateId, fieldNumber, FILTER_IDS, imageName, nightId, processingId, row } from './names.js';
import { calibrationOf } from './calibration.js';

/** ZTF's value for "not measured". */
export const MISSING = -999;
export const CLASSIFIER = 't17_f5_c3';
const [DETECTION, REFERENCE] = [41, 44];

/** What is measured of a detection; none of it is null. */
export type MeasuredCandidate = { [Name in keyof ZtfPrvCandidate]: NonNullable<ZtfPrvCandidate[Name]> };

const makePrvCandidate = recordMaker<MeasuredCandidate>(
  ZTF_PRV_CANDIDATE_NAMES.map((name) => ZTF_CANDIDATE_FIELDS.find((field) => field[0] === name)!),
);

/** The epoch `index` as the history of a later alert has it: a detection, or the limit of the exposure. */
export function prvCandidateOf(traits: SurveyTraits, detection: Detection, index: number): ZtfPrvCandidate {
  const { exposure, detected } = detection.measurements[index]!;
  if (detected) return measuredCandidate(traits, detection, index);
  const calibration = calibrationOf(traits, exposure);
  return makePrvCandidate(imageOf(detection, exposure), calibration, { rbversion: CLASSIFIER });
}

type Image = Pick<
  MeasuredCandidate,
  | 'jd'
  | 'fid'
  | 'pid'
  | 'diffmaglim'
  | 'pdiffimfilename'
  | 'programpi'
  | 'programid'
  | 'nid'
  | 'rcid'
  | 'field'
>;

function imageOf({ field, place }: Detection, exposure: Exposure): Image {
  const { jd, band, limit } = exposure;
  return {
    jd,
    fid: FILTER_IDS[band]!,
    pid: processingId(place, jd),
    diffmaglim: limit,
    pdiffimfilename: imageName(field, place, exposure),
    programpi: 'Synthetic',
    // The public survey has no i.
    programid: band === 'i' ? 2 : 1,
    nid: nightId(jd),
    rcid: place.detector,
    field: fieldNumber(field),
  };
}

/** The same detection is described alike in its own alert and in the history of later ones. */
export function measuredCandidate(
  traits: SurveyTraits,
  detection: Detection,
  index: number,
): MeasuredCandidate {
  const { object, place, measurements } = detection;
  const { exposure, flux, sigma } = measurements[index]!;
  const { band, limit, jd } = exposure;
  const random = new Random(mix(object.seed, DETECTION, index), 0);
  const { asteroid } = object;
  const centroid = centroidOf(object, measurements[index]!, random);
  const bogus = object.artefact !== undefined;
  const signal = Math.abs(flux) / sigma;
  const magpsf = -2.5 * Math.log10(Math.abs(flux));
  const sigmapsf = MAGNITUDES_PER_RATIO / signal;
  const magap = magpsf + random.normal(0, 1.5 * sigmapsf);
  const elong = 1 + Math.abs(random.normal(0, bogus ? 0.5 : 0.12));
  const fwhm = exposure.fwhm / traits.arcsecPerPixel;
  const bimage = random.between(0.9, 1.1) * (fwhm / FWHM_PER_SIGMA);
  const { x, y } = place;
  const [width, height] = traits.pixels;
  const measured = {
    candid: candidateId(place, object, jd, flux > 0),
    isdiffpos: flux > 0 ? 't' : 'f',
    tblid: BigInt(row(object)),
    xpos: x - centroid.east / traits.arcsecPerPixel,
    ypos: y + centroid.north / traits.arcsecPerPixel,
    ra: centroid.ra,
    dec: centroid.dec,
    magpsf,
    sigmapsf,
    chipsf: bogus ? random.between(3, 40) : random.between(0.6, 2),
    magap,
    sigmagap: 1.5 * sigmapsf,
    distnr: separation(centroid, object.reference) / traits.arcsecPerPixel,
    sky: random.normal(0, 0.3),
    magdiff: magap - magpsf,
    fwhm,
    classtar: bogus ? random.between(0, 0.6) : random.between(0.8, 1),
    mindtoedge: Math.min(x, y, width - x, height - y),
    magfromlim: limit - magap,
    seeratio: random.between(0.9, 1.3),
    aimage: bimage * elong,
    bimage,
    aimagerat: (bimage * elong) / fwhm,
    bimagerat: bimage / fwhm,
    elong,
    nneg: bogus ? random.integer(5, 15) : Math.round(random.between(0, 30) / signal),
    nbad: bogus ? random.integer(0, 2) : 0,
    rb: bogus ? random.between(0.05, 0.5) : random.between(0.6, 0.99),
    ssdistnr: asteroid ? random.between(0, 2) : MISSING,
    ssmagnr: asteroid ? asteroid.magnitude + random.normal(0.2, 0.1) : MISSING,
    ssnamenr: asteroid ? String(asteroid.number) : 'null',
    sumrat: bogus ? random.between(0.1, 0.8) : 1 - Math.min(1, random.between(0, 1.5) / signal),
    magapbig: magpsf + random.normal(0, 2 * sigmapsf),
    sigmagapbig: 2 * sigmapsf,
    scorr: signal,
    rbversion: CLASSIFIER,
  };
  return makePrvCandidate(
    measured,
    imageOf(detection, exposure),
    referenceOf(object, band),
    calibrationOf(traits, exposure),
  );
}

/** From a detection to the reference source [arcsec]. */
function separation({ east, north }: Centroid, { dx, dy }: ReferenceSource): number {
  return Math.hypot(dx + east, dy - north);
}

/** The nearest source of the reference image, as every detection of an object has it. */
export function referenceOf(
  { ra, dec, reference, seed }: SkyObject,
  band: Band,
): Pick<MeasuredCandidate, 'ranr' | 'decnr' | 'magnr' | 'sigmagnr' | 'chinr' | 'sharpnr'> {
  const random = new Random(mix(seed, REFERENCE), 0);
  const galaxy = reference.extent > 0;
  const magnr = reference.magnitude[band];
  // A pixel to the right is one to the west: right ascension grows to the left.
  const east = -reference.dx / 3600 / Math.cos(radians(dec));
  return {
    ranr: normalise(ra + east),
    decnr: dec + reference.dy / 3600,
    magnr,
    sigmagnr: 0.01 + 10 ** (0.3 * (magnr - 24)),
    chinr: galaxy ? random.between(1, 4) : random.between(0.4, 1),
    sharpnr: galaxy ? random.between(0.2, 1) : random.normal(0, 0.03),
  };
}
