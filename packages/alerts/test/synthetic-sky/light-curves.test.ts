import * as fc from 'fast-check';
import { BANDS, fluxOf, perBand, type Band } from '../../src/synthetic-sky/bands.js';
import {
  dampedRandomWalk,
  eclipsingBinary,
  rrLyrae,
  withColours,
  type Epoch,
} from '../../src/synthetic-sky/light-curves.js';
import { Random } from '../../src/synthetic-sky/random.js';

const grey = (magnitude: number) => withColours(magnitude, perBand(0, 0, 0, 0, 0, 0));
const steps = (first: number, last: number, step: number, band: Band = 'g'): Epoch[] =>
  Array.from({ length: Math.round((last - first) / step) + 1 }, (_, i) => ({ jd: first + i * step, band }));
const magnitude = (flux: number): number => -2.5 * Math.log10(flux);

describe('synthetic light curves', () => {
  it.each(['RRab', 'RRc'] as const)('of %s repeat after the period and span the range', (type) => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.25, max: 0.8, noNaN: true }),
        fc.double({ min: 0.3, max: 1.2, noNaN: true }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (period, range, phase) => {
          const star = rrLyrae(type, grey(16), range, period, phase);
          const once = star(steps(2461000, 2461000 + period, period / 200));
          const later = star(steps(2461000 + 100 * period, 2461000 + 101 * period, period / 200));
          for (const [i, flux] of once.entries()) expect(later[i]! - flux).toBeLessThan(1e-4 * fluxOf(16));
          const total = once.map((flux) => magnitude(flux + fluxOf(16)));
          expect(Math.max(...total) - Math.min(...total)).toBeGreaterThan(0.95 * range);
          expect(Math.max(...total) - Math.min(...total)).toBeLessThan(1.001 * range);
          expect(once.some((flux) => flux > 0) && once.some((flux) => flux < 0)).toBe(true);
        },
      ),
      { numRuns: 30 },
    );
  });

  it('of RRab brighten fast and fade slowly; in r by less than in g', () => {
    const star = rrLyrae('RRab', grey(16), 1, 0.5, 0);
    const flux = star(steps(2461000, 2461000.5, 0.001));
    const brightening = flux.filter((value, i) => i > 0 && value > flux[i - 1]!).length;
    expect(brightening / flux.length).toBeCloseTo(0.15, 1);
    const range = (band: Band): number => {
      const values = star(steps(2461000, 2461000.5, 0.001, band));
      return Math.max(...values) - Math.min(...values);
    };
    expect(range('r')).toBeLessThan(0.8 * range('g'));
  });

  it('of an eclipsing binary are as deep as given at phase 0, less deep half a period later, else steady', () => {
    const eclipses = { period: 2, phase: 0, primary: 0.4, secondary: 0.15, width: 0.02, ellipsoidal: 0 };
    const star = eclipsingBinary(grey(15), eclipses);
    const at = (phase: number): number => star([{ jd: 2461000 + 2 * phase, band: 'r' }])[0]! / fluxOf(15);
    expect(at(0.25) - at(0)).toBeCloseTo(0.4, 6);
    expect(at(0.25) - at(0.5)).toBeCloseTo(0.15, 6);
    expect(at(0.25) - at(1)).toBeCloseTo(0.4, 6);
    expect(at(0.25)).toBeCloseTo(at(0.8), 6);
    // The reference is the mean of all phases.
    const mean = star(steps(2461000, 2461002, 0.0005, 'r')).reduce((sum, flux) => sum + flux, 0) / 4001;
    expect(Math.abs(mean) / fluxOf(15)).toBeLessThan(1e-3);
  });

  it('of close binaries vary between the eclipses too, with a mean of nothing', () => {
    const eclipses = {
      period: 0.3,
      phase: 0.4,
      primary: 0.3,
      secondary: 0.25,
      width: 0.08,
      ellipsoidal: 0.1,
    };
    const flux = eclipsingBinary(grey(15), eclipses)(steps(2461000, 2461000.3, 0.0001, 'i'));
    const mean = flux.reduce((sum, value) => sum + value, 0) / flux.length;
    expect(Math.abs(mean) / fluxOf(15)).toBeLessThan(1e-3);
    expect((Math.max(...flux) - Math.min(...flux)) / fluxOf(15)).toBeCloseTo(0.4, 2);
  });

  it('of active galaxies keep their standard deviation, and their memory for about tau', () => {
    const [sigma, tau] = [0.2, 50];
    const walk = dampedRandomWalk(grey(18), sigma, tau, () => new Random(1, 1));
    const values = walk(steps(0, 50_000, 1)).map((flux) => magnitude(flux + fluxOf(18)) - 18);
    const correlation = (lag: number): number => {
      let sum = 0;
      for (let i = lag; i < values.length; i++) sum += values[i]! * values[i - lag]!;
      return sum / (values.length - lag);
    };
    expect(Math.sqrt(correlation(0))).toBeGreaterThan(0.85 * sigma);
    expect(Math.sqrt(correlation(0))).toBeLessThan(1.15 * sigma);
    expect(correlation(tau) / correlation(0)).toBeGreaterThan(0.2);
    expect(correlation(tau) / correlation(0)).toBeLessThan(0.55);
  });

  it('do not depend on how many epochs follow', () => {
    const walk = dampedRandomWalk(grey(18), 0.2, 50, () => new Random(1, 1));
    const epochs = steps(0, 100, 1);
    expect(walk(epochs).slice(0, 50)).toEqual(walk(epochs.slice(0, 50)));
  });

  it('of active galaxies vary less the redder the band', () => {
    const walk = dampedRandomWalk(grey(18), 0.2, 50, () => new Random(3, 1));
    const sizes = BANDS.map((band) => Math.abs(walk(steps(0, 1, 1, band))[1]!));
    expect(sizes).toEqual([...sizes].sort((a, b) => b - a));
  });
});
