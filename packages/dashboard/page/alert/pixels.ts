import { type Limits, limitsOf, type Stretch, stretchPixels } from '@apf/alerts/browser';
import type { CutoutView } from '../../src/page-api.js';

/** Which images are shown between the same limits. */
export const SHARINGS = ['each', 'science and template', 'all'] as const;
export type Sharing = (typeof SHARINGS)[number];

/** The pixels of a cutout, as {@link CutoutView.pixels} has them; none where they are not as many as it says. */
export function pixelsOf({
  pixels,
  width,
  height,
}: Pick<CutoutView, 'pixels' | 'width' | 'height'>): Float32Array {
  const bytes = Uint8Array.from(atob(pixels), (character) => character.charCodeAt(0));
  const count = width * height;
  if (bytes.length !== 4 * count) return new Float32Array(0);
  const view = new DataView(bytes.buffer);
  return Float32Array.from({ length: count }, (_, i) => view.getFloat32(4 * i, true));
}

interface Image {
  readonly name: CutoutView['name'];
  readonly pixels: Float32Array;
}

/** The limits of each image: of its own pixels, or of those of all that share. */
export function sharedLimits(images: readonly Image[], stretch: Stretch, sharing: Sharing): Limits[] {
  const shares = ({ name }: Image): boolean =>
    sharing === 'all' || (sharing === 'science and template' && name !== 'Difference');
  const together = images.filter(shares).flatMap(({ pixels }) => [...pixels]);
  const common = limitsOf(Float32Array.from(together), stretch);
  return images.map((image) => (shares(image) ? common : limitsOf(image.pixels, stretch)));
}

/** Red, green, blue and alpha of each pixel, as a canvas takes them; what is no number is transparent. */
export function greyPixels(
  pixels: Float32Array,
  stretch: Stretch,
  limits: Limits,
): Uint8ClampedArray<ArrayBuffer> {
  const colours = new Uint8ClampedArray(4 * pixels.length);
  for (const [i, grey] of stretchPixels(pixels, stretch, limits).entries()) {
    if (grey >= 0) colours.set([grey, grey, grey, 255], 4 * i);
  }
  return colours;
}
