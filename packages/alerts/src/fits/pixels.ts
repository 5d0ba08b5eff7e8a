/** BITPIX and how a pixel of it is read, big-endian (FITS standard 4.0, section 4.4.1.1 and chapter 5). */
const READERS: ReadonlyMap<number, (file: Buffer, at: number) => number> = new Map([
  [8, (file, at) => file[at]!],
  [16, (file, at) => file.readInt16BE(at)],
  [32, (file, at) => file.readInt32BE(at)],
  [64, (file, at) => Number(file.readBigInt64BE(at))],
  [-32, (file, at) => file.readFloatBE(at)],
  [-64, (file, at) => file.readDoubleBE(at)],
]);

export const BITPIX: readonly number[] = [...READERS.keys()];

/** How stored numbers become physical ones: value * scale + zero, and which stored integer stands for none. */
export interface PixelScale {
  readonly scale: number;
  readonly zero: number;
  readonly blank: number | undefined;
}

/** Pixels as 32-bit floats. The file must be long enough. */
export function readPixels(
  file: Buffer,
  start: number,
  bitpix: number,
  count: number,
  { scale, zero, blank }: PixelScale,
): Float32Array {
  const read = READERS.get(bitpix)!;
  const size = Math.abs(bitpix) / 8;
  const pixels = new Float32Array(count);
  for (let i = 0; i < count; i++) {
    const stored = read(file, start + i * size);
    pixels[i] = bitpix > 0 && stored === blank ? NaN : stored * scale + zero;
  }
  return pixels;
}
