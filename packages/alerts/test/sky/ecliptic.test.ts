import fc from 'fast-check';
import { fromEcliptic, toEcliptic } from '../../src/sky/ecliptic.js';
import { angularDistance } from '../../src/sky/sky-position.js';

describe('ecliptic positions', () => {
  it.each([
    ['the vernal equinox', 0, 0, 0, 0],
    ['the summer solstice', 90, 0, 90, 23.4392911],
    ['the north pole of the ecliptic', 0, 90, 270, 66.5607089],
  ])('give %s', (_, lambda, beta, ra, dec) => {
    expect(angularDistance(fromEcliptic({ lambda, beta }), { ra, dec })).toBeLessThan(1e-7);
  });

  it('come back from where they were', () => {
    const position = fc.record({
      ra: fc.double({ min: 0, max: 360, noNaN: true }),
      dec: fc.double({ min: -90, max: 90, noNaN: true }),
    });
    fc.assert(
      fc.property(position, (sky) => {
        expect(angularDistance(fromEcliptic(toEcliptic(sky)), sky)).toBeLessThan(1e-9);
      }),
    );
  });
});
