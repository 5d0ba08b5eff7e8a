import { parseSchema, UsageError } from '@apf/core';
import { pythonTime, ShownField } from '../../src/simulate/shown-field.js';
import { ELASTICC, elasticcAlert } from './elasticc-alerts.js';

describe('the field that is shown (fink DISPLAY_FIELD)', () => {
  const alert = elasticcAlert(2_262_001n, 59_583.0511);
  const shown = (field: string, value: unknown = alert): string =>
    new ShownField(field).textOf(value, ELASTICC);

  it('is a path of names, and its value is as Python writes it', () => {
    expect(shown('diaSource,midPointTai')).toBe('59583.0511');
    expect(shown('diaSource.midPointTai', elasticcAlert(1n, 59_590))).toBe('59590.0');
    expect(shown('diaSource, diaSourceId')).toBe('2262001');
    expect(shown('diaSource,filterName')).toBe('Y');
    expect(shown('cutoutDifference')).toBe('None');
    expect(shown('diaSource')).toBe('(a record)');
  });

  it('goes through records that may be null', () => {
    const schema = parseSchema({
      type: 'record',
      name: 'a',
      fields: [
        {
          name: 'o',
          type: ['null', { type: 'record', name: 'b', fields: [{ name: 'ok', type: ['boolean', 'int'] }] }],
        },
      ],
    });
    const field = new ShownField('o,ok');
    expect(
      [{ o: null }, { o: { ok: true } }, { o: { ok: 5 } }].map((each) => field.textOf(each, schema)),
    ).toEqual(['None', 'True', '5']);
  });

  it('keeps control characters of an alert off the terminal', () => {
    const diaSource = { ...alert.diaSource, filterName: '\u001b[2J' };
    expect(shown('diaSource,filterName', { ...alert, diaSource })).toBe('\\u001b[2J');
  });

  it('names the nearest field in place of one that is not there', () => {
    expect(() => shown('diaSource,midPointTia')).toThrow(UsageError);
    expect(() => shown('diaSource,midPointTia')).toThrow(
      "the alerts have no field 'diaSource,midPointTia' to display; did you mean 'midPointTai'?",
    );
    expect(() => shown('zzz')).toThrow('there are: alertId, diaSource, prvDiaSources');
    expect(() => shown('alertId,x')).toThrow("no field 'alertId,x' to display");
  });
});

describe('pythonTime', () => {
  it('prints as time.time() does', () => {
    expect(pythonTime(1_646_209_314_730)).toBe('1646209314.73');
    expect(pythonTime(1_646_209_314_000)).toBe('1646209314.0');
  });
});
