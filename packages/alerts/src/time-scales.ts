/** Days from the origin of the Julian Date to that of the Modified Julian Date. */
export const MJD_ORIGIN = 2_400_000.5;

const SECONDS_PER_DAY = 86_400;

/**
 * TAI - UTC [s] and the MJD in UTC from which it holds, latest first: IERS Bulletin C
 * (https://hpiers.obspm.fr/iers/bul/bulc/Leap_Second.dat). None has been announced since 2017.
 */
const LEAP_SECONDS: readonly (readonly [from: number, seconds: number])[] = [
  [57754, 37],
  [57204, 36],
  [56109, 35],
  [54832, 34],
  [53736, 33],
  [51179, 32],
  [50630, 31],
  [50083, 30],
  [49534, 29],
  [49169, 28],
  [48804, 27],
  [48257, 26],
  [47892, 25],
  [47161, 24],
  [46247, 23],
  [45516, 22],
  [45151, 21],
  [44786, 20],
  [44239, 19],
  [43874, 18],
  [43509, 17],
  [43144, 16],
  [42778, 15],
  [42413, 14],
  [42048, 13],
  [41683, 12],
  [41499, 11],
  [41317, 10],
];

/** The Modified Julian Date in TAI of one in UTC. Before 1972, when UTC had no whole seconds, 10 s are taken. */
export function taiOfUtc(mjd: number): number {
  const seconds = LEAP_SECONDS.find(([from]) => mjd >= from)?.[1] ?? 10;
  return mjd + seconds / SECONDS_PER_DAY;
}

/** The Modified Julian Date in UTC of one in TAI. */
export function utcOfTai(mjd: number): number {
  const seconds = LEAP_SECONDS.find(([from, since]) => mjd - since / SECONDS_PER_DAY >= from)?.[1] ?? 10;
  return mjd - seconds / SECONDS_PER_DAY;
}

/** A time as an alert gives it, and what it is on both scales. */
export interface ObservationTime {
  readonly value: number;
  readonly format: 'jd' | 'mjd';
  readonly scale: 'utc' | 'tai';
  /** Modified Julian Dates [d]. */
  readonly mjdUtc: number;
  readonly mjdTai: number;
}

/** A Julian Date in UTC, as ZTF gives times. */
export function timeOfJdUtc(jd: number): ObservationTime {
  const mjdUtc = jd - MJD_ORIGIN;
  return { value: jd, format: 'jd', scale: 'utc', mjdUtc, mjdTai: taiOfUtc(mjdUtc) };
}

/** A Modified Julian Date in TAI, as LSST and ELAsTiCC give times. */
export function timeOfMjdTai(mjd: number): ObservationTime {
  return { value: mjd, format: 'mjd', scale: 'tai', mjdUtc: utcOfTai(mjd), mjdTai: mjd };
}
