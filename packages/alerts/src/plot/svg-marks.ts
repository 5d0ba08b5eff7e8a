import type { MarkShape } from './band-styles.js';
import { coordinate } from './markup.js';

export interface MarkStyle {
  readonly colour: string;
  readonly shape: MarkShape | 'limit';
  readonly hollow?: boolean;
  readonly faint?: boolean;
  /** Half of the width. */
  readonly size: number;
}

/** Corners of the shapes around the middle, y downwards, for a half width of 1. */
export const MARK_CORNERS: Readonly<
  Record<Exclude<MarkStyle['shape'], 'circle'>, readonly (readonly [number, number])[]>
> = {
  limit: [
    [-1, -0.8],
    [1, -0.8],
    [0, 1],
  ],
  triangle: [
    [-1, 0.8],
    [1, 0.8],
    [0, -1],
  ],
  square: [
    [-0.9, -0.9],
    [0.9, -0.9],
    [0.9, 0.9],
    [-0.9, 0.9],
  ],
  diamond: [
    [0, -1.2],
    [1.2, 0],
    [0, 1.2],
    [-1.2, 0],
  ],
  pentagon: around(5, 1.1),
  star: around(5, 1.35, 0.6),
};

/** A mark at a place; `title` (markup) shows when the mouse is on it. */
export function svgMark(x: number, y: number, style: MarkStyle, title = ''): string {
  const { colour, shape, hollow, faint, size } = style;
  const paint = `fill="${hollow ? '#fff' : colour}" stroke="${colour}" stroke-width="1.3"${faint ? ' opacity="0.5"' : ''}`;
  const inner = title === '' ? '' : `<title>${title}</title>`;
  if (shape === 'circle')
    return `<circle cx="${coordinate(x)}" cy="${coordinate(y)}" r="${coordinate(size)}" ${paint}>${inner}</circle>`;
  const corners = MARK_CORNERS[shape].map(
    ([dx, dy]) => `${coordinate(x + dx * size)},${coordinate(y + dy * size)}`,
  );
  return `<polygon points="${corners.join(' ')}" ${paint}>${inner}</polygon>`;
}

/** The corners of a regular polygon, the first on top, or of a star with an inner radius. */
function around(count: number, radius: number, inner?: number): (readonly [number, number])[] {
  const steps = inner === undefined ? count : 2 * count;
  return Array.from({ length: steps }, (_, i) => {
    const length = inner !== undefined && i % 2 === 1 ? inner : radius;
    const angle = (2 * Math.PI * i) / steps;
    return [length * Math.sin(angle), -length * Math.cos(angle)] as const;
  });
}
