import { type Cutout, orient, readFitsFile, skyAxesOf, type SurveyName } from '@apf/alerts';
import { toError } from '@apf/core';
import type { CutoutView } from '../page-api.js';

/** No cutout of any survey has more, and a gzip bomb would make a page of gigabytes. */
const MOST_PIXELS = 512 * 512;

/** An image of an alert, turned as it is looked at. What cannot be read says why. */
export function cutoutView({ name, bytes }: Cutout, survey: SurveyName | undefined): CutoutView {
  try {
    const { image, cards } = readFitsFile(bytes).hdus[0]!;
    if (!image) throw new Error('its first HDU has no image of two axes');
    if (image.width * image.height > MOST_PIXELS)
      throw new Error(`${image.width} × ${image.height} pixels are too many`);
    const axes = skyAxesOf(cards, survey);
    const { width, height, pixels, compass, pixelSize } = orient(image, axes);
    const oriented = axes === null ? null : skyAxesOf(cards, undefined) ? 'WCS' : 'survey';
    return { name, width, height, pixels: base64(pixels), compass, pixelSize, oriented, error: null };
  } catch (error) {
    return {
      name,
      width: 0,
      height: 0,
      pixels: '',
      compass: null,
      pixelSize: null,
      oriented: null,
      error: toError(error).message,
    };
  }
}

function base64(pixels: Float32Array): string {
  const bytes = Buffer.alloc(4 * pixels.length);
  for (const [i, value] of pixels.entries()) bytes.writeFloatLE(value, 4 * i);
  return bytes.toString('base64');
}
