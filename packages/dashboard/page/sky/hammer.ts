import type { SkyPosition } from '@apf/alerts/browser';

const RADIANS = Math.PI / 180;

/** A place in the map: x to the right from -2 to 2, y up from -1 to 1, inside the ellipse (x/2)² + y² ≤ 1. */
export interface MapPoint {
  readonly x: number;
  readonly y: number;
}

/**
 * The Hammer projection (often called Hammer-Aitoff), which keeps areas: the Lambert azimuthal projection of the sphere
 * with its longitudes halved, twice as wide. Calabretta & Greisen 2002, A&A 395, 1077, section 5.3.4 (AIT), here with
 * √2 = 1 and the map turned over, since we look at the sky from inside: right ascension increases to the left.
 *
 *     γ = √(1 / (1 + cos δ cos(φ/2)))    x = -2 γ cos δ sin(φ/2)    y = γ sin δ
 *
 * with φ = ra - centre, between -180° and 180°.
 */
export function toMap({ ra, dec }: SkyPosition, centre = 180): MapPoint {
  const half = (longitudeFrom(ra, centre) / 2) * RADIANS;
  const delta = dec * RADIANS;
  const gamma = Math.sqrt(1 / (1 + Math.cos(delta) * Math.cos(half)));
  // 0 instead of -0 on the middle.
  return { x: 0 - 2 * gamma * Math.cos(delta) * Math.sin(half), y: gamma * Math.sin(delta) };
}

/** The position at a place of the map; null outside of the ellipse. The inverse of {@link toMap}. */
export function fromMap({ x, y }: MapPoint, centre = 180): SkyPosition | null {
  const outside = (x / 2) ** 2 + y ** 2;
  if (outside > 1) return null;
  const z = Math.sqrt(2 - outside);
  // With √2 = 1: sin δ = y z, tan(φ/2) = (x/2) z / (z² - 1).
  const half = Math.atan2((-x / 2) * z, z * z - 1);
  const ra = (((centre + (2 * half) / RADIANS) % 360) + 360) % 360;
  return { ra, dec: Math.asin(Math.min(1, Math.max(-1, y * z))) / RADIANS };
}

/** A longitude relative to a centre, -180 < φ ≤ 180 [deg]. */
function longitudeFrom(ra: number, centre: number): number {
  const turned = (((ra - centre) % 360) + 360) % 360;
  return turned > 180 ? turned - 360 : turned;
}

/**
 * A line over the sky as lines in the map: cut where it leaves at one edge and comes in at the other. Positions must be so
 * near to each other that no two neighbours are half a map apart otherwise.
 */
export function mapLines(positions: readonly SkyPosition[], centre = 180): MapPoint[][] {
  const lines: MapPoint[][] = [];
  let last: MapPoint | undefined;
  for (const position of positions) {
    const point = toMap(position, centre);
    if (!last || Math.abs(point.x - last.x) > 1) lines.push([]);
    lines[lines.length - 1]!.push(point);
    last = point;
  }
  return lines;
}
