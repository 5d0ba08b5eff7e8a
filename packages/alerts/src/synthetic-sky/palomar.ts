/** Palomar Observatory: latitude north and longitude east [deg]. */
const LATITUDE = 33.3563;
const LONGITUDE = -116.865;
/** How far the Sun must be below the horizon: astronomical twilight [deg]. */
const SUN_BELOW = 18;
const JD_1970 = 2440587.5;
const MS_PER_DAY = 86_400_000;

/** The same stars stand in the same place again after this many solar days. */
export const SIDEREAL_DAY = 0.99726957;

export function julianDate(date: Date): number {
  return JD_1970 + date.getTime() / MS_PER_DAY;
}

export function fromJulianDate(jd: number): Date {
  return new Date((jd - JD_1970) * MS_PER_DAY);
}

/** The time between evening and morning twilight, as Julian dates (UTC). */
export interface Night {
  readonly start: number;
  readonly end: number;
}

/** The last night at Palomar that had ended by `now`. */
export function lastNight(now: Date): Night {
  const jd = julianDate(now);
  // Mean solar midnight: 0 h UTC (jd + 0.5) is shifted by the longitude.
  const midnight = Math.floor(jd + 0.5) - 0.5 - LONGITUDE / 360;
  const tonight = nightAround(midnight);
  return tonight.end <= jd ? tonight : nightAround(midnight - 1);
}

/** The night around a local midnight; a good minute exact, since the equation of time is reckoned. */
export function nightAround(midnight: number): Night {
  const sun = sunPosition(midnight);
  const hourAngle = normalise(siderealTime(midnight) - sun.ra + 360) - 180;
  const middle = midnight - hourAngle / 360;
  const [sinLat, cosLat] = [Math.sin(radians(LATITUDE)), Math.cos(radians(LATITUDE))];
  const [sinDec, cosDec] = [Math.sin(radians(sun.dec)), Math.cos(radians(sun.dec))];
  const setting = degrees(Math.acos((-Math.sin(radians(SUN_BELOW)) - sinLat * sinDec) / (cosLat * cosDec)));
  const half = (180 - setting) / 360;
  return { start: middle - half, end: middle + half };
}

/** Altitude above Palomar's horizon [deg]. */
export function altitude(ra: number, dec: number, jd: number): number {
  const hourAngle = radians(siderealTime(jd) - ra);
  const sine =
    Math.sin(radians(LATITUDE)) * Math.sin(radians(dec)) +
    Math.cos(radians(LATITUDE)) * Math.cos(radians(dec)) * Math.cos(hourAngle);
  return degrees(Math.asin(sine));
}

/** Mean local sidereal time at Palomar [deg] (Meeus, Astronomical Algorithms, 12.4, linear part). */
export function siderealTime(jd: number): number {
  return normalise(280.46061837 + 360.98564736629 * (jd - 2451545) + LONGITUDE);
}

/** Right ascension and declination of the Sun [deg], to 0.01 deg (Astronomical Almanac, low precision formula). */
export function sunPosition(jd: number): { ra: number; dec: number } {
  const n = jd - 2451545;
  const anomaly = radians(357.528 + 0.9856003 * n);
  const longitude = radians(
    280.46 + 0.9856474 * n + 1.915 * Math.sin(anomaly) + 0.02 * Math.sin(2 * anomaly),
  );
  const obliquity = radians(23.439 - 0.0000004 * n);
  return {
    ra: normalise(degrees(Math.atan2(Math.cos(obliquity) * Math.sin(longitude), Math.cos(longitude)))),
    dec: degrees(Math.asin(Math.sin(obliquity) * Math.sin(longitude))),
  };
}

/** An angle in [0, 360). */
export function normalise(angle: number): number {
  const rest = angle % 360;
  return rest < 0 ? (rest + 360) % 360 : rest;
}

export function radians(angle: number): number {
  return (angle * Math.PI) / 180;
}

function degrees(angle: number): number {
  return (angle * 180) / Math.PI;
}
