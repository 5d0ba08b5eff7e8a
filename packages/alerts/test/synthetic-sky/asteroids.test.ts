import * as fc from 'fast-check';
import {
  brightening,
  dot,
  drawAsteroid,
  geometryOf,
  magnitudeAt,
  placeAt,
  type Asteroid,
} from '../../src/synthetic-sky/asteroids.js';
import { Random } from '../../src/synthetic-sky/random.js';
import { sunPosition } from '../../src/synthetic-sky/site.js';
import { angularDistance } from '../../src/sky/sky-position.js';

const jd = 2461114.5;
const sun = sunPosition(jd);
const opposition = { ra: (sun.ra + 180) % 360, dec: -sun.dec };
const asteroidAt = (place: { ra: number; dec: number }, seed = 1): Asteroid =>
  drawAsteroid(place, jd, 20, new Random(seed, 0));

describe('synthetic asteroids', () => {
  it('move back at opposition, by 0.1 to 0.4 deg a day, and on near the Sun', () => {
    for (let seed = 0; seed < 50; seed++) {
      const { eastwards, upwards } = asteroidAt(opposition, seed);
      expect(eastwards).toBeLessThan(0);
      expect(Math.hypot(eastwards, upwards)).toBeGreaterThan(0.1);
      expect(Math.hypot(eastwards, upwards)).toBeLessThan(0.4);
      const ahead = asteroidAt({ ra: (sun.ra + 60) % 360, dec: 0 }, seed);
      expect(ahead.eastwards).toBeGreaterThan(0);
    }
  });

  it('are where they were drawn at the middle of their crossing, and move as they say', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 359, noNaN: true }),
        fc.double({ min: -40, max: 40, noNaN: true }),
        fc.integer({ min: 0, max: 1e6 }),
        (ra, dec, seed) => {
          const asteroid = asteroidAt({ ra, dec }, seed);
          expect(angularDistance(placeAt(asteroid, jd), { ra, dec })).toBeLessThan(1e-9);
          const moved = angularDistance(placeAt(asteroid, jd + 0.05), { ra, dec });
          const rate = Math.hypot(asteroid.eastwards, asteroid.upwards);
          expect(Math.abs(moved / 0.05 - rate)).toBeLessThan(0.01 * rate + 1e-6);
        },
      ),
      { numRuns: 100 },
    );
  });

  it('stand in a triangle with Sun and Earth, on a circle about the Sun', () => {
    const asteroid = asteroidAt({ ra: (sun.ra + 130) % 360, dec: 5 });
    const { position, velocity, topocentric, range, phaseAngle, elongation } = geometryOf(
      asteroid,
      asteroid,
      jd,
    );
    expect(Math.sqrt(dot(position, position))).toBeCloseTo(asteroid.radius, 9);
    expect(Math.sqrt(dot(topocentric, topocentric))).toBeCloseTo(range, 9);
    expect(dot(position, velocity)).toBeCloseTo(0, 12);
    // Kepler's third law: once round in a^1.5 years.
    const period = (2 * Math.PI * asteroid.radius) / Math.sqrt(dot(velocity, velocity));
    expect(period / 365.256).toBeCloseTo(asteroid.radius ** 1.5, 3);
    // Law of sines: the Earth is 1 au from the Sun.
    const sine = (angle: number): number => Math.sin((angle * Math.PI) / 180);
    expect(sine(phaseAngle)).toBeCloseTo(sine(elongation) / asteroid.radius, 6);
    expect(angularDistance(opposition, opposition)).toBe(0);
    expect(geometryOf(asteroidAt(opposition), opposition, jd).elongation).toBeGreaterThan(179);
  });

  it('are as bright as drawn, turn twice a period, and fade with distance and phase', () => {
    const asteroid = asteroidAt(opposition);
    const magnitudes = Array.from({ length: 101 }, (_, i) =>
      magnitudeAt(asteroid, jd + (i / 100) * asteroid.period),
    );
    expect(Math.max(...magnitudes) - Math.min(...magnitudes)).toBeCloseTo(asteroid.range, 2);
    expect(magnitudes[50]).toBeCloseTo(magnitudes[0]!, 6);
    expect(brightening(1, 1, 0)).toBeCloseTo(0, 6);
    expect(brightening(2, 1, 0)).toBeCloseTo(5 * Math.log10(2), 6);
    expect(brightening(2, 1, 20)).toBeGreaterThan(brightening(2, 1, 5));
  });

  it('have designations that pack as those of the Minor Planet Center', () => {
    for (let seed = 0; seed < 100; seed++) {
      const { designation, packed } = asteroidAt(opposition, seed);
      const [, year, letters, count] = /^(\d{4}) ([A-Y][A-Z])(\d{1,2})$/.exec(designation)!;
      const century = Number(year) < 2000 ? 'J' : 'K';
      expect(packed).toBe(
        `${century}${year!.slice(2)}${letters![0]}${count!.padStart(2, '0')}${letters![1]}`,
      );
    }
  });
});
