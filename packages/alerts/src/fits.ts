import { gunzipSync } from 'node:zlib';
import { PoisonError, toError } from '@apf/core';
import { type CardValue, type FitsHeader, readHeader, toBlock } from './fits/header.js';
import { BITPIX, readPixels } from './fits/pixels.js';
import { writeFitsHdus } from './fits/write-hdus.js';

/** More than any survey's cutout; a gzip bomb stops here. */
const MAX_BYTES = 64 * 1024 * 1024;

/** An image: `pixels[row * width + column]`, the first row is the lowest. */
export interface FitsImage {
  readonly width: number;
  readonly height: number;
  readonly pixels: Float32Array;
}

/** A header and data unit. */
export interface FitsHdu {
  /** `EXTNAME`; '' where there is none, as in the primary HDU. */
  readonly name: string;
  readonly cards: ReadonlyMap<string, CardValue>;
  /** Null for what is no image of two axes, such as a table. */
  readonly image: FitsImage | null;
}

export interface FitsFile {
  /** The primary HDU first. */
  readonly hdus: readonly FitsHdu[];
  /** What is not as the standard says, though it could be read. */
  readonly deviations: readonly string[];
}

export interface ReadFitsOptions {
  /** Whether a deviation from the standard is an error. */
  readonly strict?: boolean | undefined;
}

/**
 * A FITS file with the image in its primary HDU: BITPIX -32, big-endian. `unit` becomes BUNIT, 8 characters at least as
 * the standard wants for text.
 */
export function writeFits(image: FitsImage, unit = 'DN'): Buffer {
  return writeFitsHdus([{ ...image, cards: [['BUNIT', unit]] }]);
}

/** The image of the primary HDU of a file, as {@link readFitsFile} reads it. */
export function readFits(bytes: Buffer, options?: ReadFitsOptions): FitsImage {
  const { hdus } = readFitsFile(bytes, options);
  const { image, cards } = hdus[0]!;
  if (!image) throw damaged(`NAXIS is ${String(cards.get('NAXIS'))}, not 2`);
  return image;
}

/**
 * Reads a FITS file, gzip or not, with all its HDUs; pixels as 32-bit floats. What breaks the standard but is plain
 * enough is read and named, such as ZTF's `SIMPLE  =  T`, which should end in column 30.
 * @throws PoisonError (APF_DECODE) for anything else, with `strict` for each of those too
 */
export function readFitsFile(bytes: Buffer, options: ReadFitsOptions = {}): FitsFile {
  const file = bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzip(bytes) : bytes;
  const hdus: FitsHdu[] = [];
  const deviations: string[] = [];
  for (let at = 0; hdus.length === 0 || at < file.length;) {
    const header = readHeader(file, at);
    // What follows the last HDU is not ours (section 3.5, "special records").
    if (!header && hdus.length > 0) break;
    if (!header) throw damaged('its header has no END');
    const primary = hdus.length === 0;
    if (primary && header.cards.get('SIMPLE') !== true) throw damaged('it does not begin with SIMPLE = T');
    if (!primary && typeof header.cards.get('XTENSION') !== 'string') break;
    deviations.push(...header.deviations);
    let data;
    try {
      data = readData(file, header);
    } catch (error) {
      if (primary || options.strict) throw error;
      deviations.push(`HDU ${hdus.length + 1} is damaged: ${toError(error).message}`);
      break;
    }
    const { hdu, end } = data;
    if (end > file.length) deviations.push('the data are not filled up to a block of 2880 bytes');
    hdus.push(hdu);
    at = end;
  }
  if (options.strict && deviations.length > 0) throw damaged(deviations[0]!);
  return { hdus, deviations: [...new Set(deviations)] };
}

function readData(file: Buffer, { cards, end: start }: FitsHeader): { hdu: FitsHdu; end: number } {
  const bitpix = cards.get('BITPIX');
  if (typeof bitpix !== 'number' || !BITPIX.includes(bitpix))
    throw damaged(`BITPIX is ${shown(bitpix)}, none of ${BITPIX.join(', ')}`);
  const count = whole(cards, 'NAXIS');
  if (count > 999) throw damaged(`NAXIS is ${count}`);
  const axes = Array.from({ length: count }, (_, i) => whole(cards, `NAXIS${i + 1}`));
  const pixelCount = count === 0 ? 0 : axes.reduce((product, axis) => product * axis, 1);
  const extra = cards.has('PCOUNT') ? whole(cards, 'PCOUNT') : 0;
  const groups = cards.has('GCOUNT') ? whole(cards, 'GCOUNT') : 1;
  const length = (Math.abs(bitpix) / 8) * groups * (extra + pixelCount);
  if (!(start + length <= file.length)) {
    const what = axes.length > 0 ? axes.join(' x ') : '0';
    throw damaged(`${what} pixels need ${start + length} bytes, the file has ${file.length}`);
  }
  const extension = cards.get('XTENSION');
  const isImage = count === 2 && (extension === undefined || extension === 'IMAGE');
  const [width, height] = axes as [number, number];
  const scale = { scale: real(cards, 'BSCALE', 1), zero: real(cards, 'BZERO', -0), blank: blank(cards) };
  const image = isImage
    ? { width, height, pixels: readPixels(file, start, bitpix, pixelCount, scale) }
    : null;
  const name = cards.get('EXTNAME');
  return {
    hdu: { name: typeof name === 'string' ? name : '', cards, image },
    end: start + toBlock(length),
  };
}

function gunzip(bytes: Buffer): Buffer {
  try {
    return gunzipSync(bytes, { maxOutputLength: MAX_BYTES });
  } catch (error) {
    throw damaged('gzip cannot unpack it', error);
  }
}

function whole(cards: ReadonlyMap<string, CardValue>, keyword: string): number {
  const value = cards.get(keyword);
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0)
    throw damaged(`${keyword} is ${shown(value)}`);
  return value;
}

/** Adding -0 changes no number, -0 included. */
function real(cards: ReadonlyMap<string, CardValue>, keyword: string, fallback: number): number {
  const value = cards.get(keyword) ?? fallback;
  if (typeof value !== 'number') throw damaged(`${keyword} is ${shown(value)}`);
  return value;
}

function blank(cards: ReadonlyMap<string, CardValue>): number | undefined {
  const value = cards.get('BLANK');
  return typeof value === 'number' ? value : undefined;
}

function shown(value: CardValue | undefined): string {
  if (value === undefined) return 'missing';
  return typeof value === 'boolean' ? (value ? 'T' : 'F') : String(value);
}

function damaged(what: string, cause?: unknown): PoisonError {
  return new PoisonError(`the FITS image cannot be read: ${what}`, { code: 'APF_DECODE', cause });
}
