import type { ZtfCandidate } from '../ztf-alert.js';
import { Random } from './random.js';
import { ARCSEC_PER_PIXEL, type ReferenceSource, type SkyObject } from './sky-object.js';
import { toFloats } from './to-floats.js';
import { detectionOf, MISSING } from './ztf-detection.js';
import { channel, field } from './ztf-names.js';

const REFERENCE_START = 2458150;
const EARLIER_SEASON = 400;
const CATALOGUE_STREAM = 500;

/** The detection of `object` in its `index`th exposure, as its alert describes it. */
export function candidateOf(object: SkyObject, index: number): ZtfCandidate {
  const { visit } = object.measurements[index]!;
  const detection = detectionOf(object, index);
  const random = new Random(object.seed, CATALOGUE_STREAM + index);
  const { reference } = object;
  const bogus = object.kind === 'bogus';
  const galaxy = reference.extent > 0;
  const detections = object.measurements.slice(0, index + 1).filter(({ detected }) => detected);
  const dsnrms = detection.scorr * random.between(0.5, 0.8);
  const ssnrms = detection.scorr * random.between(1.2, 1.6);
  return toFloats({
    ...detection,
    ...panStarrs(object, 1, random),
    ndethist: object.detectedBefore + detections.length,
    ncovhist: object.coveredBefore + index + 1,
    jdstarthist: detections[0]!.visit.jd - (object.detectedBefore > 0 ? EARLIER_SEASON : 0),
    jdendhist: visit.jd,
    tooflag: 0,
    ...panStarrs(object, 2, random),
    ...panStarrs(object, 3, random),
    nmtchps: random.integer(3, 40),
    rfid: BigInt(field(object) * 1_000_000 + 120_000 + visit.fid * 100 + channel(object)),
    jdstartref: REFERENCE_START,
    jdendref: REFERENCE_START + 90,
    nframesref: random.integer(15, 40),
    dsnrms,
    ssnrms,
    dsdiff: dsnrms - ssnrms,
    nmatches: random.integer(150, 1500),
    zpclrcov: -random.between(5e-6, 5e-5),
    zpmed: visit.zeroPoint + random.normal(0, 0.05),
    clrmed: random.between(0.5, 1),
    clrrms: random.between(0.15, 0.35),
    neargaia: galaxy ? random.between(5, 60) : distance(reference),
    neargaiabright: MISSING,
    maggaia: galaxy ? random.between(16, 20) : reference.magnitude,
    maggaiabright: MISSING,
    exptime: 30,
    drb: bogus ? random.between(0, 0.3) : random.between(0.85, 1),
    drbversion: 'd6_m7',
  });
}

type PanStarrs<N extends 1 | 2 | 3> = Pick<
  ZtfCandidate,
  `objectidps${N}` | `sgmag${N}` | `srmag${N}` | `simag${N}` | `szmag${N}` | `sgscore${N}` | `distpsnr${N}`
>;

/** The `n`th closest source of the PS1 catalogue: the reference source is the first, the others are fainter. */
function panStarrs<N extends 1 | 2 | 3>(object: SkyObject, n: N, random: Random): PanStarrs<N> {
  const { reference } = object;
  const galaxy = n === 1 ? reference.extent > 0 : random.uniform() < 0.5;
  const magnitude = reference.magnitude + 1.2 * (n - 1);
  const colour = random.between(0.2, 1);
  // PS1 ids: declination zones of 30 arcsec from the south pole, right ascension in microdegrees, four more digits.
  const zone = Math.floor((object.dec + 90) * 120);
  const microdegrees = Math.floor(object.ra * 1e6);
  return {
    [`objectidps${n}`]: (BigInt(zone) * 1_000_000_000n + BigInt(microdegrees)) * 10_000n + BigInt(1000 * n),
    [`sgmag${n}`]: magnitude + colour / 2,
    [`srmag${n}`]: magnitude - colour / 2,
    [`simag${n}`]: magnitude - colour * 0.8,
    [`szmag${n}`]: magnitude - colour,
    [`sgscore${n}`]: galaxy ? random.between(0, 0.3) : random.between(0.8, 1),
    [`distpsnr${n}`]: distance(reference) + 6 * (n - 1),
  } as PanStarrs<N>;
}

function distance({ dx, dy }: ReferenceSource): number {
  return Math.hypot(dx, dy) * ARCSEC_PER_PIXEL;
}
