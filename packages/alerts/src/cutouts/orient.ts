import type { FitsImage } from '../fits.js';
import type { SkyAxes } from './sky-axes.js';

/** An image as it is looked at: rows from the top, north as near to the top and east to the left as turns allow. */
export interface OrientedImage {
  readonly width: number;
  readonly height: number;
  /** `pixels[row * width + column]`, the first row is the highest. */
  readonly pixels: Float32Array;
  /** Unit vectors in the picture, x to the right and y up; null where the image does not tell. */
  readonly compass: { readonly north: Direction; readonly east: Direction } | null;
  /** Side of a pixel [arcsec]; null where the image does not tell. */
  readonly pixelSize: number | null;
}

export type Direction = readonly [x: number, y: number];

/** A turn or a flip of the picture: a vector of the image (x right, y along the rows) in the picture (x right, y up). */
type Turn = readonly [a: number, b: number, c: number, d: number];

const TURNS: readonly Turn[] = [
  [1, 0, 0, 1],
  [0, -1, 1, 0],
  [-1, 0, 0, -1],
  [0, 1, -1, 0],
  [-1, 0, 0, 1],
  [1, 0, 0, -1],
  [0, 1, 1, 0],
  [0, -1, -1, 0],
];

/**
 * Turns an image by quarters, and flips it, until north is up and east is left as nearly as that can be; no pixel is
 * mixed with another. Without axes the first row is the lowest, as FITS viewers have it.
 */
export function orient(image: FitsImage, axes: SkyAxes | null): OrientedImage {
  if (!axes) return { ...turned(image, TURNS[0]!), compass: null, pixelSize: null };
  const [north, east] = [unit(axes.north), unit(axes.east)];
  const score = (turn: Turn): number => apply(turn, north)[1] - apply(turn, east)[0];
  const best = TURNS.reduce((a, b) => (score(b) > score(a) ? b : a));
  return {
    ...turned(image, best),
    compass: { north: apply(best, north), east: apply(best, east) },
    pixelSize: 1 / Math.hypot(...axes.north),
  };
}

function turned(
  { width, height, pixels }: FitsImage,
  turn: Turn,
): { width: number; height: number; pixels: Float32Array } {
  const [a, , c] = turn;
  const sideways = a === 0 && c !== 0;
  const [newWidth, newHeight] = sideways ? [height, width] : [width, height];
  const result = new Float32Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      // Around the middle, so that no turn moves the image away.
      const [right, up] = apply(turn, [x - (width - 1) / 2, y - (height - 1) / 2]);
      const column = Math.round(right + (newWidth - 1) / 2);
      const row = Math.round((newHeight - 1) / 2 - up);
      result[row * newWidth + column] = pixels[y * width + x]!;
    }
  }
  return { width: newWidth, height: newHeight, pixels: result };
}

function apply([a, b, c, d]: Turn, [x, y]: Direction): Direction {
  return [a * x + b * y, c * x + d * y];
}

function unit([x, y]: Direction): Direction {
  const length = Math.hypot(x, y);
  return [x / length, y / length];
}
