import { parseNight, parseTime } from '../src/parse-time';

const now = Date.parse('2021-03-15T12:00:00Z');
const at = (text: string, mjdScale?: 'tai'): string =>
  new Date(parseTime(text, '--since', { now, ...(mjdScale ? { mjdScale } : {}) })).toISOString();

it.each([
  ['2h', '2021-03-15T10:00:00.000Z'],
  ['1.5d', '2021-03-14T00:00:00.000Z'],
  ['90s', '2021-03-15T11:58:30.000Z'],
  ['1w', '2021-03-08T12:00:00.000Z'],
  ['2021-03-15', '2021-03-15T00:00:00.000Z'],
  ['2021-03-15T10:00', '2021-03-15T10:00:00.000Z'],
  ['2021-03-15 10:00:01.5', '2021-03-15T10:00:01.500Z'],
  ['2021-03-15T10:00-03:00', '2021-03-15T13:00:00.000Z'],
  // https://heasarc.gsfc.nasa.gov/cgi-bin/Tools/xTime: MJD 59288 is 2021-03-15.
  ['59288.5', '2021-03-15T12:00:00.000Z'],
  ['2459289', '2021-03-15T12:00:00.000Z'],
])('--since %s is %s', (text, iso) => {
  expect(at(text)).toBe(iso);
});

it('an MJD on the scale of TAI is 37 s earlier', () => {
  expect(at('59288.5', 'tai')).toBe('2021-03-15T11:59:23.000Z');
});

it.each(['yesterday', '2h ago', '', '12', '2021-13-01', '2021-03-15T', '-2h', '1e5', '3000000'])(
  '%j is no time',
  (text) => {
    expect(() => at(text)).toThrow(/--since '.*' is no time: write 2h/);
  },
);

it("a night is ZTF's day in UTC, or LSST's from noon to noon", () => {
  const night = (text: string, survey?: string): string[] =>
    Object.values(parseNight(text, survey)).map((ms) => new Date(ms).toISOString().slice(0, 16));
  expect(night('20210315', 'ztf')).toEqual(['2021-03-15T00:00', '2021-03-16T00:00']);
  expect(night('2021-03-15')).toEqual(['2021-03-15T12:00', '2021-03-16T12:00']);
  expect(() => night('20211315')).toThrow(/--night '20211315' is no date/);
});
