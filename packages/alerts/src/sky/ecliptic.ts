import { fullCircle, RADIANS, type SkyPosition, unitVector } from './sky-position.js';

/** Ecliptic longitude and latitude, mean ecliptic of J2000 [deg]. */
export interface EclipticPosition {
  readonly lambda: number;
  readonly beta: number;
}

/** The obliquity of the ecliptic at J2000: 84381.448 arcsec (IAU 1976; Lieske et al. 1977, A&A 58, 1) [deg]. */
const OBLIQUITY = 84381.448 / 3600;

/** Good to 0.1 arcsec: the frame bias and what comes from another origin than the Earth's are left out. */
export function toEcliptic({ ra, dec }: SkyPosition): EclipticPosition {
  const [lambda, beta] = turn(ra, dec, OBLIQUITY);
  return { lambda, beta };
}

/** The way back, as good. */
export function fromEcliptic({ lambda, beta }: EclipticPosition): SkyPosition {
  const [ra, dec] = turn(lambda, beta, -OBLIQUITY);
  return { ra, dec };
}

/** A longitude and a latitude after a turn around the equinox [deg]. */
function turn(longitude: number, latitude: number, angle: number): [longitude: number, latitude: number] {
  const [x, y, z] = unitVector(longitude, latitude);
  const [sin, cos] = [Math.sin(angle * RADIANS), Math.cos(angle * RADIANS)];
  const [inPlane, above] = [cos * y + sin * z, cos * z - sin * y];
  return [fullCircle(Math.atan2(inPlane, x) / RADIANS), Math.atan2(above, Math.hypot(x, inPlane)) / RADIANS];
}
