import { zscaleLimits } from '../../src/cutouts/zscale.js';

/** A wave on a slope, with a bright source of 40 pixels if the image reaches that far. */
function image(length: number): Float32Array {
  const pixels = Float32Array.from({ length }, (_, i) => 100 + 10 * Math.sin(i) + 0.01 * i);
  return pixels.fill(5000, 500, 540);
}

describe('zscale', () => {
  // What astropy.visualization.ZScaleInterval of astropy 7 gives.
  it.each([
    [400, 90.1101, 113.82783],
    [961, 90.1101, 159.75068],
    [2500, 90.41969, 171.05594],
  ])('gives the limits of astropy for %d pixels', (length, low, high) => {
    const limits = zscaleLimits(image(length));
    expect(limits[0]).toBeCloseTo(low, 3);
    expect(limits[1]).toBeCloseTo(high, 3);
  });

  it('gives the extremes of a flat image, or of a few pixels, and skips what is no number', () => {
    expect(zscaleLimits(new Float32Array(100).fill(7))).toEqual([7, 7]);
    expect(zscaleLimits(new Float32Array([9, NaN, 1, Infinity, 2]))).toEqual([1, 9]);
    expect(zscaleLimits(new Float32Array([NaN]))).toEqual([0, 0]);
  });
});
