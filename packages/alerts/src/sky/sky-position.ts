/** A direction in the sky: right ascension and declination, J2000 (ICRS) [deg]. */
export interface SkyPosition {
  /** 0 to 360. */
  readonly ra: number;
  /** -90 to 90. */
  readonly dec: number;
}

export type Vector = readonly [x: number, y: number, z: number];

/** The point of a longitude and a latitude [deg] on the unit sphere. */
export function unitVector(longitude: number, latitude: number): Vector {
  const [a, d] = [longitude * RADIANS, latitude * RADIANS];
  return [Math.cos(d) * Math.cos(a), Math.cos(d) * Math.sin(a), Math.sin(d)];
}

/**
 * The angle between two vectors [deg]: by their cross and their scalar product, which is exact for the smallest angles as
 * for opposite points, where the cosine alone is not.
 */
export function angleBetween(a: Vector, b: Vector): number {
  const [x, y, z] = [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
  return Math.atan2(Math.hypot(x, y, z), a[0] * b[0] + a[1] * b[1] + a[2] * b[2]) / RADIANS;
}

/** The angle between two positions [deg]. */
export function angularDistance(a: SkyPosition, b: SkyPosition): number {
  return angleBetween(unitVector(a.ra, a.dec), unitVector(b.ra, b.dec));
}

/** Brings an angle into 0 ≤ x < 360 [deg]. */
export function fullCircle(angle: number): number {
  const turned = angle % 360;
  // Adding 360 to a tiny negative angle gives 360 itself.
  return (turned < 0 ? turned + 360 : turned) % 360;
}

export const RADIANS = Math.PI / 180;
