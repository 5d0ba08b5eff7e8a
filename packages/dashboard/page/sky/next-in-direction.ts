export type Arrow = 'ArrowLeft' | 'ArrowRight' | 'ArrowUp' | 'ArrowDown';

const DIRECTIONS: Readonly<Record<Arrow, readonly [x: number, y: number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

export function isArrow(key: string): key is Arrow {
  return Object.hasOwn(DIRECTIONS, key);
}

/**
 * The point that is next from a place in the direction of an arrow key, y downwards: the nearest within 45° of it, where
 * going aside counts double. Null where there is none.
 */
export function nextInDirection<Point>(
  points: readonly Point[],
  at: (point: Point) => readonly [x: number, y: number],
  from: readonly [x: number, y: number],
  arrow: Arrow,
): Point | null {
  const [dx, dy] = DIRECTIONS[arrow];
  let next: Point | null = null;
  let least = Infinity;
  for (const point of points) {
    const [x, y] = at(point);
    const [right, down] = [x - from[0], y - from[1]];
    const along = right * dx + down * dy;
    const aside = Math.abs(right * dy - down * dx);
    const far = along + 2 * aside;
    if (along > 0.5 && aside <= along && far < least) {
      next = point;
      least = far;
    }
  }
  return next;
}
