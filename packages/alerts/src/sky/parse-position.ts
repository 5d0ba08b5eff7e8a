import { UsageError } from '@apf/core';
import { fullCircle, type SkyPosition } from './sky-position.js';
import { fromGalactic } from './galactic.js';

/** A whole number of degrees or hours, of minutes, and seconds: `10:02:00.5`, `10 02 00.5`, `10h02m00.5s`, `-5°30'`. */
const SEXAGESIMAL =
  /^([+-]?)(\d+)(?:\s*([hd°:])\s*|\s+)(\d+)(?:(?:\s*[m'′:]\s*|\s+)(\d+(?:\.\d*)?)\s*(?:s|"|''|″)?|\s*[m'′]?)$/;
const DECIMAL = /^([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)\s*(d|deg|°|h)?$/i;
const RADIUS = /^(\d+\.?\d*|\.\d+)\s*(arcsec|arcmin|deg|as|am|d|s|m|"|''|″|'|′|°)?$/i;

/** Arcseconds in one of each. */
const UNITS: Readonly<Record<string, number>> = {
  arcsec: 1,
  as: 1,
  s: 1,
  '"': 1,
  "''": 1,
  '″': 1,
  arcmin: 60,
  am: 60,
  m: 60,
  "'": 60,
  '′': 60,
  deg: 3600,
  d: 3600,
  '°': 3600,
};

export interface PositionText {
  /** Degrees (`150.5`), or hours, minutes and seconds (`10:02:00`, `10h02m00s`); `150d30m` are degrees. */
  readonly longitude: string;
  /** Degrees (`-5.5`), or degrees, minutes and seconds (`-05:30:00`, `-5d30m0s`). */
  readonly latitude: string;
  /** Whether these are galactic longitude and latitude, always of degrees, instead of right ascension and declination. */
  readonly galactic?: boolean;
}

/**
 * Reads a position as people write it.
 * @throws UsageError that says what was expected
 */
export function parsePosition({ longitude, latitude, galactic = false }: PositionText): SkyPosition {
  const [first, second] = galactic
    ? ['galactic longitude', 'galactic latitude']
    : ['right ascension', 'declination'];
  const a = parseAngle(longitude, first, galactic ? 'd' : 'h');
  const d = parseAngle(latitude, second, 'd');
  if (a < -180 || a > 360) throw refused(first, longitude, 'is not between 0 and 360 degrees');
  if (d < -90 || d > 90) throw refused(second, latitude, 'is not between -90 and 90 degrees');
  return galactic ? fromGalactic({ l: a, b: d }) : { ra: fullCircle(a), dec: d };
}

/**
 * Reads a radius: `5`, `5arcsec`, `5"`, `2arcmin`, `2'`, `0.5deg`; a bare number is of arcseconds.
 * @returns degrees
 * @throws UsageError
 */
export function parseRadius(text: string): number {
  const [, number, unit = 'arcsec'] = RADIUS.exec(text.trim()) ?? [];
  if (number === undefined) {
    throw refused('radius', text, 'is not one; write 5arcsec (or just 5), 2arcmin or 0.5deg');
  }
  const radius = (Number(number) * UNITS[unit.toLowerCase()]!) / 3600;
  if (radius <= 0 || radius > 180) throw refused('radius', text, 'is not between 0 and 180 degrees');
  return radius;
}

/** @param unit of sexagesimal numbers without a letter. */
function parseAngle(text: string, what: string, unit: 'h' | 'd'): number {
  const trimmed = text.trim();
  const [, decimal, letter] = DECIMAL.exec(trimmed) ?? [];
  if (decimal !== undefined)
    return Number(decimal) * degreesIn(letter?.toLowerCase() === 'h' ? 'h' : 'd', what, text);
  const [, sign, whole, mark, minutes, seconds = '0'] = SEXAGESIMAL.exec(trimmed) ?? [];
  if (whole === undefined || minutes === undefined) {
    const example =
      what === 'right ascension' ? '150.5, 10:02:00 or 10h02m00s' : '-5.5, -05:30:00 or -5d30m0s';
    throw refused(what, text, `is not an angle; write ${example}`);
  }
  if (Number(minutes) >= 60 || Number(seconds) >= 60)
    throw refused(what, text, 'has 60 or more minutes or seconds');
  const given = mark === 'h' ? 'h' : mark === 'd' || mark === '°' ? 'd' : unit;
  const size = Number(whole) + Number(minutes) / 60 + Number(seconds) / 3600;
  if (given === 'h' && size >= 24)
    throw refused(what, text, 'has 24 or more hours; degrees are written 150d30m0s');
  // The sign stands in front of all of it: -0:30 is half a degree below 0.
  return (sign === '-' ? -size : size) * degreesIn(given, what, text);
}

function degreesIn(unit: 'h' | 'd', what: string, text: string): number {
  if (unit === 'd') return 1;
  if (what !== 'right ascension') throw refused(what, text, 'is of hours; only a right ascension can be');
  return 15;
}

/** What was typed is shown as JSON, so that it cannot steer a terminal. */
const refused = (what: string, text: string, why: string): UsageError =>
  new UsageError(`the ${what} ${JSON.stringify(text)} ${why}`);
