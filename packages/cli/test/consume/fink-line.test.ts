import { ctime, finkLine } from '../../src/consume/fink-line';

const alert = {
  timestamp: '2020-01-07 11:01:34.515',
  objectId: 'ZTF19abuhlxk',
  cdsxmatch: 'Unknown',
  rfscore: 0.593,
};

it('2.2: is the line that the document shows', () => {
  expect(finkLine(alert, 'snialike')).toBe(
    '2020-01-07 11:01:34.515  |snialike  |ZTF19abuhlxk   |Unknown   |0.593|',
  );
});

it('2.2: a field that is null or missing prints', () => {
  expect(finkLine({ ...alert, rfscore: null, cdsxmatch: undefined }, 't')).toBe(
    '2020-01-07 11:01:34.515  |t         |ZTF19abuhlxk   |None      |None |',
  );
});

it('what would act on a terminal does not', () => {
  expect(finkLine({ ...alert, objectId: '\u001b[2J\n' }, 't')).toContain('|\\u001b[2J\\u000a|');
});

it('ctime pads the day with a space, as Python does', () => {
  expect(ctime(new Date(2020, 0, 7, 11, 1, 34))).toBe('Tue Jan  7 11:01:34 2020');
});
