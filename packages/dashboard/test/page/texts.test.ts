import { countText, manyText, numberText, rateText, sizeText } from '../../page/text/numbers.js';
import { decimalPosition, degreesText, hoursText } from '../../page/text/positions.js';
import { durationText, mjdText, utcText } from '../../page/text/times.js';
import { visibleText } from '../../page/text/visible-text.js';

describe('numbers', () => {
  it.each([
    [0, '0'],
    [9999, '9999'],
    [12345, '12\u202f345'],
    [-1234567, '−1\u202f234\u202f567'],
    [null, '–'],
  ])('%d is counted as %s', (value, text) => {
    expect(countText(value)).toBe(text);
  });

  it.each([
    [17.3891, 2, '17.39'],
    [-0.001, 2, '−1.00e−3'],
    [-0.004, 2, '−4.00e−3'],
    [-0.006, 2, '−0.01'],
    [0, 3, '0.000'],
    [1e9, 0, '1e+9'],
    [256030.4, 0, '256\u202f030'],
    [1.85, undefined, '1.85'],
    [NaN, 2, 'NaN'],
  ])('%d with %p digits is %s', (value, digits, text) => {
    expect(numberText(value, digits)).toBe(text);
  });

  it('per second have as many digits as matter', () => {
    expect([0, 0.25, 12.34, 1234.5, null].map(rateText)).toEqual(['0/s', '0.25/s', '12.3/s', '1235/s', '–']);
  });

  it('of things, and of bytes', () => {
    expect([manyText(1, 'alert'), manyText(0, 'alert'), manyText(2, 'more', 'more')]).toEqual([
      '1 alert',
      '0 alerts',
      '2 more',
    ]);
    expect([0, 1, 999, 63_210, 5e6].map(sizeText)).toEqual([
      '0 bytes',
      '1 byte',
      '999 bytes',
      '63.2 kB',
      '5.0 MB',
    ]);
  });
});

describe('times', () => {
  it.each([
    [0, '0 ms'],
    [0.0042, '4.2 ms'],
    [0.25, '250 ms'],
    [0.9996, '1.00 s'],
    [1.4, '1.40 s'],
    [12.34, '12.3 s'],
    [59.4, '59 s'],
    [59.6, '1 min 0 s'],
    [185, '3 min 5 s'],
    [8040, '2 h 14 min'],
    [273_600, '3 d 4 h'],
    [-2, '−2.00 s'],
    [null, '–'],
  ])('%d s last %s', (seconds, text) => {
    expect(durationText(seconds)).toBe(text);
  });

  it('are of the calendar, in UTC', () => {
    expect(mjdText(58855.459429)).toBe('2020-01-07 11:01:35');
    expect(mjdText(51544)).toBe('2000-01-01 00:00:00');
    expect(mjdText(1e300)).toBe('MJD 1e+300');
    expect(utcText(951_782_400_000)).toBe('2000-02-29 00:00:00');
    expect(utcText('2026-11-25T23:20:00+01:00')).toBe('2026-11-25 22:20:00');
    expect(utcText('not a time')).toBe('not a time');
  });
});

describe('positions', () => {
  it.each([
    [150.13, '10:00:31.20'],
    [0, '00:00:00.00'],
    [359.9999999, '00:00:00.00'],
    [-15, '23:00:00.00'],
  ])('RA %d is %s', (ra, text) => {
    expect(hoursText(ra)).toBe(text);
  });

  it.each([
    [-5.5, '−05:30:00.0'],
    [2.20833, '+02:12:30.0'],
    [-0.001, '−00:00:03.6'],
    [59.999999, '+60:00:00.0'],
  ])('Dec %d is %s', (dec, text) => {
    expect(degreesText(dec)).toBe(text);
  });

  it('in degrees have a true minus', () => {
    expect(decimalPosition(150.123456, -2.3)).toBe('150.12346° −2.30000°');
  });
});

describe('text of alerts', () => {
  it('shows what steers terminals and the direction of writing', () => {
    expect(visibleText('\u001b[31mred\u0007\u202egpj.exe\u007f\u0085')).toBe(
      '␛[31mred␇⟨U+202E⟩gpj.exe␡⟨U+0085⟩',
    );
    expect(visibleText('<b>α Ori</b>')).toBe('<b>α Ori</b>');
  });
});
