import fc from 'fast-check';
import { planObservations } from '../../src/simulator/observations.js';

describe('planObservations', () => {
  it('divides as numpy.array_split does (fink 1.6: NOBSERVATIONS=-1 sends all)', () => {
    expect(planObservations(500, 100, -1)).toEqual({
      sizes: [84, 84, 83, 83, 83, 83],
      total: 500,
      reduced: false,
    });
    expect(planObservations(5693, 5, 3)).toEqual({ sizes: [5, 5, 5], total: 15, reduced: false });
    expect(planObservations(15, 5, 3)).toEqual({ sizes: [5, 5, 5], total: 15, reduced: false });
  });

  it('reduces what is more than there is (fink 1.6), and counts only what will be sent', () => {
    expect(planObservations(10, 5, 3)).toEqual({ sizes: [4, 3, 3], total: 10, reduced: true });
    expect(planObservations(499, 3, 1000).sizes).toHaveLength(167);
  });

  it('makes no empty observation, also where each has one alert', () => {
    expect(planObservations(3, 1, -1).sizes).toEqual([1, 1, 1]);
    expect(planObservations(3, 1, 9).sizes).toEqual([1, 1, 1]);
    expect(planObservations(1, 100, -1).sizes).toEqual([1]);
  });

  it('spreads every alert, evenly', () => {
    const counts = fc.integer({ min: 1, max: 3000 });
    fc.assert(
      fc.property(counts, counts, fc.oneof(fc.constant(-1), counts), (available, each, asked) => {
        const { sizes, total } = planObservations(available, each, asked);
        expect(total).toBe(asked === -1 ? available : Math.min(available, each * asked));
        expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(total);
        expect(Math.min(...sizes)).toBeGreaterThan(0);
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThan(2);
        expect([...sizes].sort((a, b) => b - a)).toEqual(sizes);
      }),
    );
  });
});
