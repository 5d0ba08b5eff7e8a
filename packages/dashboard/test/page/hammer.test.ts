import { angularDistance, fromEcliptic } from '@apf/alerts/browser';
import fc from 'fast-check';
import { fromMap, mapLines, toMap } from '../../page/sky/hammer.js';

const position = fc.record({
  ra: fc.double({ min: 0, max: 360, noNaN: true }),
  dec: fc.double({ min: -90, max: 90, noNaN: true }),
});

describe('the Hammer projection', () => {
  it.each([
    ['the centre', 180, 0, 0, 0],
    ['the north pole', 77, 90, 0, 1],
    ['the south pole', 77, -90, 0, -1],
    // RA increases to the left: 0 comes in at the right, 360 leaves at the left.
    ['the right edge', 0.0000001, 0, 2, 0],
    ['the left edge', 359.9999999, 0, -2, 0],
    // φ = 90°, δ = 0: γ = √(1/(1 + cos 45°)), x = -2 γ sin 45°.
    ['RA 270 on the equator', 270, 0, -1.0823922, 0],
    ['RA 90 on the equator', 90, 0, 1.0823922, 0],
    // cos δ cos(φ/2) = 1/2: γ = √(2/3), x = -2 γ / 2, y = γ / √2.
    ['RA 270, Dec 45', 270, 45, -0.8164966, 0.5773503],
    ['RA 180, Dec 60', 180, 60, 0, 0.7071068],
  ])('puts %s where the formula says', (_, ra, dec, x, y) => {
    const point = toMap({ ra, dec });
    expect(point.x).toBeCloseTo(x, 6);
    expect(point.y).toBeCloseTo(y, 6);
  });

  it('keeps all positions inside the ellipse and finds them again', () => {
    fc.assert(
      fc.property(position, (sky) => {
        const point = toMap(sky);
        expect((point.x / 2) ** 2 + point.y ** 2).toBeLessThanOrEqual(1 + 1e-12);
        // At the very edge the way back loses digits, and may be outside by the last one.
        const inside = { x: point.x * (1 - 1e-12), y: point.y * (1 - 1e-12) };
        expect(angularDistance(fromMap(inside)!, sky)).toBeLessThan(1e-3);
      }),
    );
    expect(fromMap({ x: 1.9, y: 0.9 })).toBeNull();
  });

  it('keeps areas', () => {
    // A square of 0.1° anywhere has the area in the map that it has on the sphere: the whole map has 2π.
    const step = 0.1;
    const near = fc.record({
      ra: fc.double({ min: 5, max: 355, noNaN: true }),
      dec: fc.double({ min: -80, max: 80, noNaN: true }),
    });
    fc.assert(
      fc.property(near, ({ ra, dec }) => {
        const at = (dx: number, dy: number): { x: number; y: number } =>
          toMap({ ra: ra + (dx * step) / 2, dec: dec + (dy * step) / 2 });
        const [east, west, north, south] = [at(1, 0), at(-1, 0), at(0, 1), at(0, -1)];
        const area = Math.abs(
          (east.x - west.x) * (north.y - south.y) - (east.y - west.y) * (north.x - south.x),
        );
        const radians = (step * Math.PI) / 180;
        const onSphere = radians ** 2 * Math.cos((dec * Math.PI) / 180);
        expect(area / onSphere / (2 / 4)).toBeCloseTo(1, 3);
      }),
    );
  });

  it('cuts lines where they leave the map', () => {
    const ecliptic = Array.from({ length: 361 }, (_, lambda) => fromEcliptic({ lambda, beta: 0 }));
    const lines = mapLines(ecliptic);
    expect(lines.flat()).toHaveLength(361);
    for (const line of lines) {
      for (const [i, point] of line.entries()) {
        if (i > 0) expect(Math.abs(point.x - line[i - 1]!.x)).toBeLessThan(0.1);
      }
    }
    // The equinox itself is on both edges, and is drawn at the left one.
    expect(lines.map((line) => line.length)).toEqual([1, 360]);
  });
});
