import type { Band } from '../bands.js';
import type { DetectorPlace } from '../focal-plane.js';
import type { Exposure, Field } from '../schedule.js';
import type { SkyObject } from '../sky-object.js';
import { fromJulianDate } from '../time-scales.js';

/** Midnight UTC of night 0 in ZTF's count. */
const NIGHT_ZERO = 2457754.5;
/** Of these seven letters there are so many names. */
const NAMES = 26n ** 7n;
/** Coprime to that, so that ids are spread over all names and none comes twice. */
const STRIDE = 3_141_592_653n;

/** ZTF's number of the filter. */
export const FILTER_IDS: Readonly<Record<string, number>> = { g: 1, r: 2, i: 3 };

/** The object's row in the table of its channel, 0 to 999. */
export function row({ slot }: SkyObject): number {
  return slot % 1000;
}

/** A number like those of the survey's main grid: rows of 7.2 deg in declination, counted eastwards. */
export function fieldNumber({ ra, dec }: Field): number {
  return 245 + Math.floor((dec + 31) / 7.2) * 45 + Math.floor(ra / 8);
}

/** Id of the reference image of a field, channel and filter. */
export function referenceId(field: Field, { detector }: DetectorPlace, band: Band): bigint {
  return BigInt(fieldNumber(field) * 1_000_000 + 120_000 + FILTER_IDS[band]! * 100 + detector);
}

export function nightId(jd: number): number {
  return Math.floor(jd - NIGHT_ZERO);
}

/** Id of an image: days since night 0 in units of 10^-5, then the channel, then 15 for the kind of product. */
export function processingId({ detector }: Pick<DetectorPlace, 'detector'>, jd: number): bigint {
  return BigInt(Math.floor((jd - NIGHT_ZERO) * 1e5)) * 10_000n + BigInt(detector * 100 + 15);
}

/** Id of a detection: the image's id, then two digits of the sub-image, 5 or 0 for its sign, and the row. */
export function candidateId(
  place: Pick<DetectorPlace, 'detector'>,
  object: SkyObject,
  jd: number,
  positive: boolean,
): bigint {
  const part = 1 + Math.floor(object.slot / 1000);
  return processingId(place, jd) * 1_000_000n + BigInt(part * 10_000 + (positive ? 5000 : 0) + row(object));
}

/** `ZTF`, two digits of the year of the first detection, seven letters; `offset` makes skies differ. */
export function objectName(id: number, offset: number, firstDetection: number): string {
  let number = Number((BigInt(id) * STRIDE + BigInt(offset)) % NAMES);
  let letters = '';
  for (let i = 0; i < 7; i++) {
    letters = String.fromCharCode(97 + (number % 26)) + letters;
    number = Math.floor(number / 26);
  }
  return `ZTF${String(fromJulianDate(firstDetection).getUTCFullYear() % 100).padStart(2, '0')}${letters}`;
}

/** File name of the difference image: date, fraction of the day, field, filter, CCD and quadrant. */
export function imageName(field: Field, { detector }: DetectorPlace, { jd, band }: Exposure): string {
  const date = fromJulianDate(jd).toISOString().slice(0, 10).replaceAll('-', '');
  const fraction = String(Math.floor(((jd + 0.5) % 1) * 1e6)).padStart(6, '0');
  const ccd = String(Math.floor(detector / 4) + 1).padStart(2, '0');
  const where = `${String(fieldNumber(field)).padStart(6, '0')}_z${band}_c${ccd}_o_q${(detector % 4) + 1}`;
  return `ztf_${date}${fraction}_${where}_scimrefdiffimg.fits`;
}
