import { parseSchema } from '@apf/core';
import { StrictFields } from '../../src/wiring/strict-fields.js';

const strict = new StrictFields(
  parseSchema({
    type: 'record',
    name: 'R',
    fields: [
      { name: 'a', type: 'int' },
      { name: 'bytes', type: 'bytes' },
      {
        name: 'list',
        type: { type: 'array', items: { type: 'record', name: 'I', fields: [{ name: 'x', type: 'int' }] } },
      },
      { name: 'map', type: { type: 'map', values: 'I' } },
      {
        name: 'maybe',
        type: ['null', 'I', { type: 'record', name: 'J', fields: [{ name: 'y', type: 'int' }] }],
      },
    ],
  }),
);
const whole = { a: 1, bytes: Buffer.from('x'), list: [{ x: 1 }], map: { k: { x: 1 } }, maybe: { y: 1 } };

describe('StrictFields', () => {
  it('takes what has only fields of the schema', () => {
    expect(() => strict.check(whole)).not.toThrow();
    expect(() => strict.check({ ...whole, maybe: null, extra: undefined })).not.toThrow();
    expect(() => strict.check(7)).not.toThrow();
  });

  it.each([
    [{ ...whole, b: 1 }, 'b'],
    [{ ...whole, list: [{ x: 1 }, { x: 1, z: 1 }] }, 'list[1].z'],
    [{ ...whole, map: { k: { z: 1 } } }, 'map.k.z'],
    [{ ...whole, maybe: { z: 1 } }, 'maybe.z'],
  ])('refuses any other, %#', (value, field) => {
    expect(() => strict.check(value)).toThrow(
      `the result has the field '${field}', which its schema has not; remove it, or set STRICT to false`,
    );
  });
});
