const JD_1970 = 2440587.5;
const MS_PER_DAY = 86_400_000;
const MJD_ZERO = 2400000.5;

/** TAI minus UTC [s] from 0 h UTC of a day on (IERS Bulletin C); the next leap second is not announced. */
const LEAP_SECONDS: readonly (readonly [day: string, seconds: number])[] = [
  ['1999-01-01', 32],
  ['2006-01-01', 33],
  ['2009-01-01', 34],
  ['2012-07-01', 35],
  ['2015-07-01', 36],
  ['2017-01-01', 37],
];

const STEPS = LEAP_SECONDS.map(([day, seconds]) => ({ jd: julianDate(new Date(day)), seconds }));

/** The first day whose TAI is known here. */
export const EARLIEST_TAI = new Date(LEAP_SECONDS[0]![0]);

export function julianDate(date: Date): number {
  return JD_1970 + date.getTime() / MS_PER_DAY;
}

export function fromJulianDate(jd: number): Date {
  return new Date((jd - JD_1970) * MS_PER_DAY);
}

/** TAI minus UTC at a Julian date in UTC [s]. */
export function taiMinusUtc(jd: number): number {
  const step = STEPS.findLast((leap) => jd >= leap.jd);
  if (step === undefined) throw new RangeError('TAI is not known before 1999');
  return step.seconds;
}

/** The modified Julian date in TAI of a Julian date in UTC. */
export function mjdTai(jd: number): number {
  return jd - MJD_ZERO + taiMinusUtc(jd) / 86_400;
}
