import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSchema } from '@apf/core';
import { ELASTICC_ALERT_SCHEMA } from '../src/elasticc-alert-schema.js';
import { LSST_ALERT_SCHEMAS } from '../src/lsst-alert-schema.js';
import type { LsstDiaObject, LsstDiaSource } from '../src/lsst-alert.js';
import { fieldRows, recordSchema, type RecordOf } from '../src/record-table.js';
import { describePublished, structure } from './published-schemas.js';

const TABLE = `
  long: id
  float? nJy: *_flux *_fluxErr
  int: *_count

  float?: *_H_*_cov
  string?: band note
  timestamp-micros?: made` as const;

describe('a record table', () => {
  it('has fields in their order, for each band where it says so', () => {
    const names = fieldRows(TABLE).map(([name]) => name);
    expect(names.slice(0, 7)).toEqual([
      ...['id', 'u_flux', 'u_fluxErr', 'u_count', 'g_flux', 'g_fluxErr', 'g_count'],
    ]);
    expect(names.slice(18)).toEqual([
      ...['y_count', 'u_H_u_cov', 'g_H_g_cov', 'r_H_r_cov', 'i_H_i_cov', 'z_H_z_cov', 'y_H_y_cov'],
      ...['band', 'note', 'made'],
    ]);
    expect(fieldRows(TABLE)[1]).toEqual(['u_flux', 'float?', 'nJy']);
  });

  it('gives the type of its records', () => {
    const record = { id: 1n, y_fluxErr: null, g_count: 3, band: 'g', made: 5n, z_H_z_cov: 0.5 };
    const typed: Pick<RecordOf<typeof TABLE>, keyof typeof record> = record;
    expect(typed).toBe(record);
    const source: Pick<LsstDiaSource, 'diaSourceId' | 'glint_trail'> = { diaSourceId: 2n, glint_trail: null };
    const object: Pick<LsstDiaObject, 'y_psfFluxMaxSlope' | 'nDiaSources'> = {
      y_psfFluxMaxSlope: 1,
      nDiaSources: 2,
    };
    expect([source.diaSourceId, object.nDiaSources]).toEqual([2n, 2]);
  });

  it('makes an Avro schema, null first and by default, with units', () => {
    expect(recordSchema('x', 'y', 'double d: jd\nlong?: id\ntimestamp-micros?: t')).toEqual({
      type: 'record',
      namespace: 'x',
      name: 'y',
      fields: [
        { name: 'jd', type: 'double', doc: '[d]' },
        { name: 'id', type: ['null', 'long'], default: null },
        { name: 't', type: ['null', { type: 'long', logicalType: 'timestamp-micros' }], default: null },
      ],
    });
  });
});

describePublished('the published schemas', (schemas) => {
  const folder = (...path: string[]): string => join(schemas, ...path);
  const read = (path: string, name: string, parts: string[]): unknown => {
    const names = new Map(
      parts.map((part) => [
        `${name}.${part}`,
        JSON.parse(readFileSync(join(path, `${name}.${part}.avsc`), 'utf8')) as object,
      ]),
    );
    return structure(readFileSync(join(path, `${name}.alert.avsc`), 'utf8'), names);
  };

  it.each([
    ['10.0', 'v10_0', ['diaSource', 'diaForcedSource', 'diaObject', 'ssSource', 'mpc_orbits']],
    ['7.4', 'v7_4', ['diaSource', 'diaForcedSource', 'diaNondetectionLimit', 'diaObject', 'ssObject']],
  ] as const)('of LSST %s have the structure of ours', (version, name, parts) => {
    const published = read(folder('lsst', name), `lsst.${name}`, [...parts]);
    expect(structure(LSST_ALERT_SCHEMAS[version])).toEqual(published);
  });

  it('of ELAsTiCC 0.9 have the structure of ours', () => {
    const parts = ['diaSource', 'diaForcedSource', 'diaNondetectionLimit', 'diaObject'];
    const published = read(folder('elasticc', 'v0_9'), 'elasticc.v0_9', parts);
    expect(structure(ELASTICC_ALERT_SCHEMA)).toEqual(published);
  });
});

describe('our schemas', () => {
  it.each([...Object.values(LSST_ALERT_SCHEMAS), ELASTICC_ALERT_SCHEMA])('parse', (schema) => {
    expect(() => parseSchema(schema)).not.toThrow();
  });
});
