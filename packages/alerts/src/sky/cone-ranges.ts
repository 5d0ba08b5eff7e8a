import { centreOf, HEALPIX_ORDER, nestedNumber, type Pixel, reachOf } from './healpix.js';
import { RADIANS, type SkyPosition, unitVector, type Vector } from './sky-position.js';

/** A run of pixel numbers of {@link HEALPIX_ORDER}, both ends included. */
export interface PixelRange {
  readonly first: number;
  readonly last: number;
}

/** Width of the pixels of order 0 [deg]; those of each further order have half of it. */
const BASE_WIDTH = 58.6;
/** Rounding must not lose a source that lies on the edge of a pixel, or of the cone [deg]. */
const SLACK = 1e-8;
/** {@link reachOf} each order, for the next search. */
const REACH = Array.from({ length: HEALPIX_ORDER + 1 }, (_, order) => reachOf(order) + SLACK);

/**
 * The pixels that a cone touches, as few ascending runs: everything within `radius` [deg] lies in one of them, and some
 * of what lies just outside too, so the distance is still to be checked. Right at the poles and across right ascension 0.
 */
export function coneRanges(centre: SkyPosition, radius: number): PixelRange[] {
  const middle = unitVector(centre.ra, centre.dec);
  // A few pixels across the cone: smaller ones would make more runs and hardly fewer sources to check.
  const wanted = Math.ceil(Math.log2((4 * BASE_WIDTH) / radius));
  const finest = Math.min(HEALPIX_ORDER, Math.max(0, wanted));
  const ranges: { first: number; last: number }[] = [];
  const visit = (pixel: Pixel): void => {
    const reach = REACH[pixel.order]!;
    const chord = chordSquared(middle, centreOf(pixel));
    if (chord > chordOf(radius + reach)) return;
    if (pixel.order < finest && chord > chordOf(radius - reach)) childrenOf(pixel).forEach(visit);
    else {
      const inside = 4 ** (HEALPIX_ORDER - pixel.order);
      const first = nestedNumber(pixel) * inside;
      const last = first + inside - 1;
      const before = ranges.at(-1);
      if (before && before.last + 1 === first) before.last = last;
      else ranges.push({ first, last });
    }
  };
  for (let face = 0; face < 12; face++) visit({ order: 0, face, x: 0, y: 0 });
  return ranges;
}

/** The four pixels of the next order inside one, in the order of their numbers. */
function childrenOf({ order, face, x, y }: Pixel): Pixel[] {
  return [0, 1, 2, 3].map((child) => ({
    order: order + 1,
    face,
    x: 2 * x + (child & 1),
    y: 2 * y + (child >> 1),
  }));
}

/** The square of the distance through the sphere, which grows with the angle and is exact for small ones. */
function chordSquared(a: Vector, b: Vector): number {
  const [x, y, z] = [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
  return x * x + y * y + z * z;
}

/** The same of an angle [deg]: less than any for one below 0, more than any for one that goes around. */
function chordOf(angle: number): number {
  if (angle < 0) return -1;
  return angle >= 180 ? Infinity : 4 * Math.sin((angle * RADIANS) / 2) ** 2;
}
