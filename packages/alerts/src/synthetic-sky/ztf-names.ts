import { fromJulianDate } from './palomar.js';
import type { SkyObject } from './sky-object.js';
import type { Visit } from './survey.js';

/** Midnight UTC of night 0 in ZTF's count. */
const NIGHT_ZERO = 2457754.5;
const LETTERS = 7;
/** Coprime to 26^7, so that ids are spread over all names and none comes twice. */
const STRIDE = 3_141_592_653;

/** ZTF's readout channel of an object; with {@link row} it makes candidates of one exposure distinct. */
export function channel(object: SkyObject): number {
  return object.id % 64;
}

/** The object's row in the table of its channel, 0 to 999. */
export function row(object: SkyObject): number {
  return Math.floor(object.id / 64) % 1000;
}

/** A number like those of the survey's main grid: rows of 7.2 deg in declination, counted eastwards. */
export function field(object: SkyObject): number {
  return 245 + Math.floor((object.dec + 31) / 7.2) * 45 + Math.floor(object.ra / 8);
}

export function nightId(jd: number): number {
  return Math.floor(jd - NIGHT_ZERO);
}

/** Id of the image: days since night 0 in units of 10^-5, then the channel, then 15 for the kind of product. */
export function processingId(object: SkyObject, visit: Visit): bigint {
  return BigInt(Math.floor((visit.jd - NIGHT_ZERO) * 1e5)) * 10_000n + BigInt(channel(object) * 100 + 15);
}

/** Id of a detection: the image's id, then two digits of the sub-image, 5 or 0 for its sign, and the row. */
export function candidateId(object: SkyObject, visit: Visit, positive: boolean): bigint {
  const part = Math.floor(object.id / 64_000) % 100;
  return (
    processingId(object, visit) * 1_000_000n + BigInt(part * 10_000 + (positive ? 5000 : 0) + row(object))
  );
}

/** `ZTF`, two digits of the year of the first detection, seven letters; `offset` makes skies differ. */
export function objectName(id: number, offset: number, firstDetection: number): string {
  let number = (id * STRIDE + offset) % 26 ** LETTERS;
  let letters = '';
  for (let i = 0; i < LETTERS; i++) {
    letters = String.fromCharCode(97 + (number % 26)) + letters;
    number = Math.floor(number / 26);
  }
  return `ZTF${String(fromJulianDate(firstDetection).getUTCFullYear() % 100).padStart(2, '0')}${letters}`;
}

/** File name of the difference image: date, fraction of the day, field, filter, CCD and quadrant. */
export function imageName(object: SkyObject, visit: Visit): string {
  const date = fromJulianDate(visit.jd).toISOString().slice(0, 10).replaceAll('-', '');
  const fraction = String(Math.floor(((visit.jd + 0.5) % 1) * 1e6)).padStart(6, '0');
  const ccd = String(Math.floor(channel(object) / 4) + 1).padStart(2, '0');
  const filter = visit.fid === 1 ? 'zg' : 'zr';
  const where = `${String(field(object)).padStart(6, '0')}_${filter}_c${ccd}_o_q${(channel(object) % 4) + 1}`;
  return `ztf_${date}${fraction}_${where}_scimrefdiffimg.fits`;
}
