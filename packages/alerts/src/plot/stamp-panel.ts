import { encode } from 'fast-png';
import { toError } from '@apf/core';
import type { Cutout } from '../cutouts/cutouts-of.js';
import { orient, type OrientedImage } from '../cutouts/orient.js';
import { skyAxesOf } from '../cutouts/sky-axes.js';
import { type Stretch, stretchPixels } from '../cutouts/stretch.js';
import { readFitsFile } from '../fits.js';
import type { SurveyName } from '../surveys/survey-of.js';
import { coordinate, escapeMarkup } from './markup.js';

/** Side of a stamp in the plot. */
export const STAMP_SIZE = 250;
/** The largest side of an image that is shown: no survey's cutout has a tenth of it. */
const LARGEST = 4096;
/** Pixels stay squares, in browsers and elsewhere. */
const SHARP = 'image-rendering="optimizeSpeed"';
const PURPLE = '#7a3e9d';

/** A cutout ready to be looked at; throws a PoisonError for one that is no such image. */
export function orientedCutout(cutout: Cutout, survey: SurveyName | undefined): OrientedImage {
  const { image, cards } = readFitsFile(cutout.bytes).hdus[0]!;
  if (!image) throw new Error('it has no image of two axes');
  if (image.width === 0 || image.height === 0 || Math.max(image.width, image.height) > LARGEST)
    throw new Error(`it has ${image.width} x ${image.height} pixels`);
  return orient(image, skyAxesOf(cards, survey));
}

/** One cutout as SVG, with its name above, the compass and a scale in it; a reason where it cannot be shown. */
export function stampPanel(
  cutout: Cutout,
  survey: SurveyName | undefined,
  stretch: Stretch,
  left: number,
  top: number,
): string {
  const heading = `<text x="${left + STAMP_SIZE / 2}" y="${top - 8}" text-anchor="middle" font-weight="bold">${headingOf(cutout)}</text>`;
  const frame = `<rect x="${left}" y="${top}" width="${STAMP_SIZE}" height="${STAMP_SIZE}" fill="none" stroke="#333"/>`;
  let image: OrientedImage;
  try {
    image = orientedCutout(cutout, survey);
  } catch (error) {
    const reason = escapeMarkup(toError(error).message);
    return `${heading}${frame}<text x="${left + STAMP_SIZE / 2}" y="${top + STAMP_SIZE / 2}" text-anchor="middle" font-size="10">${reason}</text>`;
  }
  // The largest square that the image needs; one cut off at an edge of the detector keeps its shape.
  const unit = STAMP_SIZE / Math.max(image.width, image.height);
  const [width, height] = [image.width * unit, image.height * unit];
  const [x, y] = [left + (STAMP_SIZE - width) / 2, top + (STAMP_SIZE - height) / 2];
  const picture =
    `<rect x="${left}" y="${top}" width="${STAMP_SIZE}" height="${STAMP_SIZE}" fill="#d8cfe0"/>` +
    `<image x="${coordinate(x)}" y="${coordinate(y)}" width="${coordinate(width)}" height="${coordinate(height)}" preserveAspectRatio="none" ${SHARP} href="data:image/png;base64,${png(image, stretch)}"/>`;
  return [heading, picture, compassMarkup(image, left, top), scaleMarkup(image, unit, left, top), frame].join(
    '',
  );
}

/** ZTF subtracts the other way round for a source that faded, and says so in the file's name. */
function headingOf({ name, fileName }: Cutout): string {
  return name === 'Difference' && fileName?.includes('refmsci') ? 'Difference (template − science)' : name;
}

/** A PNG of greys, in base64; what is no number is transparent. */
function png({ width, height, pixels }: OrientedImage, stretch: Stretch): string {
  const data = new Uint8Array(2 * pixels.length);
  stretchPixels(pixels, stretch).forEach((grey, i) => {
    data[2 * i] = Math.max(0, grey);
    data[2 * i + 1] = grey < 0 ? 0 : 255;
  });
  return Buffer.from(encode({ width, height, data, channels: 2, depth: 8 })).toString('base64');
}

/** Arrows to the north and to the east in the upper right corner. */
function compassMarkup({ compass }: OrientedImage, left: number, top: number): string {
  if (!compass) return '';
  const [x, y] = [left + STAMP_SIZE - 28, top + STAMP_SIZE - 28];
  const arrows = [
    ['N', compass.north],
    ['E', compass.east],
  ] as const;
  return arrows
    .map(([letter, [dx, dy]]) => {
      const at = (length: number): string => `${coordinate(x + length * dx)} ${coordinate(y - length * dy)}`;
      const [tx, ty] = [coordinate(x + 33 * dx), coordinate(y - 33 * dy + 4)];
      return outlined(`M${coordinate(x)} ${coordinate(y)}L${at(24)}`) + label(letter, tx, ty);
    })
    .join('');
}

/** A bar of a round number of arcsec in the lower left corner. */
function scaleMarkup({ pixelSize }: OrientedImage, unit: number, left: number, top: number): string {
  if (pixelSize === null || !Number.isFinite(pixelSize)) return '';
  const perArcsec = unit / pixelSize;
  const length = [60, 30, 20, 10, 5, 2, 1, 0.5].find((arcsec) => arcsec * perArcsec < STAMP_SIZE / 3);
  if (length === undefined || length * perArcsec < 5) return '';
  const [x, y] = [left + 12, top + STAMP_SIZE - 12];
  const width = length * perArcsec;
  return (
    outlined(`M${x} ${y}h${coordinate(width)}`) +
    label(`${length}″`, coordinate(x + width / 2), coordinate(y - 6))
  );
}

/** A line that is seen on black and on white. */
function outlined(path: string): string {
  return `<path d="${path}" stroke="#fff" stroke-width="4.5" fill="none"/><path d="${path}" stroke="${PURPLE}" stroke-width="2" fill="none"/>`;
}

function label(text: string, x: string, y: string): string {
  return `<text x="${x}" y="${y}" text-anchor="middle" font-size="12" font-weight="bold" fill="${PURPLE}" stroke="#fff" stroke-width="3" paint-order="stroke">${text}</text>`;
}
