import { extendSchema, parseSchema } from '../../src/codecs/index.js';

const schema = parseSchema({
  type: 'record',
  name: 'ztf.alert',
  doc: 'an alert',
  fields: [
    { name: 'candid', type: 'long', doc: 'its id' },
    { name: 'cdsxmatch', type: 'string' },
  ],
});

it('adds fields that may be null behind those of the record, and keeps what is there', () => {
  const extended = extendSchema(schema, [
    { name: 'cdsxmatch', type: 'double' },
    { name: 'separation', type: 'double', doc: 'arcsec' },
  ]);
  expect(JSON.parse(extended.json)).toEqual({
    type: 'record',
    name: 'ztf.alert',
    doc: 'an alert',
    fields: [
      { name: 'candid', type: 'long', doc: 'its id' },
      { name: 'cdsxmatch', type: 'string' },
      { name: 'separation', doc: 'arcsec', type: ['null', 'double'], default: null },
    ],
  });
  const alert = { candid: 2n ** 61n, cdsxmatch: 'RRLyr', separation: 0.5 };
  expect(extended.decoder().decode(extended.encode(alert))).toEqual(alert);
  const { separation: _, ...without } = alert;
  expect(extended.decoder().decode(extended.encode(without))).toEqual({ ...without, separation: null });
});

it('leaves a schema as it is that has them all', () => {
  expect(extendSchema(schema, [{ name: 'candid', type: 'long' }])).toBe(schema);
});

it('refuses what is no record', () => {
  expect(() => extendSchema(parseSchema('string'), [{ name: 'x', type: 'int' }])).toThrow(/kind 'string'/);
});
