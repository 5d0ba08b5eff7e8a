import { printable } from '../src/printable.js';

it.each([
  ['ZTF20aaa Ω é', 'ZTF20aaa Ω é'],
  ['\u001b[31mred\u0007', '\\u001b[31mred\\u0007'],
  ['two\r\nlines\u2028three', 'two\\u000d\\u000alines\\u2028three'],
  ['\u009b2J \u202etxt.exe', '\\u009b2J \\u202etxt.exe'],
])('%j', (text, printed) => {
  expect(printable(text)).toBe(printed);
});

it('is cut to its length, however long it was', () => {
  expect(printable('x'.repeat(10_000_000), 5)).toBe('xxxx…');
});
