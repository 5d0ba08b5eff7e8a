import { UsageError } from '@apf/core';
import fc from 'fast-check';
import { angularDistance, Catalogue, type SkyPosition } from '../../src/index.js';

const catalogue = (...positions: SkyPosition[]): Catalogue =>
  new Catalogue(
    Float64Array.from(positions, ({ ra }) => ra),
    Float64Array.from(positions, ({ dec }) => dec),
  );

/** The nearest source by looking at each. */
function bruteForce(
  sources: readonly SkyPosition[],
  position: SkyPosition,
  radius: number,
): { index: number; separation: number }[] {
  return sources
    .map((source, index) => ({ index, separation: angularDistance(source, position) * 3_600 }))
    .filter(({ separation }) => separation <= radius)
    .sort((a, b) => a.separation - b.separation || a.index - b.index);
}

/** Everywhere, and more often where coordinates are odd: around right ascension 0, at the poles, at the belt's edges. */
const position = fc.record({
  ra: fc.oneof(
    fc.double({ min: 0, max: 360, noNaN: true }),
    fc.constantFrom(0, 360, 90, 180, 270, 359.9999999, 1e-9),
    fc.double({ min: 359.999, max: 360, noNaN: true }),
  ),
  dec: fc.oneof(
    fc.double({ min: -90, max: 90, noNaN: true }),
    fc.constantFrom(90, -90, 0, 41.810314895778596, -41.810314895778596, 89.99999, -89.99999),
  ),
});
/** Another position within arcseconds, or a few degrees, of one; near a pole by any turn around it. */
const near = (from: SkyPosition) =>
  fc
    .record({
      turn: fc.double({ min: 0, max: 2 * Math.PI, noNaN: true }),
      far: fc.oneof(
        fc.double({ min: 0, max: 20, noNaN: true }),
        fc.double({ min: 0, max: 10_000, noNaN: true }),
      ),
    })
    .map(({ turn, far }) => {
      const dec = Math.max(-90, Math.min(90, from.dec + (far * Math.sin(turn)) / 3_600));
      const ra = from.ra + (far * Math.cos(turn)) / 3_600 / Math.max(1e-6, Math.cos((dec * Math.PI) / 180));
      return { ra: ((ra % 360) + 360) % 360, dec };
    });

describe('a catalogue', () => {
  it('finds the nearest source, and all within a radius, as looking at each does', () => {
    const world = position.chain((centre) =>
      fc.record({
        centre: fc.constant(centre),
        sources: fc.array(fc.oneof(near(centre), position), { minLength: 1, maxLength: 40 }),
        radius: fc.oneof(
          fc.double({ min: 0.01, max: 10, noNaN: true }),
          fc.double({ min: 10, max: 20_000, noNaN: true }),
        ),
      }),
    );
    fc.assert(
      fc.property(world, ({ centre, sources, radius }) => {
        const expected = bruteForce(sources, centre, radius);
        const index = catalogue(...sources);
        expect(index.within(centre, radius).map((match) => match.index)).toEqual(
          expected.map((match) => match.index),
        );
        const found = index.nearest(centre, radius);
        expect(found?.index).toBe(expected[0]?.index);
        if (found) expect(found.separation).toBeCloseTo(expected[0]!.separation, 6);
      }),
      { numRuns: 200 },
    );
  });

  it('is right across right ascension 0 and over the poles', () => {
    const sources = catalogue(
      { ra: 359.9999, dec: 0 },
      { ra: 0.0002, dec: 0 },
      { ra: 180, dec: 89.9999 },
      { ra: 20, dec: -89.9999 },
    );
    expect(sources.nearest({ ra: 0, dec: 0 }, 2)).toMatchObject({
      index: 0,
      separation: expect.closeTo(0.36, 9),
    });
    expect(sources.nearest({ ra: 360, dec: 0 }, 2)).toMatchObject({ index: 0 });
    expect(sources.nearest({ ra: 0, dec: 89.9999 }, 1)).toMatchObject({
      index: 2,
      separation: expect.closeTo(0.72, 6),
    });
    expect(sources.nearest({ ra: 200, dec: -90 }, 1)).toMatchObject({
      index: 3,
      separation: expect.closeTo(0.36, 6),
    });
    expect(sources.nearest({ ra: 0, dec: 45 }, 100)).toBeUndefined();
  });

  it('takes the first of several at one place, and the edge of the radius', () => {
    const sources = catalogue({ ra: 10, dec: 10.0001 }, { ra: 10, dec: 10 }, { ra: 10, dec: 10 });
    expect(sources.nearest({ ra: 10, dec: 10 }, 5)).toEqual({
      index: 1,
      separation: 0,
      position: { ra: 10, dec: 10 },
    });
    expect(catalogue().nearest({ ra: 1, dec: 1 }, 5)).toBeUndefined();
  });

  it.each([
    [{ ra: 10, dec: 90.1 }, /source 1 has the position 10 90.1/],
    [{ ra: 361, dec: 0 }, /source 1/],
    [{ ra: NaN, dec: 0 }, /source 1/],
  ])('refuses the position %j', (source, why) => {
    expect(() => catalogue(source)).toThrow(why);
    expect(() => catalogue(source)).toThrow(UsageError);
  });

  it.each([0, -1, NaN, Infinity])('refuses the radius %s', (radius) => {
    expect(() => catalogue({ ra: 1, dec: 1 }).nearest({ ra: 1, dec: 1 }, radius)).toThrow(/search radius/);
  });
});
