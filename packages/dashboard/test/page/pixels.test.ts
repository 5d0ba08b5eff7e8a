import { greyPixels, pixelsOf, sharedLimits } from '../../page/alert/pixels.js';

/** As the server sends them. */
function encoded(values: readonly number[]): string {
  const bytes = Buffer.alloc(4 * values.length);
  values.forEach((value, i) => bytes.writeFloatLE(value, 4 * i));
  return bytes.toString('base64');
}

describe('pixels', () => {
  it('come from base64 of little-endian floats', () => {
    expect([...pixelsOf({ pixels: encoded([1.5, -2, NaN, 1e20]), width: 2, height: 2 })]).toEqual([
      1.5,
      -2,
      NaN,
      Math.fround(1e20),
    ]);
    expect(pixelsOf({ pixels: encoded([1]), width: 2, height: 2 })).toHaveLength(0);
  });

  it('become greys; what is no number is transparent', () => {
    const grey = greyPixels(Float32Array.of(0, 10, 5, NaN, 99), 'linear', [0, 10]);
    expect([...grey]).toEqual([
      0, 0, 0, 255, 255, 255, 255, 255, 128, 128, 128, 255, 0, 0, 0, 0, 255, 255, 255, 255,
    ]);
  });

  it('are compared between the same limits', () => {
    const ramp = (from: number): Float32Array => Float32Array.from({ length: 2001 }, (_, i) => from + i);
    const images = [
      { name: 'Science', pixels: ramp(0) },
      { name: 'Template', pixels: ramp(2001) },
      { name: 'Difference', pixels: ramp(-2001) },
    ] as const;
    // Half a percent is cut off at both ends.
    expect(sharedLimits(images, 'linear', 'each')).toEqual([
      [10, 1990],
      [2011, 3991],
      [-1991, -11],
    ]);
    expect(sharedLimits(images, 'linear', 'science and template')).toEqual([
      [20, 3981],
      [20, 3981],
      [-1991, -11],
    ]);
    expect(sharedLimits(images, 'linear', 'all')).toEqual(Array(3).fill([-1971, 3971]));
  });
});
