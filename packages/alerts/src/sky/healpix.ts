import { fullCircle, RADIANS, type SkyPosition, type Vector } from './sky-position.js';

/**
 * HEALPix: a division of the sphere into pixels of equal area. Górski et al. 2005, ApJ 622, 759: sections 5.1 and 5.2 for
 * the centres, 4.4 and 5.3 for the way from a position to its pixel. (The npm package `@hscmap/healpix` 1.4.12 puts
 * positions at right ascension 0, 90, 180 and 270 north of declination 41.8 into a pixel at the pole.)
 */

/** Pixels of 6.4 arcsec. The nested scheme numbers those inside one pixel of a lower order consecutively. */
export const HEALPIX_ORDER = 15;
const SIDE = 2 ** HEALPIX_ORDER;
/** The sine of the declination at which the equatorial belt ends and the caps begin. */
const BELT = 2 / 3;

/** A pixel of an order: one of the 12 base pixels, and how far north-east and north-west in it. */
export interface Pixel {
  readonly order: number;
  readonly face: number;
  readonly x: number;
  readonly y: number;
}

/** The number of the pixel of {@link HEALPIX_ORDER} in which a position lies, nested: 0 to 12·4^15 - 1. */
export function healpixOf({ ra, dec }: SkyPosition): number {
  const z = Math.sin(dec * RADIANS);
  const quarters = fullCircle(ra) / 90;
  return nestedNumber(Math.abs(z) <= BELT ? beltPixel(z, quarters) : capPixel(dec, quarters));
}

function beltPixel(z: number, quarters: number): Pixel {
  const across = SIDE * (0.5 + quarters);
  const up = SIDE * 0.75 * z;
  // The numbers of the lines that rise to the left and to the right.
  const [left, right] = [Math.floor(across - up), Math.floor(across + up)];
  const [column, row] = [Math.floor(left / SIDE), Math.floor(right / SIDE)];
  const face = column === row ? (column % 4) + 4 : column < row ? column : row + 8;
  return { order: HEALPIX_ORDER, face, x: right % SIDE, y: SIDE - 1 - (left % SIDE) };
}

function capPixel(dec: number, quarters: number): Pixel {
  const quarter = Math.floor(quarters);
  const within = quarters - quarter;
  // √(3(1 - |z|)), without the loss of digits near the pole.
  const fromPole = SIDE * Math.sqrt(6) * Math.sin(((90 - Math.abs(dec)) * RADIANS) / 2);
  const left = Math.min(SIDE - 1, Math.floor(within * fromPole));
  const right = Math.min(SIDE - 1, Math.floor((1 - within) * fromPole));
  return dec > 0
    ? { order: HEALPIX_ORDER, face: quarter, x: SIDE - 1 - right, y: SIDE - 1 - left }
    : { order: HEALPIX_ORDER, face: quarter + 8, x: left, y: right };
}

/** The number among the pixels of its order: the bits of x and y by turns. */
export function nestedNumber({ order, face, x, y }: Pixel): number {
  return face * 4 ** order + (spread(x) | (spread(y) << 1));
}

/** Puts a zero in front of each of the lower 16 bits. */
function spread(bits: number): number {
  let spaced = (bits | (bits << 8)) & 0x00ff00ff;
  spaced = (spaced | (spaced << 4)) & 0x0f0f0f0f;
  spaced = (spaced | (spaced << 2)) & 0x33333333;
  return (spaced | (spaced << 1)) & 0x55555555;
}

/** Of each base pixel: the ring of its southern corner, and its longitude in eighths of a circle. */
const SOUTHERN_RING = [2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4];
const LONGITUDE = [1, 3, 5, 7, 0, 2, 4, 6, 1, 3, 5, 7];

/** The centre of a pixel, on the unit sphere. */
export function centreOf({ order, face, x, y }: Pixel): Vector {
  const side = 2 ** order;
  const ring = SOUTHERN_RING[face]! * side - x - y - 1;
  const fromPole = Math.min(ring, 4 * side - ring, side);
  const height = fromPole < side ? 1 - fromPole ** 2 / (3 * side ** 2) : ((2 * side - ring) * 2) / (3 * side);
  const z = fromPole < side && ring > side ? -height : height;
  const longitude = ((LONGITUDE[face]! + (x - y) / fromPole) * Math.PI) / 4;
  const flat = Math.sqrt(1 - z ** 2);
  return [flat * Math.cos(longitude), flat * Math.sin(longitude), z];
}

/** The largest distance of any pixel's corner from its centre [deg]: where the belt meets the caps. */
export function reachOf(order: number): number {
  const side = 2 ** order;
  const corner = 1 - (1 - 1 / side) ** 2 / 3;
  const cosine =
    Math.sqrt((1 - BELT ** 2) * (1 - corner ** 2)) * Math.cos(Math.PI / (4 * side)) + BELT * corner;
  return Math.acos(cosine) / RADIANS;
}
