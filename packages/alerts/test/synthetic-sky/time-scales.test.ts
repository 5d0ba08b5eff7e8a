import { fromJulianDate, julianDate, mjdTai, taiMinusUtc } from '../../src/synthetic-sky/time-scales.js';

const jd = (iso: string): number => julianDate(new Date(iso));

describe('time scales', () => {
  it('reckon Julian dates from UTC, there and back', () => {
    expect(jd('2000-01-01T12:00:00Z')).toBe(2451545);
    expect(fromJulianDate(2451545)).toEqual(new Date('2000-01-01T12:00:00Z'));
  });

  it('are 37 s apart since 2017, fewer before, by a step at midnight UTC', () => {
    expect(taiMinusUtc(jd('2026-06-01T00:00:00Z'))).toBe(37);
    expect(taiMinusUtc(jd('2017-01-01T00:00:00Z'))).toBe(37);
    expect(taiMinusUtc(jd('2016-12-31T23:59:59Z'))).toBe(36);
    expect(taiMinusUtc(jd('2000-01-01T00:00:00Z'))).toBe(32);
    expect(() => taiMinusUtc(jd('1998-12-31T00:00:00Z'))).toThrow('TAI is not known before 1999');
  });

  it('give TAI as a modified Julian date', () => {
    expect(mjdTai(jd('2020-01-01T00:00:00Z'))).toBeCloseTo(58849 + 37 / 86_400, 9);
  });
});
