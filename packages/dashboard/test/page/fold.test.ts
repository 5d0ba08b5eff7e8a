import fc from 'fast-check';
import { folded, parsePeriod, phaseOf } from '../../page/alert/fold.js';

describe('folding', () => {
  it.each([
    [10, 2, 10, 0],
    [11, 2, 10, 0.5],
    [9.5, 2, 10, 0.75],
    [10.25, 0.5, 10, 0.5],
    [-1e-20, 1, 0, 0],
  ])('puts time %d in period %d from epoch %d at phase %d', (time, period, epoch, phase) => {
    expect(phaseOf(time, period, epoch)).toBeCloseTo(phase, 12);
  });

  it('gives phases from 0 to below 1, the same after whole periods', () => {
    const time = fc.double({ min: -1e5, max: 1e5, noNaN: true });
    const period = fc.double({ min: 1e-3, max: 1e3, noNaN: true });
    fc.assert(
      fc.property(time, period, fc.integer({ min: -100, max: 100 }), (at, length, turns) => {
        const phase = phaseOf(at, length, 0);
        expect(phase).toBeGreaterThanOrEqual(0);
        expect(phase).toBeLessThan(1);
        const apart = Math.abs(phaseOf(at + turns * length, length, 0) - phase);
        expect(Math.min(apart, 1 - apart)).toBeLessThan(1e-6);
      }),
    );
  });

  it('shows every point twice, with all else that it has', () => {
    expect(folded([{ x: -0.5, y: 18 }], 2)).toEqual([
      { x: 0.75, y: 18 },
      { x: 1.75, y: 18 },
    ]);
  });
});

describe('a typed period', () => {
  it.each([
    ['0.5123', 0.5123],
    ['.5 d', 0.5],
    [' 8 h ', 1 / 3],
    ['90min', 0.0625],
    ['43200 s', 0.5],
    ['1e-2', 0.01],
  ])('%s is read', (text, days) => {
    expect(parsePeriod(text)).toBeCloseTo(days, 12);
  });

  it.each(['', '0', '-1', 'abc', '1 y', '1,5', 'Infinity', '1e999'])('%s is refused', (text) => {
    expect(parsePeriod(text)).toBeNull();
  });
});
