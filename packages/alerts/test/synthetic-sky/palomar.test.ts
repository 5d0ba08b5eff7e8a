import {
  altitude,
  julianDate,
  lastNight,
  normalise,
  siderealTime,
  sunPosition,
} from '../../src/synthetic-sky/palomar.js';

const jd = (iso: string): number => julianDate(new Date(iso));
const HOUR = 1 / 24;

describe('the sky over Palomar', () => {
  it('reckons Julian dates from UTC', () => {
    expect(jd('2000-01-01T12:00:00Z')).toBe(2451545);
  });

  it('knows sidereal time: 18.697 h at Greenwich on 2000-01-01 at noon', () => {
    expect(siderealTime(2451545)).toBeCloseTo(280.4606 - 116.865, 3);
  });

  it('puts the Sun on the equator at the equinox and at 23.4 deg at the solstices', () => {
    // 2026: March equinox 20 March 14:46 UTC, solstices 21 June 08:25 and 21 December 20:50 UTC.
    const march = sunPosition(jd('2026-03-20T14:46:00Z'));
    expect(Math.abs(march.dec)).toBeLessThan(0.02);
    expect(Math.min(march.ra, 360 - march.ra)).toBeLessThan(0.03);
    expect(sunPosition(jd('2026-06-21T08:25:00Z')).dec).toBeCloseTo(23.44, 1);
    expect(sunPosition(jd('2026-12-21T20:50:00Z')).dec).toBeCloseTo(-23.44, 1);
  });

  it.each(['2026-01-15T20:00:00Z', '2026-06-21T20:00:00Z', '2026-11-01T03:00:00Z', '2026-11-01T15:00:00Z'])(
    'gives a whole night that has ended by %s, the Sun 18 deg down at both ends',
    (iso) => {
      const now = new Date(iso);
      const night = lastNight(now);
      expect(night.end).toBeLessThanOrEqual(julianDate(now));
      expect(julianDate(now) - night.end).toBeLessThan(1.01);
      for (const time of [night.start, night.end]) {
        const sun = sunPosition(time);
        expect(Math.abs(altitude(sun.ra, sun.dec, time) + 18)).toBeLessThan(0.3);
      }
      const { ra, dec } = sunPosition((night.start + night.end) / 2);
      expect(altitude(ra, dec, (night.start + night.end) / 2)).toBeLessThan(-18);
    },
  );

  it('has long nights in December and short ones in June', () => {
    const length = (iso: string): number => {
      const night = lastNight(new Date(iso));
      return (night.end - night.start) / HOUR;
    };
    expect(length('2026-12-21T20:00:00Z')).toBeGreaterThan(10.5);
    expect(length('2026-06-21T20:00:00Z')).toBeLessThan(7);
  });

  it('keeps angles in [0, 360)', () => {
    expect([0, 360, -1e-20, -90, 725].map(normalise)).toEqual([0, 0, 0, 270, 5]);
  });
});
