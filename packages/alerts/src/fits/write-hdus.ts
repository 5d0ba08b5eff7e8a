import { type CardValue, toBlock } from './header.js';

const CARD = 80;

/** An image and the cards of its header beyond those that describe the array. */
export interface HduToWrite {
  readonly width: number;
  readonly height: number;
  /** `pixels[row * width + column]`, the first row is the lowest. 32-bit floats have BITPIX -32, 64-bit ones -64. */
  readonly pixels: Float32Array | Float64Array;
  readonly cards?: readonly (readonly [keyword: string, value: CardValue])[];
}

/** A FITS file: the first image is its primary HDU, the others are IMAGE extensions. */
export function writeFitsHdus(hdus: readonly HduToWrite[]): Buffer {
  return Buffer.concat(hdus.map((hdu, i) => fitsHdu(hdu, i === 0, hdus.length > 1)));
}

/** One HDU's header and data, each filled up to whole blocks. */
export function fitsHdu(
  { width, height, pixels, cards = [] }: HduToWrite,
  primary: boolean,
  extended = false,
): Buffer {
  if (pixels.length !== width * height) {
    throw new RangeError(`the image has ${pixels.length} pixels, ${width} x ${height} are ${width * height}`);
  }
  const lines = [
    primary ? card('SIMPLE', true) : card('XTENSION', 'IMAGE'),
    card('BITPIX', -8 * pixels.BYTES_PER_ELEMENT),
    card('NAXIS', 2),
    card('NAXIS1', width),
    card('NAXIS2', height),
    ...(primary ? (extended ? [card('EXTEND', true)] : []) : [card('PCOUNT', 0), card('GCOUNT', 1)]),
    ...cards.map(([keyword, value]) => card(keyword, value)),
    'END'.padEnd(CARD),
  ];
  const header = lines.join('');
  const start = toBlock(header.length);
  const bytes = Buffer.alloc(start + toBlock(pixels.byteLength));
  bytes.fill(' ', 0, start).write(header, 'latin1');
  const data = bytes.subarray(start, start + pixels.byteLength);
  data.set(new Uint8Array(pixels.buffer, pixels.byteOffset, pixels.byteLength));
  // FITS is big-endian; the machines that run this are not.
  if (pixels.BYTES_PER_ELEMENT === 4) data.swap32();
  else data.swap64();
  return bytes;
}

/** Text has 8 characters at least, as the standard wants; numbers end in column 30. */
function card(keyword: string, value: CardValue): string {
  if (typeof value === 'string') {
    return `${keyword.padEnd(8)}= '${value.replaceAll("'", "''").padEnd(8)}'`.padEnd(CARD);
  }
  const text = typeof value === 'boolean' ? (value ? 'T' : 'F') : String(value).toUpperCase();
  return `${keyword.padEnd(8)}= ${text.padStart(20)}`.padEnd(CARD);
}
