import { fullCircle, RADIANS, type SkyPosition } from './sky-position.js';

/** Galactic longitude and latitude [deg]. */
export interface GalacticPosition {
  readonly l: number;
  readonly b: number;
}

/**
 * The north galactic pole and the galactic longitude of the north celestial pole, J2000 [deg].
 * The Hipparcos and Tycho Catalogues, ESA SP-1200 (1997), vol. 1, section 1.5.3.
 */
const POLE = { ra: 192.85948, dec: 27.12825 };
const NORTH = 122.93192;

export function fromGalactic({ l, b }: GalacticPosition): SkyPosition {
  const [turned, dec] = turn(NORTH - l, b);
  return { ra: fullCircle(POLE.ra + turned), dec };
}

export function toGalactic({ ra, dec }: SkyPosition): GalacticPosition {
  const [turned, b] = turn(ra - POLE.ra, dec);
  return { l: fullCircle(NORTH - turned), b };
}

/** Both ways are the same turn, seen from either pole: the angle from the pole's meridian, and the latitude [deg]. */
function turn(longitude: number, latitude: number): [longitude: number, latitude: number] {
  const [angle, height, pole] = [longitude * RADIANS, latitude * RADIANS, POLE.dec * RADIANS];
  const along = Math.cos(height) * Math.cos(angle);
  const x = Math.cos(pole) * Math.sin(height) - Math.sin(pole) * along;
  const y = Math.cos(height) * Math.sin(angle);
  const z = Math.sin(pole) * Math.sin(height) + Math.cos(pole) * along;
  return [Math.atan2(y, x) / RADIANS, Math.atan2(z, Math.hypot(x, y)) / RADIANS];
}
