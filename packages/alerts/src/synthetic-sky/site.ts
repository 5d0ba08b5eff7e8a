import { julianDate } from './time-scales.js';

/** An observatory: latitude north and longitude east [deg]. */
export interface Site {
  readonly latitude: number;
  readonly longitude: number;
  /** It observes while the Sun is this far below the horizon [deg]. */
  readonly sunBelow: number;
}

export const PALOMAR: Site = { latitude: 33.3563, longitude: -116.865, sunBelow: 18 };
export const CERRO_PACHON: Site = { latitude: -30.2446, longitude: -70.7494, sunBelow: 12 };

/** The same stars stand in the same place again after this many solar days. */
export const SIDEREAL_DAY = 0.99726957;

/** The time between evening and morning twilight, as Julian dates (UTC). */
export interface Night {
  readonly start: number;
  readonly end: number;
}

/** The first night that begins at `date` or later. */
export function nextNight(site: Site, date: Date): Night {
  const jd = julianDate(date);
  const midnight = localMidnight(site, jd);
  for (let day = -1; ; day++) {
    const night = nightAround(site, midnight + day);
    if (night.start >= jd) return night;
  }
}

/** The last night that had ended by `now`. */
export function lastNight(site: Site, now: Date): Night {
  const jd = julianDate(now);
  const midnight = localMidnight(site, jd);
  for (let day = 1; ; day--) {
    const night = nightAround(site, midnight + day);
    if (night.end <= jd) return night;
  }
}

/** Mean solar midnight near `jd`: 0 h UTC (jd + 0.5) is shifted by the longitude. */
function localMidnight(site: Site, jd: number): number {
  return Math.floor(jd + 0.5) - 0.5 - site.longitude / 360;
}

/** The night around a local midnight; a good minute exact, since the equation of time is reckoned. */
export function nightAround(site: Site, midnight: number): Night {
  const sun = sunPosition(midnight);
  const angle = normalise(siderealTime(site, midnight) - sun.ra + 360) - 180;
  const middle = midnight - angle / 360;
  const half = (180 - hourAngle(site, sun.dec, -site.sunBelow)) / 360;
  return { start: middle - half, end: middle + half };
}

/** The hour angle [deg] at which something at `dec` stands at `altitude`: 180 if always above it, 0 if never. */
export function hourAngle(site: Site, dec: number, altitude: number): number {
  const [latitude, declination] = [radians(site.latitude), radians(dec)];
  const cosine =
    (Math.sin(radians(altitude)) - Math.sin(latitude) * Math.sin(declination)) /
    (Math.cos(latitude) * Math.cos(declination));
  return degrees(Math.acos(Math.max(-1, Math.min(1, cosine))));
}

/** Altitude above the site's horizon [deg]. */
export function altitude(site: Site, ra: number, dec: number, jd: number): number {
  const angle = radians(siderealTime(site, jd) - ra);
  const latitude = radians(site.latitude);
  const sine =
    Math.sin(latitude) * Math.sin(radians(dec)) +
    Math.cos(latitude) * Math.cos(radians(dec)) * Math.cos(angle);
  return degrees(Math.asin(sine));
}

/** Air mass of a plane atmosphere, good to 1 % above 15 deg. */
export function airmass(altitude: number): number {
  return 1 / Math.sin(radians(altitude));
}

/** Mean local sidereal time [deg] (Meeus, Astronomical Algorithms, 12.4, linear part). */
export function siderealTime(site: Site, jd: number): number {
  return normalise(280.46061837 + 360.98564736629 * (jd - 2451545) + site.longitude);
}

/** Mean obliquity of the ecliptic [deg]. */
export const OBLIQUITY = 23.439;

/** Right ascension, declination and ecliptic longitude of the Sun [deg], to 0.01 deg (Astronomical Almanac). */
export function sunPosition(jd: number): { ra: number; dec: number; longitude: number } {
  const n = jd - 2451545;
  const anomaly = radians(357.528 + 0.9856003 * n);
  const longitude = 280.46 + 0.9856474 * n + 1.915 * Math.sin(anomaly) + 0.02 * Math.sin(2 * anomaly);
  const [lambda, obliquity] = [radians(longitude), radians(OBLIQUITY - 0.0000004 * n)];
  return {
    ra: normalise(degrees(Math.atan2(Math.cos(obliquity) * Math.sin(lambda), Math.cos(lambda)))),
    dec: degrees(Math.asin(Math.sin(obliquity) * Math.sin(lambda))),
    longitude: normalise(longitude),
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

export function degrees(angle: number): number {
  return (angle * 180) / Math.PI;
}
