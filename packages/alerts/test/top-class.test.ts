import fc from 'fast-check';
import { topClass } from '../src/top-class.js';

const probabilities = fc.dictionary(
  fc.string(),
  fc.oneof(fc.double(), fc.constantFrom(null, undefined, NaN, Infinity)),
);

describe('topClass', () => {
  it('is the class with the greatest probability', () => {
    expect(topClass({ SN: 0.6, AGN: 0.3, VS: 0.1 })).toBe('SN');
    expect(topClass({ SN: 0.1, AGN: 0.3, VS: 0.6 })).toBe('VS');
  });

  it('is null below the threshold, not at it', () => {
    expect(topClass({ SN: 0.6, AGN: 0.4 }, 0.6)).toBe('SN');
    expect(topClass({ SN: 0.6, AGN: 0.4 }, 0.61)).toBeNull();
  });

  it('is the first of equal ones', () => {
    expect(topClass({ AGN: 0.5, SN: 0.5 })).toBe('AGN');
    expect(topClass({ SN: 0.5, AGN: 0.5 })).toBe('SN');
  });

  it('is null when no class has a finite probability', () => {
    expect(topClass({})).toBeNull();
    expect(topClass({ SN: NaN, AGN: null, VS: undefined, bogus: Infinity })).toBeNull();
  });

  it('is finite, at least the threshold, and never less than another class', () => {
    fc.assert(
      fc.property(probabilities, fc.double({ noNaN: true }), (map, threshold) => {
        const finite = Object.values(map).filter((value): value is number => Number.isFinite(value));
        const name = topClass(map, threshold);
        const greatest = Math.max(...finite);
        if (name === null) expect(finite.every((value) => value < threshold)).toBe(true);
        else expect([map[name], greatest >= threshold]).toEqual([greatest, true]);
      }),
    );
  });
});
