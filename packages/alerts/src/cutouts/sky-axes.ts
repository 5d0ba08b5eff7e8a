import type { CardValue } from '../fits/header.js';
import type { SurveyName } from '../surveys/survey-of.js';

/** Where the sky's directions point in an image, per arcsec, in pixels: x to the right, y from the first row on. */
export interface SkyAxes {
  readonly north: readonly [x: number, y: number];
  readonly east: readonly [x: number, y: number];
}

/**
 * ZTF's cutouts have no WCS. Their first row is the northernmost and their first column the easternmost, as the
 * positions in its alerts tell; a pixel takes 1.01 arcsec.
 */
const ZTF_AXES: SkyAxes = { north: [0, -1 / 1.01], east: [-1 / 1.01, 0] };

/** The directions by the header's WCS where it has one, else by the survey's convention; null where there is none. */
export function skyAxesOf(
  cards: ReadonlyMap<string, CardValue>,
  survey: SurveyName | undefined,
): SkyAxes | null {
  return axesOfWcs(cards) ?? (survey === 'ztf' ? ZTF_AXES : null);
}

/**
 * The linear part of a FITS WCS: CDi_j, or PCi_j and CDELTi (Greisen & Calabretta 2002, A&A 395, 1061). LSST's cutouts
 * have no CTYPE, which means a plane; it is taken for that of the sky, as its scale in both directions is.
 */
function axesOfWcs(cards: ReadonlyMap<string, CardValue>): SkyAxes | null {
  const number = (keyword: string, fallback: number): number => {
    const value = cards.get(keyword);
    return typeof value === 'number' ? value : fallback;
  };
  const [first, second] = [cards.get('CTYPE1') ?? 'RA', cards.get('CTYPE2') ?? 'DEC'];
  if (!String(first).startsWith('RA') || !String(second).startsWith('DEC')) return null;
  const hasCd = ['CD1_1', 'CD1_2', 'CD2_1', 'CD2_2'].some((keyword) => cards.has(keyword));
  const element = (i: number, j: number): number =>
    hasCd
      ? number(`CD${i}_${j}`, 0)
      : number(`PC${i}_${j}`, i === j ? 1 : 0) * number(`CDELT${i}`, cards.has('WCSAXES') ? 1 : 0);
  // Degrees to the east and to the north, for a pixel to the right and a row on.
  const [a, b, c, d] = [element(1, 1), element(1, 2), element(2, 1), element(2, 2)];
  const determinant = (a * d - b * c) * 3600;
  if (!Number.isFinite(determinant) || determinant === 0) return null;
  return { north: [-b / determinant, a / determinant], east: [d / determinant, -c / determinant] };
}
