import fc from 'fast-check';
import { parseSchema, projectSchema } from '../../src/codecs/index.js';

const source = {
  type: 'record',
  name: 'source',
  fields: ['ra', 'dec', 'mag'].map((name) => ({ name, type: 'float' })),
};
const schema = parseSchema({
  type: 'record',
  name: 'alert',
  namespace: 'survey',
  doc: 'An alert.',
  fields: [
    { name: 'candid', type: 'long' },
    { name: 'source', type: source },
    { name: 'before', type: ['null', { type: 'array', items: 'source' }], default: null },
    { name: 'cutout', type: ['null', 'bytes'], default: null },
  ],
});
const value = {
  candid: 5n,
  source: { ra: 1, dec: 2, mag: 3 },
  before: [{ ra: 4, dec: 5, mag: 6 }],
  cutout: Buffer.from('x'),
};
const paths = ['candid', 'source', 'source.ra', 'source.mag', 'before', 'before.ra', 'before.dec', 'cutout'];

it('is a schema that other readers take', () => {
  expect(JSON.parse(projectSchema(schema, ['source.ra', 'before']).json)).toEqual({
    type: 'record',
    name: 'survey.alert',
    doc: 'An alert.',
    fields: [
      {
        name: 'source',
        type: { type: 'record', name: 'survey.source', fields: [{ name: 'ra', type: 'float' }] },
      },
      {
        name: 'before',
        type: [
          'null',
          {
            type: 'array',
            items: {
              type: 'record',
              name: 'survey.source_2',
              fields: ['ra', 'dec', 'mag'].map((name) => ({ name, type: 'float' })),
            },
          },
        ],
        default: null,
      },
    ],
  });
});

it('fits what the decoder gives, for any fields', () => {
  fc.assert(
    fc.property(fc.subarray(paths, { minLength: 1 }), (fields) => {
      const projected = projectSchema(schema, fields);
      const read = schema.decoder({ fields }).decode(schema.encode(value));
      const again = parseSchema(projected.json);
      expect(again.decoder().decode(projected.encode(read))).toEqual(read);
    }),
  );
});
