import { angularDistance, parsePosition, parseRadius } from '@apf/alerts';
import { UsageError } from '@apf/core';
import fc from 'fast-check';

const parse = (longitude: string, latitude = '0', galactic = false): { ra: number; dec: number } =>
  parsePosition({ longitude, latitude, galactic });

describe('a position', () => {
  it.each([
    ['150.5', 150.5],
    ['+150.5d', 150.5],
    ['1.505e2', 150.5],
    ['10:02:00', 150.5],
    ['10 02 00', 150.5],
    ['10h02m00s', 150.5],
    ['10h 02m 00.0s', 150.5],
    ['10h2m', 150.5],
    ['10:02', 150.5],
    ['150d30m0s', 150.5],
    ['150°30′', 150.5],
    ['10.5h', 157.5],
    ['360', 0],
    ['-0.5', 359.5],
    [' 0 ', 0],
  ])('with the right ascension %p is at %p', (text, ra) => {
    expect(parse(text).ra).toBeCloseTo(ra, 10);
  });

  it.each([
    ['-5.5', -5.5],
    ['-05:30:00', -5.5],
    ['-05 30 00', -5.5],
    ['-5d30m0s', -5.5],
    ['-5°30\'0"', -5.5],
    ['-5d30m', -5.5],
    ['-0:30:00', -0.5],
    ['-00 00 36', -0.01],
    ['90', 90],
  ])('with the declination %p is at %p', (text, dec) => {
    expect(parse('0', text).dec).toBeCloseTo(dec, 10);
  });

  it('may be given in galactic coordinates', () => {
    const centre = { ra: 266.40499, dec: -28.93617 };
    expect(angularDistance(parse('0', '0', true), centre)).toBeLessThan(1 / 3600);
    expect(angularDistance(parse('0:00:00', '-0:00:00', true), centre)).toBeLessThan(1 / 3600);
    expect(angularDistance(parse('-0.5', '0', true), parse('359.5', '0', true))).toBeLessThan(1e-9);
  });

  it.each([
    ['', 'is not an angle; write 150.5, 10:02:00 or 10h02m00s'],
    ['ten', 'is not an angle'],
    ['10h', undefined],
    ['10:61:00', '60 or more minutes'],
    ['10:00:60', '60 or more minutes or seconds'],
    ['24:00:00', '24 or more hours'],
    ['361', 'is not between 0 and 360'],
    ['NaN', 'is not an angle'],
    ['1e999', 'is not between'],
    ['10:02:00; drop table', 'is not an angle'],
  ])('with the right ascension %p is refused', (text, why) => {
    if (why === undefined) expect(parse(text).ra).toBe(150);
    else {
      expect(() => parse(text)).toThrow(UsageError);
      expect(() => parse(text)).toThrow(why);
    }
  });

  it.each([
    ['90.1', 'is not between -90 and 90'],
    ['5h30m', 'is of hours; only a right ascension can be'],
    ['1\u001b[2J', '"1\\u001b[2J" is not an angle; write -5.5, -05:30:00 or -5d30m0s'],
  ])('with the declination %p is refused', (text, why) => {
    expect(() => parse('0', text)).toThrow(why);
  });

  it('comes back from any sexagesimal text within its digits', () => {
    const parts = fc.tuple(
      fc.integer({ min: 0, max: 89 }),
      fc.integer({ min: 0, max: 59 }),
      fc.integer({ min: 0, max: 5999 }),
    );
    fc.assert(
      fc.property(
        parts,
        fc.boolean(),
        fc.constantFrom(...[': :', 'd m s', '° ′ ″', '   '].map((marks) => marks.split(' '))),
        (part, south, marks) => {
          const [whole, minutes, hundredths] = part;
          const [a, b, c = ''] = marks.map((mark) => mark || ' ');
          const text = `${south ? '-' : ''}${whole}${a}${minutes}${b}${(hundredths / 100).toFixed(2)}${marks.length > 2 ? c : ''}`;
          const degrees = whole + minutes / 60 + hundredths / 360_000;
          expect(parse('0', text.trim()).dec).toBeCloseTo(south ? -degrees : degrees, 9);
        },
      ),
    );
  });
});

describe('a radius', () => {
  it.each([
    ['5', 5],
    ['5arcsec', 5],
    ['1.5 arcsec', 1.5],
    ['5"', 5],
    ['2arcmin', 120],
    ["2'", 120],
    ['0.5deg', 1800],
    ['.5d', 1800],
    ['180deg', 648_000],
  ])('of %p is of %p arcsec', (text, arcsec) => {
    expect(parseRadius(text) * 3600).toBeCloseTo(arcsec, 9);
  });

  it.each(['', '0', '-5', '181deg', '5 furlong', '1e3', 'NaN'])('of %p is refused', (text) => {
    expect(() => parseRadius(text)).toThrow(UsageError);
  });
});
