import {
  airmass,
  altitude,
  CERRO_PACHON,
  hourAngle,
  lastNight,
  nextNight,
  normalise,
  PALOMAR,
  siderealTime,
  sunPosition,
} from '../../src/synthetic-sky/site.js';
import { julianDate } from '../../src/synthetic-sky/time-scales.js';

const jd = (iso: string): number => julianDate(new Date(iso));
const HOUR = 1 / 24;

describe('the sky over an observatory', () => {
  it('knows sidereal time: 18.697 h at Greenwich on 2000-01-01 at noon', () => {
    expect(siderealTime(PALOMAR, 2451545)).toBeCloseTo(280.4606 - 116.865, 3);
  });

  it('puts the Sun on the equator at the equinox and at 23.4 deg at the solstices', () => {
    // 2026: March equinox 20 March 14:46 UTC, solstices 21 June 08:25 and 21 December 20:50 UTC.
    const march = sunPosition(jd('2026-03-20T14:46:00Z'));
    expect(Math.abs(march.dec)).toBeLessThan(0.02);
    expect(Math.min(march.ra, 360 - march.ra)).toBeLessThan(0.03);
    expect(sunPosition(jd('2026-06-21T08:25:00Z')).dec).toBeCloseTo(23.44, 1);
    expect(sunPosition(jd('2026-12-21T20:50:00Z')).dec).toBeCloseTo(-23.44, 1);
  });

  const times = [
    '2026-01-15T20:00:00Z',
    '2026-06-21T20:00:00Z',
    '2026-11-01T03:00:00Z',
    '2026-11-01T15:00:00Z',
  ];
  const sites = { Palomar: PALOMAR, 'Cerro Pachón': CERRO_PACHON };
  it.each(Object.entries(sites).flatMap(([name, site]) => times.map((iso) => [name, iso, site] as const)))(
    'over %s gives whole nights before and after %s, the Sun low enough from end to end',
    (_, iso, site) => {
      const now = new Date(iso);
      const [last, next] = [lastNight(site, now), nextNight(site, now)];
      expect(last.end).toBeLessThanOrEqual(julianDate(now));
      expect(next.start).toBeGreaterThanOrEqual(julianDate(now));
      // At most the night that goes on lies between them.
      expect([1, 2]).toContain(Math.round(next.start - last.start));
      for (const night of [last, next]) {
        for (const time of [night.start, night.end]) {
          const sun = sunPosition(time);
          expect(Math.abs(altitude(site, sun.ra, sun.dec, time) + site.sunBelow)).toBeLessThan(0.3);
        }
        const { ra, dec } = sunPosition((night.start + night.end) / 2);
        expect(altitude(site, ra, dec, (night.start + night.end) / 2)).toBeLessThan(-site.sunBelow);
      }
    },
  );

  it('has long nights in December and short ones in June', () => {
    const length = (iso: string): number => {
      const night = lastNight(PALOMAR, new Date(iso));
      return (night.end - night.start) / HOUR;
    };
    expect(length('2026-12-21T20:00:00Z')).toBeGreaterThan(10.5);
    expect(length('2026-06-21T20:00:00Z')).toBeLessThan(7);
  });

  it('knows how long something stands above an altitude', () => {
    for (const dec of [-25, 0, 40]) {
      const ra = siderealTime(PALOMAR, 2461000) - hourAngle(PALOMAR, dec, 25);
      expect(altitude(PALOMAR, ra, dec, 2461000)).toBeCloseTo(25, 6);
    }
    expect(hourAngle(PALOMAR, 89, 10)).toBe(180);
    expect(hourAngle(PALOMAR, -80, 10)).toBe(0);
    expect(airmass(30)).toBeCloseTo(2, 12);
  });

  it('keeps angles in [0, 360)', () => {
    expect([0, 360, -1e-20, -90, 725].map(normalise)).toEqual([0, 0, 0, 270, 5]);
  });
});
