import { numberText, UNKNOWN } from './numbers.js';

/** A duration [s]: `12 ms`, `1.25 s`, `42 s`, `3 min 5 s`, `2 h 14 min`, `3 d 4 h`. */
export function durationText(seconds: number | null | undefined): string {
  if (seconds === null || seconds === undefined || !Number.isFinite(seconds)) return UNKNOWN;
  if (seconds < 0) return `−${durationText(-seconds)}`;
  if (seconds < 0.9995) return `${numberText(seconds * 1000, seconds > 0 && seconds < 0.00995 ? 1 : 0)} ms`;
  if (seconds < 59.5) return `${numberText(seconds, seconds < 9.995 ? 2 : seconds < 20 ? 1 : 0)} s`;
  const whole = Math.round(seconds);
  const [days, hours, minutes] = [whole / 86400, (whole / 3600) % 24, (whole / 60) % 60].map(Math.floor) as [
    number,
    number,
    number,
  ];
  if (days > 0) return `${days} d ${hours} h`;
  return hours > 0 ? `${hours} h ${minutes} min` : `${minutes} min ${whole % 60} s`;
}

const UNIX_EPOCH = 40587;
const SECONDS = 86400;

/** The time of an MJD in UTC to the second, `2020-01-07 11:01:34`; the number where a calendar has no such day. */
export function mjdText(mjd: number): string {
  const date = new Date(Math.round((mjd - UNIX_EPOCH) * SECONDS) * 1000);
  return Number.isNaN(date.getTime()) ? `MJD ${mjd}` : date.toISOString().slice(0, 19).replace('T', ' ');
}

/** A time in milliseconds since 1970, or ISO 8601, in UTC to the second. */
export function utcText(time: number | string | null): string {
  if (time === null) return UNKNOWN;
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? String(time) : date.toISOString().slice(0, 19).replace('T', ' ');
}
