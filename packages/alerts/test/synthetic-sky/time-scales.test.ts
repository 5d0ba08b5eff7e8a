import { fromJulianDate, julianDate, mjdTai } from '../../src/synthetic-sky/time-scales.js';

const jd = (iso: string): number => julianDate(new Date(iso));

describe('time scales', () => {
  it('reckon Julian dates from UTC, there and back', () => {
    expect(jd('2000-01-01T12:00:00Z')).toBe(2451545);
    expect(fromJulianDate(2451545)).toEqual(new Date('2000-01-01T12:00:00Z'));
  });

  it('give TAI as a modified Julian date', () => {
    expect(mjdTai(jd('2020-01-01T00:00:00Z'))).toBeCloseTo(58849 + 37 / 86_400, 9);
  });
});
