import { lightCurveEcsv } from '../../src/light-curve/light-curve-ecsv.js';
import { lightCurveOf } from '../../src/light-curve/light-curve-of.js';
import { lightCurveVotable } from '../../src/light-curve/light-curve-votable.js';
import { measurementColumns, measurementRows } from '../../src/light-curve/measurement-table.js';
import { HOSTILE_ALERT, LSST_ALERT } from '../plot/alerts.js';

describe('the table of a light curve', () => {
  const curve = lightCurveOf(LSST_ALERT)!;

  it('has a value or null in each column for each measurement', () => {
    const columns = measurementColumns(curve);
    const rows = measurementRows(curve);
    expect(rows).toHaveLength(curve.points.length);
    for (const row of rows) {
      expect(Object.keys(row)).toEqual(columns.map(({ name }) => name));
      for (const { name, nullable } of columns) if (!nullable) expect(row[name]).not.toBeNull();
    }
  });

  it('names the unit of fluxes that are no nJy by their zero point', () => {
    const elasticc = { ...curve, unit: 'FLUXCAL' as const, zeroPoint: 27.5 };
    expect(measurementColumns(elasticc).find(({ name }) => name === 'flux')).toMatchObject({
      unit: '',
      doc: expect.stringContaining('zero point 27.5'),
    });
    expect(lightCurveVotable(elasticc)).toContain('flux 1 has 27.5 mag AB');
    expect(lightCurveEcsv(elasticc)).toContain('# - zero_point: 27.5\n');
  });

  it('lets nothing of an alert become markup, or a line of its own', () => {
    const hostile = lightCurveOf(HOSTILE_ALERT)!;
    expect(lightCurveVotable(hostile)).not.toMatch(/<script|]]>|<!--/);
    const inLines = { ...hostile, objectId: 'a\n# b,"c"' };
    const lines = (text: string): number => text.split('\n').length;
    expect(lines(lightCurveEcsv(inLines))).toBe(lines(lightCurveEcsv(hostile)));
    expect(lightCurveEcsv(inLines)).toContain('"a # b,""c"' + '""');
  });
});
