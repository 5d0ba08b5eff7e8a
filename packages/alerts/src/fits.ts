import { gunzipSync } from 'node:zlib';
import { PoisonError } from '@apf/core';

/** Length of a FITS block and of a header line ("card"), in bytes (FITS standard 4.0, sections 3.1 and 3.2). */
const BLOCK = 2880;
const CARD = 80;
/** More than any survey's cutout; a gzip bomb stops here. */
const MAX_BYTES = 64 * 1024 * 1024;

/** An image: `pixels[row * width + column]`, the first row is the lowest. */
export interface FitsImage {
  readonly width: number;
  readonly height: number;
  readonly pixels: Float32Array;
}

/**
 * A FITS file with the image in its primary HDU: BITPIX -32, big-endian. `unit` becomes BUNIT, 8 characters at least as
 * the standard wants for text.
 */
export function writeFits(image: FitsImage, unit = 'DN'): Buffer {
  const { width, height, pixels } = image;
  if (pixels.length !== width * height) {
    throw new RangeError(`the image has ${pixels.length} pixels, ${width} x ${height} are ${width * height}`);
  }
  const cards = [
    card('SIMPLE', 'T'),
    card('BITPIX', '-32'),
    card('NAXIS', '2'),
    card('NAXIS1', String(width)),
    card('NAXIS2', String(height)),
    `BUNIT   = '${unit.replaceAll("'", "''").padEnd(8)}'`,
    'END',
  ];
  const header = cards.map((text) => text.padEnd(CARD)).join('');
  const start = blocks(header.length);
  const bytes = Buffer.alloc(start + blocks(pixels.length * 4));
  bytes.fill(' ', 0, start).write(header, 'latin1');
  for (let i = 0; i < pixels.length; i++) bytes.writeFloatBE(pixels[i]!, start + 4 * i);
  return bytes;
}

/**
 * Reads the primary HDU of a FITS file, gzip or not, as an image of 32-bit floats. It takes values anywhere after the
 * `=`, since ZTF writes `SIMPLE  =  T` where the standard wants column 30. Throws a {@link PoisonError} for anything
 * that is not such an image.
 */
export function readFits(bytes: Buffer): FitsImage {
  const file = bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzip(bytes) : bytes;
  const { cards, start } = readHeader(file);
  if (cards.get('SIMPLE') !== 'T') throw damaged('it does not begin with SIMPLE = T');
  const bitpix = Number(cards.get('BITPIX'));
  if (bitpix !== -32) throw damaged(`BITPIX is ${cards.get('BITPIX') ?? 'missing'}, only -32 is read`);
  if (Number(cards.get('NAXIS')) !== 2) throw damaged(`NAXIS is ${cards.get('NAXIS') ?? 'missing'}, not 2`);
  const width = axis(cards, 'NAXIS1');
  const height = axis(cards, 'NAXIS2');
  const count = width * height;
  if (file.length < start + 4 * count) {
    throw damaged(`${width} x ${height} pixels need ${start + 4 * count} bytes, the file has ${file.length}`);
  }
  const scale = number(cards, 'BSCALE', 1);
  // Adding -0 changes no number, -0 included.
  const zero = number(cards, 'BZERO', -0);
  const pixels = new Float32Array(count);
  for (let i = 0; i < count; i++) pixels[i] = file.readFloatBE(start + 4 * i) * scale + zero;
  return { width, height, pixels };
}

function card(keyword: string, value: string): string {
  return `${keyword.padEnd(8)}= ${value.padStart(20)}`;
}

function blocks(length: number): number {
  return Math.ceil(length / BLOCK) * BLOCK;
}

function gunzip(bytes: Buffer): Buffer {
  try {
    return gunzipSync(bytes, { maxOutputLength: MAX_BYTES });
  } catch (error) {
    throw damaged('gzip cannot unpack it', error);
  }
}

function readHeader(file: Buffer): { cards: Map<string, string>; start: number } {
  const cards = new Map<string, string>();
  for (let at = 0; at + CARD <= file.length; at += CARD) {
    const line = file.toString('latin1', at, at + CARD);
    const keyword = line.slice(0, 8).trimEnd();
    if (keyword === 'END') return { cards, start: blocks(at + CARD) };
    // A quoted text may hold a slash; everything else ends where the comment begins.
    if (line[8] === '=') cards.set(keyword, line.slice(9).split('/')[0]!.trim());
  }
  throw damaged('its header has no END');
}

function axis(cards: Map<string, string>, keyword: string): number {
  const length = Number(cards.get(keyword));
  if (!Number.isSafeInteger(length) || length < 0) {
    throw damaged(`${keyword} is ${cards.get(keyword) ?? 'missing'}`);
  }
  return length;
}

function number(cards: Map<string, string>, keyword: string, fallback: number): number {
  const text = cards.get(keyword);
  if (text === undefined) return fallback;
  const value = Number(text.replace(/[dD]/, 'e'));
  if (Number.isNaN(value)) throw damaged(`${keyword} is ${text}`);
  return value;
}

function damaged(what: string, cause?: unknown): PoisonError {
  return new PoisonError(`the FITS image cannot be read: ${what}`, { code: 'APF_DECODE', cause });
}
