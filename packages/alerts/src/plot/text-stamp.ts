import type { OrientedImage } from '../cutouts/orient.js';
import { type Stretch, stretchPixels } from '../cutouts/stretch.js';

/** From dark to bright, for terminals without colours. */
const GREYS = ' .:-=+*#%@';
/** The 24 greys of the 256-colour palette. */
const [FIRST_GREY, GREY_COUNT] = [232, 24];

/**
 * A cutout as lines of text, `columns` wide. With colours a character shows two pixels by its upper half and its
 * ground; without, one of a scale from dark to bright.
 */
export function textStamp(
  image: OrientedImage,
  stretch: Stretch,
  columns: number,
  withColour: boolean,
): string[] {
  const greys = stretchPixels(image.pixels, stretch);
  const scale = Math.max(image.width, image.height) / columns;
  // A character is twice as high as it is wide.
  const rows = Math.max(1, Math.round(columns / 2));
  return Array.from({ length: rows }, (_, row) =>
    Array.from({ length: columns }, (_unused, column) => {
      const at = (top: number, height: number): number =>
        mean(greys, image, column * scale, top * scale, scale, height * scale);
      if (!withColour) {
        const grey = at(2 * row, 2);
        return grey < 0 ? ' ' : GREYS[Math.min(GREYS.length - 1, Math.floor((grey / 256) * GREYS.length))]!;
      }
      const [upper, lower] = [at(2 * row, 1), at(2 * row + 1, 1)];
      if (upper < 0 && lower < 0) return ' ';
      return `\u001b[38;5;${colourOf(upper)};48;5;${colourOf(lower)}m▀\u001b[0m`;
    }).join(''),
  );
}

function colourOf(grey: number): number {
  return FIRST_GREY + Math.min(GREY_COUNT - 1, Math.floor((Math.max(0, grey) / 256) * GREY_COUNT));
}

/** The mean grey of a part of the image, of one pixel at least; -1 outside of it and where no pixel is a number. */
function mean(
  greys: Int16Array,
  { width, height }: OrientedImage,
  left: number,
  top: number,
  across: number,
  down: number,
): number {
  const [x0, y0] = [Math.floor(left), Math.floor(top)];
  const [x1, y1] = [Math.max(x0 + 1, Math.floor(left + across)), Math.max(y0 + 1, Math.floor(top + down))];
  let [sum, count] = [0, 0];
  for (let y = y0; y < Math.min(y1, height); y++) {
    for (let x = x0; x < Math.min(x1, width); x++) {
      const grey = greys[y * width + x]!;
      if (grey < 0) continue;
      sum += grey;
      count++;
    }
  }
  return count === 0 ? -1 : sum / count;
}
