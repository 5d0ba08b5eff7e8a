import { normalise, radians } from './site.js';
import { fieldSize, type SurveyTraits } from './survey-traits.js';

interface Place {
  readonly ra: number;
  readonly dec: number;
}

/** Where a detector (ZTF: a readout channel) has something, in pixels from its lower left corner. */
export interface DetectorPlace {
  readonly detector: number;
  readonly x: number;
  readonly y: number;
}

/** LSST's camera: 5 x 5 rafts without the corners, each of 3 x 3 detectors, numbered raft by raft. */
const RAFTS = [1, 2, 3, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 21, 22, 23];

/** The place in a field's images, as parts of their width from the east and of their height from the south. */
export function placeInField(
  traits: SurveyTraits,
  field: Place,
  fromEast: number,
  fromSouth: number,
): { ra: number; dec: number } {
  const [width, height] = fieldSize(traits);
  const dec = field.dec + (fromSouth - 0.5) * height;
  return { ra: normalise(field.ra + ((0.5 - fromEast) * width) / Math.cos(radians(dec))), dec };
}

/** The detector that images a place, north up and east to the left; null outside and where there is none. */
export function detectorAt(traits: SurveyTraits, field: Place, { ra, dec }: Place): DetectorPlace | null {
  const [width, height] = fieldSize(traits);
  const { columns, rows, pixels } = traits;
  const east = (normalise(ra - field.ra + 180) - 180) * Math.cos(radians(dec));
  const x = (0.5 - east / width) * columns;
  const y = (0.5 + (dec - field.dec) / height) * rows;
  const [column, row] = [Math.floor(x), Math.floor(y)];
  if (column < 0 || column >= columns || row < 0 || row >= rows) return null;
  const detector = columns === 15 ? lsstDetector(column, row) : ztfChannel(column, row);
  return detector < 0 ? null : { detector, x: (x - column) * pixels[0], y: (y - row) * pixels[1] };
}

function lsstDetector(column: number, row: number): number {
  const raft = RAFTS.indexOf(5 * Math.floor(row / 3) + Math.floor(column / 3));
  return raft < 0 ? -1 : 9 * raft + 3 * (row % 3) + (column % 3);
}

/** ZTF's 16 CCDs in four rows, each of 2 x 2 readout channels. */
function ztfChannel(column: number, row: number): number {
  const ccd = 4 * Math.floor(row / 2) + Math.floor(column / 2);
  return 4 * ccd + 2 * (row % 2) + (column % 2);
}
