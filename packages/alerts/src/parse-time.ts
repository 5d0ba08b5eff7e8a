import { UsageError } from '@apf/core';
import { MJD_ORIGIN, timeOfMjdTai } from './time-scales.js';

/** MJD of 1970-01-01. */
const UNIX_MJD = 40_587;
const MS_PER_DAY = 86_400_000;
const UNITS: Readonly<Record<string, number>> = {
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: MS_PER_DAY,
  w: 7 * MS_PER_DAY,
};

export interface ParseTimeOptions {
  /** Ms since 1970, from which `2h` counts back. */
  readonly now: number;
  /** Scale of a Modified Julian Date; a Julian Date is always in UTC, as ZTF gives it. @default 'utc' */
  readonly mjdScale?: 'utc' | 'tai';
}

/**
 * A time as people write it, in ms since 1970: `2h` ago (s, m, h, d, w), ISO 8601 (in UTC where it names no zone), a
 * Modified Julian Date (`59288.5`) or a Julian Date (`2459289.0`).
 * @param option whose value it is, for the error.
 * @throws UsageError
 */
export function parseTime(text: string, option: string, { now, mjdScale = 'utc' }: ParseTimeOptions): number {
  const trimmed = text.trim();
  const ago = /^(\d+(?:\.\d+)?)\s*([smhdw])$/.exec(trimmed);
  if (ago) return now - Number(ago[1]) * UNITS[ago[2]!]!;
  if (/^\d+(\.\d+)?$/.test(trimmed)) {
    const number = Number(trimmed);
    if (number >= 2_400_000 && number < 2_500_000) return msOfMjdUtc(number - MJD_ORIGIN);
    if (number >= 40_000 && number < 100_000)
      return msOfMjdUtc(mjdScale === 'tai' ? timeOfMjdTai(number).mjdUtc : number);
  }
  const iso = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?(Z|[+-]\d{2}:?\d{2})?$/.exec(
    trimmed,
  );
  const whole = trimmed.length <= 10 ? `${trimmed}T00:00` : trimmed.replace(' ', 'T');
  const parsed = iso ? Date.parse(iso[1] === undefined ? `${whole}Z` : whole) : NaN;
  if (!Number.isNaN(parsed)) return parsed;
  throw new UsageError(
    `${option} '${text}' is no time: write 2h (ago), 2021-03-15T10:00 (UTC), an MJD such as 59288.5 or a JD such as 2459289.0`,
  );
}

/**
 * The first and last moment of a night, in ms since 1970. ZTF's night 20210315 is that day in UTC, by which its topics
 * are named; for any other survey it is LSST's `day_obs`, from noon to noon in UTC (https://sitcomtn-032.lsst.io).
 */
export function parseNight(
  text: string,
  survey: string | undefined,
): { readonly since: number; readonly until: number } {
  const [, year, month, day] = /^(\d{4})-?(\d{2})-?(\d{2})$/.exec(text.trim()) ?? [];
  const midnight = year === undefined ? NaN : Date.parse(`${year}-${month}-${day}T00:00Z`);
  if (Number.isNaN(midnight)) throw new UsageError(`--night '${text}' is no date: write it as 20210315`);
  const since = survey === 'ztf' ? midnight : midnight + MS_PER_DAY / 2;
  return { since, until: since + MS_PER_DAY };
}

/** Ms since 1970, to the nearest: the digits of a date in days do not give more. */
export function msOfMjdUtc(mjd: number): number {
  return Math.round((mjd - UNIX_MJD) * MS_PER_DAY);
}
