import fc from 'fast-check';
import { limitsOf, stretchPixels, STRETCHES } from '../../src/cutouts/stretch.js';

/** From 0 to 1 in even steps, so many that no pixel is beyond the percentiles by more than one grey. */
const RAMP = Float32Array.from({ length: 1001 }, (_, i) => i / 1000);

describe('stretches', () => {
  it('are the curves of astropy', () => {
    // Between the percentiles 0.5 and 99.5 a value of 0.005 + 0.99 x is at x.
    const grey = (stretch: (typeof STRETCHES)[number], part: number): number =>
      stretchPixels(RAMP, stretch)[Math.round(1000 * (0.005 + 0.99 * part))]!;
    // AsinhStretch()(0.25) is 0.5495, LogStretch()(0.25) 0.7999.
    expect(grey('asinh', 0.25)).toBeCloseTo(255 * 0.5495, -0.5);
    expect(grey('log', 0.25)).toBeCloseTo(255 * 0.7999, -0.5);
    expect(grey('linear', 0.25)).toBeCloseTo(255 * 0.25, -0.5);
    expect(grey('zscale', 0.5)).toBeCloseTo(127.5, -0.5);
  });

  it('go from black to white, the brighter the whiter, and mark what is no number', () => {
    const pixels = fc.float32Array({ minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(pixels, fc.constantFrom(...STRETCHES), (image, stretch) => {
        const greys = stretchPixels(image, stretch);
        expect(greys).toHaveLength(image.length);
        for (const [i, value] of image.entries()) {
          if (Number.isNaN(value)) expect(greys[i]).toBe(-1);
          else expect(greys[i]).toBeGreaterThanOrEqual(0);
          expect(greys[i]).toBeLessThanOrEqual(255);
          if (i > 0 && value >= image[i - 1]!) expect(greys[i]).toBeGreaterThanOrEqual(greys[i - 1]!);
        }
      }),
    );
  });

  it('compare images between the same limits', () => {
    const brighter = RAMP.map((value) => 2 * value);
    const limits = limitsOf(brighter, 'linear');
    expect(limits).toEqual([0.01, 1.99].map(Math.fround));
    expect(stretchPixels(RAMP, 'linear', limits)[1000]).toBe(stretchPixels(brighter, 'linear')[500]);
    expect(stretchPixels(RAMP, 'linear')[1000]).toBe(255);
  });

  it('take a flat or an empty image', () => {
    expect([...stretchPixels(new Float32Array([3, 3, NaN]), 'asinh')]).toEqual([
      stretchPixels(new Float32Array([3]), 'asinh')[0],
      stretchPixels(new Float32Array([3]), 'asinh')[0],
      -1,
    ]);
    expect(stretchPixels(new Float32Array(0), 'zscale')).toHaveLength(0);
    expect([...stretchPixels(new Float32Array([NaN]), 'zscale')]).toEqual([-1]);
  });
});
