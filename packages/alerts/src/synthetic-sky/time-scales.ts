import { MJD_ORIGIN, taiOfUtc } from '../time-scales.js';

const JD_1970 = 2440587.5;
const MS_PER_DAY = 86_400_000;

export function julianDate(date: Date): number {
  return JD_1970 + date.getTime() / MS_PER_DAY;
}

export function fromJulianDate(jd: number): Date {
  return new Date((jd - JD_1970) * MS_PER_DAY);
}

/** The modified Julian date in TAI of a Julian date in UTC. */
export function mjdTai(jd: number): number {
  return taiOfUtc(jd - MJD_ORIGIN);
}
