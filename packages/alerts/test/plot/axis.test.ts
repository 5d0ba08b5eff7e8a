import fc from 'fast-check';
import { axisFor } from '../../src/plot/axis.js';

describe('axes', () => {
  it('have round ticks within the values and some room around', () => {
    const { ticks, label, from, to } = axisFor([17.3, 20.1]);
    expect(ticks.map(label)).toEqual(['18', '19', '20']);
    expect([from, to]).toEqual([expect.closeTo(17.132), expect.closeTo(20.268)]);
    expect(axisFor([17, 19]).ticks.map(axisFor([17, 19]).label)).toEqual([
      '17.0',
      '17.5',
      '18.0',
      '18.5',
      '19.0',
    ]);
    expect(axisFor([-0.00012, 0]).ticks.map(axisFor([-0.00012, 0]).label)).toContain('0.00000');
    expect(axisFor([0, 3e5]).label(300000)).toBe('300\u202f000');
    expect(axisFor([0, 3e12]).label(2e12)).toBe('2.00e+12');
    expect(axisFor([-20, 0]).label(-10)).toBe('−10');
  });

  it('are made of one value, of none, and of any others', () => {
    expect(axisFor([5])).toMatchObject({ from: 4.5, to: 5.5 });
    expect(axisFor([])).toMatchObject({ from: -0.5, to: 0.5 });
    for (const values of [[1e308, -1e308], [5e-324, 0], [1e308], [1e15, 1e15 + 0.125]])
      expect(axisFor(values).ticks.length).toBeLessThan(20);
    const number = fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e99, max: 1e99 });
    fc.assert(
      fc.property(fc.array(number, { maxLength: 20 }), (values) => {
        const { from, to, ticks, label } = axisFor(values);
        expect(to).toBeGreaterThan(from);
        for (const value of values) {
          expect(value).toBeGreaterThanOrEqual(from);
          expect(value).toBeLessThanOrEqual(to);
        }
        expect(ticks.length).toBeLessThan(20);
        expect(new Set(ticks.map(label)).size).toBeLessThanOrEqual(ticks.length);
      }),
    );
  });
});
