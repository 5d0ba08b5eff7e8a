import { dampedRandomWalk, fluxOf, rrLyrae, supernova } from '../../src/synthetic-sky/light-curves.js';
import { Random } from '../../src/synthetic-sky/random.js';

const daily = (first: number, last: number, fid = 1, step = 1): { jd: number; fid: number }[] =>
  Array.from({ length: Math.round((last - first) / step) + 1 }, (_, i) => ({ jd: first + i * step, fid }));
const magnitude = (flux: number): number => -2.5 * Math.log10(flux);

describe('synthetic light curves', () => {
  it.each([1, 2])('a supernova rises to its peak and fades, in filter %i', (fid) => {
    const peak = 2461000;
    const fluxes = supernova(peak, 17)(daily(peak - 30, peak + 80, fid));
    const top = fluxes.indexOf(Math.max(...fluxes));
    expect(top).toBe(30);
    expect(magnitude(fluxes[top]!)).toBeCloseTo(fid === 1 ? 17 : 17.1, 6);
    for (let i = 1; i < fluxes.length; i++) expect(fluxes[i]! > fluxes[i - 1]!).toBe(i <= top);
  });

  it('a supernova fades more slowly in r than in g', () => {
    const [g, r] = [1, 2].map((fid) => supernova(0, 17)([{ jd: 30, fid }])[0]!);
    expect(r).toBeGreaterThan(g!);
  });

  it('an RR Lyrae star repeats itself after its period and spans its range', () => {
    const [period, range] = [0.55, 1];
    const star = rrLyrae(16, range, period, 0.3);
    const once = star(daily(2461000, 2461000 + period, 1, period / 200));
    const later = star(daily(2461000 + 100 * period, 2461000 + 101 * period, 1, period / 200));
    for (const [i, flux] of once.entries()) expect(later[i]!).toBeCloseTo(flux, 11);
    const total = once.map((flux) => magnitude(flux + fluxOf(16)));
    expect(Math.max(...total) - Math.min(...total)).toBeCloseTo(range, 1);
    // The steepest part brightens by the whole range in 30 of the 200 steps.
    for (let i = 1; i < total.length; i++) {
      expect(Math.abs(total[i]! - total[i - 1]!)).toBeLessThan((range / 30) * 1.01);
    }
    expect(once.some((flux) => flux > 0) && once.some((flux) => flux < 0)).toBe(true);
  });

  it('a damped random walk keeps its standard deviation, and its memory for about tau', () => {
    const [sigma, tau] = [0.2, 50];
    const walk = dampedRandomWalk(18, sigma, tau, new Random(1, 1));
    const values = walk(daily(0, 50_000)).map((flux) => magnitude(flux + fluxOf(18)) - 18);
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
});
