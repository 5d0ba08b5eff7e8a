import { parseSchema, type AvroSchema } from '@apf/core';

/** A small schema in the shape of ZTF's, with a list, a map, bytes and a name that no language takes. */
export const SMALL_ZTF: AvroSchema = parseSchema({
  type: 'record',
  name: 'small.alert',
  fields: [
    { name: 'objectId', type: 'string' },
    { name: 'candid', type: 'long' },
    {
      name: 'candidate',
      type: [
        'null',
        {
          type: 'record',
          name: 'candidate',
          fields: [
            ...['jd', 'ra', 'dec', 'jdstarthist'].map((name) => ({ name, type: 'double' })),
            { name: 'fid', type: 'int' },
            { name: 'magpsf', type: ['null', 'float'] },
            { name: 'sigmapsf', type: 'float' },
            { name: 'ssdistnr', type: ['float', 'null'] },
            { name: 'ssnamenr', type: ['string', 'null'] },
            { name: 'isdiffpos', type: 'string' },
            { name: 'ndethist', type: 'int' },
          ],
        },
      ],
    },
    {
      name: 'prv_candidates',
      type: [
        'null',
        {
          type: 'array',
          items: {
            type: 'record',
            name: 'prv_candidate',
            fields: [
              { name: 'jd', type: 'double' },
              { name: 'magpsf', type: ['null', 'float'] },
            ],
          },
        },
      ],
    },
    { name: 'scores', type: { type: 'map', values: 'double' } },
    { name: 'W1-W2', type: ['null', 'double'] },
    { name: 'good', type: 'boolean' },
    { name: 'stamp', type: ['null', 'bytes'] },
  ],
});

export const ALERT = {
  objectId: 'ZTF18abcdefg',
  candid: 9007199254740993n,
  candidate: {
    jd: 2459000.5,
    ra: 150.1,
    dec: 2.2,
    jdstarthist: 2458990.5,
    fid: 2,
    magpsf: 18.5,
    sigmapsf: 0.1,
    ssdistnr: -999,
    ssnamenr: 'null',
    isdiffpos: 'f',
    ndethist: 4,
  },
  prv_candidates: [
    { jd: 2458990.5, magpsf: null },
    { jd: 2458994.5, magpsf: 19.25 },
    { jd: 2458998.5, magpsf: 18.75 },
  ],
  scores: { SN: 0.75, AGN: 0.125 },
  'W1-W2': 0.5,
  good: true,
  stamp: Buffer.from('pixels'),
};

/** LSST's names of its schema 10. */
export const LSST_ALERT = {
  diaSource: {
    diaSourceId: 25409136044802067n,
    midpointMjdTai: 60000,
    band: 'r',
    ra: 10,
    dec: -20,
    psfFlux: -1000,
    psfFluxErr: 50,
  },
  prvDiaSources: [{ diaSourceId: 1n, midpointMjdTai: 59990, psfFlux: 10 }],
  diaObject: null,
};

export const ELASTICC_ALERT = {
  diaSource: {
    diaSourceId: 746024000024n,
    midPointTai: 60673,
    filterName: 'Y',
    ra: 20,
    decl: -13,
    psFlux: 100,
    psFluxErr: 10,
  },
  prvDiaSources: null,
  diaObject: { hostgal_z: -9, hostgal_mag_g: 999, mwebv: 0.1 },
};
