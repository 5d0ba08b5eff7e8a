import { lightCurveModel } from '@apf/alerts';
import { checkTables, UsageError } from '@apf/core';

describe('the light-curve model', () => {
  it('has its tables, each with names that every database keeps, and a meaning for every column', () => {
    const tables = lightCurveModel();
    checkTables(tables);
    expect(tables.map(({ name, key }) => `${name} (${key.join(', ')})`)).toEqual([
      'schema (id)',
      'alert (candid)',
      'object (oid)',
      'detection (candid)',
      'non_detection (oid, band, mjd)',
      'forced_photometry (oid, pid)',
      'feature (oid, name, band, version)',
      'probability (oid, classifier_name, classifier_version, class_name)',
    ]);
    for (const { columns, key } of tables) {
      for (const { name, doc, nullable } of columns) {
        expect(doc).toBeTruthy();
        if (key.includes(name)) expect(nullable).toBe(false);
      }
    }
  });

  it('has room in `alert` for what a broker adds', () => {
    const alert = lightCurveModel({
      enrichment: [{ name: 'cdsxmatch', type: 'text', doc: 'SIMBAD class' }],
    })[1]!;
    expect(alert.columns.slice(-3)).toMatchObject([
      { name: 'cdsxmatch', type: 'text', nullable: true },
      { name: 'ingested_seq', filled: 'sequence' },
      { name: 'ingested_xid', filled: 'transaction' },
    ]);
    expect(lightCurveModel()[1]!.columns).toHaveLength(alert.columns.length - 1);
    expect(() => lightCurveModel({ enrichment: [{ name: 'CANDID', type: 'text' }] })).toThrow(UsageError);
  });
});
