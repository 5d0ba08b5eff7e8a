import { angularDistance, coneRanges, HEALPIX_ORDER, healpixOf, type SkyPosition } from '@apf/alerts';
import fc from 'fast-check';

/** Points all over the sphere, with the poles and the two sides of right ascension 0 among them. */
const anywhere = fc.record({
  ra: fc.oneof(
    fc.double({ min: 0, max: 360, maxExcluded: true, noNaN: true }),
    fc.constantFrom(0, 359.9999999, 45, 90),
  ),
  dec: fc.oneof(fc.double({ min: -90, max: 90, noNaN: true }), fc.constantFrom(-90, 90, 0, 89.9999, 41.81)),
});

/** The point at a distance [deg] and a position angle from another one. */
function offset({ ra, dec }: SkyPosition, distance: number, angle: number): SkyPosition {
  const [d, r, a] = [dec, distance, angle].map((x) => (x * Math.PI) / 180) as [number, number, number];
  const sine = Math.sin(d) * Math.cos(r) + Math.cos(d) * Math.sin(r) * Math.cos(a);
  const east = Math.atan2(Math.sin(a) * Math.sin(r) * Math.cos(d), Math.cos(r) - Math.sin(d) * sine);
  return {
    ra: (ra + (east * 180) / Math.PI + 720) % 360,
    dec: (Math.asin(Math.max(-1, Math.min(1, sine))) * 180) / Math.PI,
  };
}

const covers = (ranges: ReturnType<typeof coneRanges>, at: SkyPosition): boolean => {
  const pixel = healpixOf(at);
  return ranges.some(({ first, last }) => first <= pixel && pixel <= last);
};

describe('HEALPix', () => {
  // Computed with astropy-healpix, nside 2^15, nested. Of a pole each quarter turn has its own pixel.
  it.each([
    [0, 60, 788462571],
    [90, 60, 1862204395],
    [180, 60, 2935946219],
    [270, 60, 4009688043],
    [270, 89.999, 4294967295],
    [90, -89.999, 9663676416],
    [359.9999999, 1e-7, 5100273664],
    [45, 90, 1073741823],
    [123.4, 90, 2147483647],
    [12, -90, 8589934592],
    [10.6847083, 41.26875, 710165178],
    [266.41681663, -29.00782497, 7557648841],
    [359.99999, -66.3, 12079600644],
    [180.1, 66.4, 2952789426],
    [83.633, 22.0145, 6340105433],
  ])('puts %p, %p into pixel %p', (ra, dec, pixel) => {
    expect(healpixOf({ ra, dec })).toBe(pixel);
  });

  it('counts right ascension in full circles', () => {
    expect(healpixOf({ ra: 360, dec: 10 })).toBe(healpixOf({ ra: 0, dec: 10 }));
    expect(healpixOf({ ra: -1, dec: 10 })).toBe(healpixOf({ ra: 359, dec: 10 }));
  });
});

describe('the pixels of a cone', () => {
  it('hold every point of it, wherever it lies and however large it is', () => {
    fc.assert(
      fc.property(
        anywhere,
        fc.double({ min: -7, max: Math.log10(180), noNaN: true }).map((exponent) => 10 ** exponent),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 360, noNaN: true }),
        (centre, radius, share, angle) => {
          const point = offset(centre, radius * share, angle);
          if (angularDistance(centre, point) > radius) return;
          expect(covers(coneRanges(centre, radius), point)).toBe(true);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('are few, ascending, apart, and not much more than the cone', () => {
    fc.assert(
      fc.property(anywhere, fc.double({ min: -3, max: 1.9, noNaN: true }), (centre, exponent) => {
        const radius = 10 ** exponent;
        const ranges = coneRanges(centre, radius);
        expect(ranges.length).toBeLessThan(60);
        for (const [i, { first, last }] of ranges.entries()) {
          expect(last).toBeGreaterThanOrEqual(first);
          if (i > 0) expect(first).toBeGreaterThan(ranges[i - 1]!.last + 1);
        }
        const pixels = ranges.reduce((sum, { first, last }) => sum + last - first + 1, 0);
        const cone = (1 - Math.cos((radius * Math.PI) / 180)) / 2;
        // At 3.6 arcsec a cone is smaller than the pixels around it.
        if (radius > 0.01) expect(pixels / (12 * 4 ** HEALPIX_ORDER)).toBeLessThan(4 * cone);
      }),
    );
  });

  it('are all pixels for the whole sky', () => {
    expect(coneRanges({ ra: 10, dec: 20 }, 180)).toEqual([{ first: 0, last: 12 * 4 ** HEALPIX_ORDER - 1 }]);
  });
});
