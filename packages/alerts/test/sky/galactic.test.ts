import { angularDistance, fromGalactic, toGalactic } from '@apf/alerts';
import fc from 'fast-check';

/** 0.1 arcsec: astropy's pole is given with more digits than the definition has. */
const CLOSE = 0.1 / 3600;

describe('galactic coordinates', () => {
  // Computed with astropy 7.
  it.each([
    [0, 0, 96.33728336969006, -60.188551946914465],
    [10.6847083, 41.26875, 121.17432903730572, -21.573308797618154],
    [266.41681663, -29.00782497, 359.9442356882139, -0.04616002451611069],
    [180.1, 66.4, 130.82832415464995, 49.93847307828509],
    [201.365, -43.019, 309.51587091603227, 19.417388781953225],
    [12, -90, 302.9319252554166, -27.12825241496801],
  ])('of %p, %p are %p, %p', (ra, dec, l, b) => {
    const galactic = toGalactic({ ra, dec });
    expect(angularDistance({ ra: galactic.l, dec: galactic.b }, { ra: l, dec: b })).toBeLessThan(CLOSE);
    expect(angularDistance(fromGalactic({ l, b }), { ra, dec })).toBeLessThan(CLOSE);
  });

  it('lead back to where they came from', () => {
    const number = (limit: number): fc.Arbitrary<number> =>
      fc.double({ min: -limit, max: limit, noNaN: true });
    fc.assert(
      fc.property(number(180), number(90), (ra, dec) => {
        const back = fromGalactic(toGalactic({ ra, dec }));
        expect(angularDistance(back, { ra, dec })).toBeLessThan(1e-9);
      }),
    );
  });
});

describe('the distance of two positions', () => {
  it.each([
    [{ ra: 10, dec: 20 }, { ra: 10, dec: 20.000000001 }, 1e-9],
    [{ ra: 10, dec: 20 }, { ra: 10.0001, dec: 20 }, 9.396926207837046e-5],
    [{ ra: 359.999, dec: 0 }, { ra: 0.001, dec: 0 }, 0.002],
    [{ ra: 0, dec: 89.999 }, { ra: 180, dec: 89.999 }, 0.002],
    [{ ra: 10, dec: 20 }, { ra: 190, dec: -20 }, 180],
    [{ ra: 10, dec: 20 }, { ra: 190, dec: -20.0000001 }, 179.9999999],
    [{ ra: 10, dec: 20 }, { ra: 10, dec: 20 }, 0],
  ])('%j and %j is %p', (a, b, distance) => {
    expect(Math.abs(angularDistance(a, b) - distance)).toBeLessThan(1e-12 + distance * 1e-5);
  });
});
