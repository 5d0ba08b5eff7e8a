/** Farther away nothing is meant [CSS pixels]. */
const REACH = 30;

/** The point that is nearest to a place in the plot; null where none is near. */
export function nearestPoint<Point>(
  points: readonly Point[],
  at: (point: Point) => readonly [x: number, y: number],
  x: number,
  y: number,
  reach = REACH,
): Point | null {
  let nearest: Point | null = null;
  let least = reach;
  for (const point of points) {
    const [left, top] = at(point);
    const distance = Math.hypot(left - x, top - y);
    if (distance <= least) {
      nearest = point;
      least = distance;
    }
  }
  return nearest;
}
