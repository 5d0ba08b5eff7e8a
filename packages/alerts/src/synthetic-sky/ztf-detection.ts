import type { ZtfPrvCandidate } from '../ztf-alert.js';
import { ZTF_PRV_CANDIDATE_NAMES } from '../ztf-candidate-fields.js';
import { normalise, radians } from './palomar.js';
import { Random } from './random.js';
import { ARCSEC_PER_PIXEL, skySigma, type SkyObject } from './sky-object.js';
import { toFloats } from './to-floats.js';
import { candidateId, channel, field, imageName, nightId, processingId, row } from './ztf-names.js';

/** ZTF's value for "not measured". */
export const MISSING = -999;
/** Size of an image of one readout channel [pixel]. */
const COLUMNS = 3072;
const ROWS = 3080;
/** Magnitude error of a relative flux error of 1: 2.5 / ln 10. */
const MAGNITUDE_ERROR = 1.0857;
const DETECTION_STREAM = 1000;

/** What is measured of a detection; none of it is null. */
export type Detection = { [Name in keyof ZtfPrvCandidate]: NonNullable<ZtfPrvCandidate[Name]> };

const NOTHING = Object.fromEntries(ZTF_PRV_CANDIDATE_NAMES.map((name) => [name, null])) as {
  [Name in keyof ZtfPrvCandidate]: null;
};

/** The epoch `index` of `object` as the history of a later alert has it: a detection, or the limit of the exposure. */
export function prvCandidateOf(object: SkyObject, index: number): ZtfPrvCandidate {
  const { visit, detected } = object.measurements[index]!;
  if (detected) return detectionOf(object, index);
  return toFloats({
    ...NOTHING,
    jd: visit.jd,
    fid: visit.fid,
    pid: processingId(object, visit),
    diffmaglim: visit.limit,
    pdiffimfilename: imageName(object, visit),
    programpi: 'Synthetic',
    programid: 1,
    nid: nightId(visit.jd),
    rcid: channel(object),
    field: field(object),
    rbversion: 't17_f5_c3',
  });
}

/** The same detection is described alike in its own alert and in the history of later ones. */
export function detectionOf(object: SkyObject, index: number): Detection {
  const { visit, flux, sigma } = object.measurements[index]!;
  const random = new Random(object.seed, DETECTION_STREAM + index);
  const { reference } = object;
  const bogus = object.kind === 'bogus';
  const galaxy = reference.extent > 0;
  const signal = Math.abs(flux) / skySigma(visit);
  const magpsf = visit.zeroPoint - 2.5 * Math.log10(Math.abs(flux));
  const sigmapsf = (MAGNITUDE_ERROR * sigma) / Math.abs(flux);
  const magap = magpsf + random.normal(0, 1.5 * sigmapsf);
  const elong = 1 + Math.abs(random.normal(0, bogus ? 0.5 : 0.12));
  const bimage = random.between(0.9, 1.1) * (visit.fwhm / 2.355);
  const [xpos, ypos] = [random.between(40, COLUMNS - 40), random.between(40, ROWS - 40)];
  const asteroid = object.minorPlanet !== null;
  // A pixel to the right is one to the west: right ascension grows to the left.
  const east = (-reference.dx * ARCSEC_PER_PIXEL) / 3600 / Math.cos(radians(object.dec));
  return toFloats({
    jd: visit.jd,
    fid: visit.fid,
    pid: processingId(object, visit),
    diffmaglim: visit.limit,
    pdiffimfilename: imageName(object, visit),
    programpi: 'Synthetic',
    programid: 1,
    candid: candidateId(object, visit, flux > 0),
    isdiffpos: flux > 0 ? 't' : 'f',
    tblid: BigInt(row(object)),
    nid: nightId(visit.jd),
    rcid: channel(object),
    field: field(object),
    xpos,
    ypos,
    ra: object.ra,
    dec: object.dec,
    magpsf,
    sigmapsf,
    chipsf: bogus ? random.between(3, 40) : random.between(0.6, 2),
    magap,
    sigmagap: 1.5 * sigmapsf,
    distnr: Math.hypot(reference.dx, reference.dy),
    magnr: reference.magnitude,
    sigmagnr: 0.01 + 10 ** (0.3 * (reference.magnitude - 24)),
    chinr: galaxy ? random.between(1, 4) : random.between(0.4, 1),
    sharpnr: galaxy ? random.between(0.2, 1) : random.normal(0, 0.03),
    sky: random.normal(0, 0.3),
    magdiff: magap - magpsf,
    fwhm: visit.fwhm,
    classtar: bogus ? random.between(0, 0.6) : random.between(0.8, 1),
    mindtoedge: Math.min(xpos, ypos, COLUMNS - xpos, ROWS - ypos),
    magfromlim: visit.limit - magap,
    seeratio: random.between(0.9, 1.3),
    aimage: bimage * elong,
    bimage,
    aimagerat: (bimage * elong) / visit.fwhm,
    bimagerat: bimage / visit.fwhm,
    elong,
    nneg: bogus ? random.integer(5, 15) : Math.round(random.between(0, 30) / signal),
    nbad: bogus ? random.integer(0, 2) : 0,
    rb: bogus ? random.between(0.05, 0.5) : random.between(0.6, 0.99),
    ssdistnr: asteroid ? random.between(0, 2) : MISSING,
    ssmagnr: asteroid ? magpsf + random.normal(0.3, 0.2) : MISSING,
    ssnamenr: asteroid ? String(object.minorPlanet) : 'null',
    sumrat: bogus ? random.between(0.1, 0.8) : 1 - Math.min(1, random.between(0, 1.5) / signal),
    magapbig: magpsf + random.normal(0, 2 * sigmapsf),
    sigmagapbig: 2 * sigmapsf,
    ranr: normalise(object.ra + east),
    decnr: object.dec + (reference.dy * ARCSEC_PER_PIXEL) / 3600,
    scorr: signal,
    magzpsci: visit.zeroPoint,
    magzpsciunc: random.between(5e-6, 3e-5),
    magzpscirms: random.between(0.02, 0.05),
    clrcoeff: visit.fid === 1 ? random.normal(-0.05, 0.01) : random.normal(0.09, 0.01),
    clrcounc: random.between(5e-6, 5e-5),
    rbversion: 't17_f5_c3',
  });
}
