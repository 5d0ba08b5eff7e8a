import {
  compileExpression,
  compileFilter,
  type Expression,
} from '../../src/expressions/compile-expression.js';
import { ALERT, ELASTICC_ALERT, LSST_ALERT, SMALL_ZTF } from './alerts.js';

const value = (text: string, alert: unknown = ALERT): unknown => compileExpression(text).value(alert);
const checked = (text: string): Expression => compileExpression(text, { schema: SMALL_ZTF });

describe('expressions', () => {
  it.each([
    ['1 + 2 * 3', 7],
    ['(1 + 2) * 3', 9],
    ['10 - 4 - 3', 3],
    ['-2 ** 2', -4],
    ['2 ** -1', 0.5],
    ['2 ** 3 ** 2', 512],
    ['7 % 4', 3],
    ['-7 % 4', 1],
    ['+-+1', -1],
    ['.5 + 1e-1', 0.6],
    ['1 / 0', null],
    ['log10(-1)', null],
    ['true or false and false', true],
    ['not true or true', true],
    ['not (true or true)', false],
    ['not 1 == 2', true],
    ['TRUE AND NOT False', true],
    ['1 < 2 < 3', true],
    ['1 < 3 < 2', false],
    ["'a' < 'b'", true],
    ["'it\\'s' == \"it's\"", true],
    ['true == false', false],
    ['1 in (3, 2, 1)', true],
    ['1 in [2, 3]', false],
    ['1 not in [2, 3]', true],
    ["'b' in ('a', 'b')", true],
    ['2 in (1, 1 + 1)', true],
    ['3 in (1,2,3,4,5,6,7,8,9,10)', true],
    ['abs(-3)', 3],
    ['min(3, 1, 2)', 1],
    ['mean(1, 2)', 1.5],
    ['round(sqrt(10) * exp(0) + ln(1))', 3],
    ['floor(1.5) + ceil(1.5)', 3],
    ["lower('SN Ia')", 'sn ia'],
    ["starts_with('ZTF18', 'ZTF') and contains('SN Ia', 'Ia')", true],
  ])('%s is %p', (text, expected) => expect(value(text)).toEqual(expected));

  it('reads fields by their path, lists through arrays, keys of maps, and quoted names', () => {
    for (const compile of [compileExpression, checked]) {
      expect(compile('candidate.magpsf').value(ALERT)).toBe(18.5);
      expect(compile('prv_candidates.magpsf').value(ALERT)).toEqual([19.25, 18.75]);
      expect(compile('min(prv_candidates.magpsf, candidate.magpsf)').value(ALERT)).toBe(18.5);
      expect(compile('count(prv_candidates.magpsf)').value(ALERT)).toBe(2);
      expect(compile('count(prv_candidates)').value({ ...ALERT, prv_candidates: null })).toBe(0);
      expect(compile('scores.SN').value(ALERT)).toBe(0.75);
      expect(compile('`W1-W2` * 2').value(ALERT)).toBe(1);
    }
  });

  it('compares integers of 64 bits exactly, with each other, with fractions, and read as text', () => {
    for (const compile of [compileExpression, checked]) {
      expect(compile('candid == 9007199254740993').test(ALERT)).toBe(true);
      expect(compile('candid == 9007199254740992').test(ALERT)).toBe(false);
      expect(compile('candid > 9007199254740992').test(ALERT)).toBe(true);
      expect(compile('candid in (9007199254740992, 9007199254740994)').test(ALERT)).toBe(false);
      expect(compile('candid % 10 == 3').test(ALERT)).toBe(true);
      expect(compile('candid + 1').value(ALERT)).toBe(9007199254740994n);
      expect(compile('candid > 9007199254740992.5').test(ALERT)).toBe(true);
    }
    expect(value('candid == 9007199254740993', { candid: '9007199254740993' })).toBe(true);
    expect(value('candid > 9007199254740993', { candid: '9007199254740993' })).toBe(false);
  });

  describe('missing values', () => {
    it.each(['null', 'NaN', '-999', 'none'])('%s makes every comparison false, also !=', (kind) => {
      const missing = { null: null, NaN: NaN, '-999': -999, none: undefined }[kind];
      for (const operator of ['<', '<=', '>', '>=', '==', '!='])
        expect(value(`x ${operator} 5`, { x: missing })).toBe(false);
      expect(value('x in (5, 6)', { x: missing })).toBe(false);
      expect(value('x not in (5, 6)', { x: missing })).toBe(false);
      expect(value('x + 1', { x: missing })).toBeNull();
      expect(value('x is missing', { x: missing })).toBe(true);
      expect(value('x is not missing', { x: missing })).toBe(false);
      expect(value('not (x < 5)', { x: missing })).toBe(true);
    });

    it('takes -9 and 999 for missing in the fields of host galaxies, and nowhere else', () => {
      expect(value('diaObject.hostgal_z', ELASTICC_ALERT)).toBeNull();
      expect(value('diaObject.hostgal_mag_g is null', ELASTICC_ALERT)).toBe(true);
      expect(value('x', { x: -9 })).toBe(-9);
      expect(value('x', { x: 999 })).toBe(999);
    });

    it("takes the text 'null' for missing, as ZTF writes it", () => {
      expect(value('candidate.ssnamenr is missing')).toBe(true);
      expect(value("candidate.ssnamenr != 'Ceres'")).toBe(false);
    });

    it('knows what is there, be it a record or bytes', () => {
      expect(value('candidate is missing or stamp is missing')).toBe(false);
      expect(value('stamp is missing', { stamp: null })).toBe(true);
    });

    it('takes nothing from what every object inherits', () => {
      for (const name of ['constructor', 'toString', '__proto__', 'hasOwnProperty.name'])
        expect(value(`${name} is missing`)).toBe(true);
      expect(value('__proto__', JSON.parse('{"__proto__": 7}'))).toBe(7);
    });

    it('is no condition that holds', () => {
      expect(compileFilter('x').test({ x: null })).toBe(false);
      expect(compileFilter('x').test({ x: 1 })).toBe(false);
      expect(compileFilter('x').test({ x: true })).toBe(true);
    });
  });

  describe('derived names', () => {
    const all = (alert: unknown): Record<string, unknown> =>
      Object.fromEntries(
        ['ra', 'dec', 'mjd', 'band', 'mag', 'flux', 'positive', 'snr', 'age', 'ndet'].map((name) => [
          name,
          compileExpression(name).value(alert),
        ]),
      );

    it('are those of ZTF', () => {
      const ztf = all(ALERT);
      expect(ztf).toMatchObject({ ra: 150.1, dec: 2.2, mjd: 59000, band: 'r', mag: 18.5, age: 10, ndet: 4 });
      expect(ztf.snr).toBeCloseTo(10.857, 3);
      expect(ztf.positive).toBe(false);
      // 10 ** ((31.4 - 18.5) / 2.5)
      expect(ztf.flux).toBeCloseTo(-144543.977, 2);
      for (const [name, derived] of Object.entries(ztf)) expect(checked(name).value(ALERT)).toBe(derived);
    });

    it('are those of LSST', () => {
      const lsst = all(LSST_ALERT);
      expect(lsst).toMatchObject({ ra: 10, dec: -20, band: 'r', flux: -1000, positive: false, snr: 20 });
      expect(lsst).toMatchObject({ age: 10, ndet: 2 });
      expect(lsst.mag).toBeCloseTo(23.9, 10);
      expect(lsst.mjd).toBeCloseTo(60000 - 37 / 86400, 9);
      const known = { ...LSST_ALERT, diaObject: { nDiaSources: 7, firstDiaSourceMjdTai: 59900 } };
      expect(all(known)).toMatchObject({ age: 100, ndet: 7 });
    });

    it('are those of ELAsTiCC', () => {
      const elasticc = all(ELASTICC_ALERT);
      expect(elasticc).toMatchObject({ dec: -13, band: 'y', mag: 22.5, snr: 10, age: 0, ndet: 1 });
      expect(elasticc.flux).toBeCloseTo(3630.78, 2);
    });

    it('give way to a field of the same name', () => {
      expect(value('mag + 1', { mag: 5 })).toBe(6);
      expect(value('mag', { ...ALERT, mag: 5 })).toBe(5);
      expect(value('`mag`', ALERT)).toBeNull();
    });

    it('are missing for an alert of an unknown survey', () => {
      expect(value('snr is missing', { classification: 1 })).toBe(true);
      expect(value('snr is missing', null)).toBe(true);
    });
  });

  it('measures angles from the position of the alert', () => {
    expect(value('cone(150.1, 2.2, 1)')).toBe(true);
    expect(value('cone(150.1, 2.201, 3.7) and not cone(150.1, 2.201, 3.5)')).toBe(true);
    expect(value('distance(150.1, 2.201)')).toBeCloseTo(3.6, 6);
    expect(value('distance(0, 0, 0, 90)')).toBeCloseTo(324000, 6);
    expect(value('cone(10, -20, 1)', LSST_ALERT)).toBe(true);
    expect(value('ecliptic_lat(266.4051, -28.936175)')).toBeCloseTo(-5.5363, 3);
    expect(Math.abs(value('galactic_lat(266.4051, -28.936175)') as number)).toBeLessThan(0.001);
    expect(value('ecliptic_lat()')).toBe(value('ecliptic_lat(150.1, 2.2)'));
  });

  it('names the fields that it reads, so that a decoder reads no others', () => {
    const fields = (text: string): readonly string[] => checked(text).fields;
    expect(fields('candidate.magpsf < 20 and snr > 5')).toEqual(['candidate.magpsf', 'candidate.sigmapsf']);
    expect(fields('cone(1, 2, 3) and scores.SN > 0.5')).toEqual(['candidate.ra', 'candidate.dec', 'scores']);
    expect(fields('`W1-W2` > 0 and count(prv_candidates.jd) > 1')).toEqual(['W1-W2', 'prv_candidates.jd']);
    const { fields: some } = checked('snr > 10 and positive or band == "r" and prv_candidates is missing');
    const decoder = SMALL_ZTF.decoder({ fields: some });
    const read = decoder.decode(SMALL_ZTF.encode(ALERT)) as object;
    expect(Object.keys(read)).toEqual(['candidate', 'prv_candidates']);
    expect(compileExpression('snr > 5 and candidate.fid == 1', { survey: 'ztf' }).fields).toEqual([
      'snr?',
      'candidate.sigmapsf?',
      'candidate.fid',
    ]);
  });
});
