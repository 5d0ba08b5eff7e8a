import { parseSchema } from '@apf/core';
import { fieldTree } from '../../src/alerts/field-tree';

describe('the fields of an alert', () => {
  it('keep every digit, have the doc of their schema, and count bytes', () => {
    const schema = parseSchema({
      type: 'record',
      name: 'a',
      fields: [
        { name: 'candid', type: 'long', doc: 'its id' },
        { name: 'rb', type: ['null', 'float'] },
        { name: 'jd', type: 'double' },
        { name: 'stamp', type: 'bytes' },
        {
          name: 'prv',
          type: {
            type: 'array',
            items: { type: 'record', name: 'p', fields: [{ name: 'x', type: 'float', doc: 'there' }] },
          },
        },
      ],
    });
    const value = {
      candid: 9007199254740993n,
      rb: Math.fround(0.1),
      jd: 2459000.123456789,
      stamp: Buffer.from([1, 2]),
      prv: [{ x: Math.fround(17.45) }],
    };
    expect(fieldTree(value, schema)).toEqual({
      name: '',
      kind: 'record',
      value: null,
      children: [
        { name: 'candid', kind: 'integer', value: '9007199254740993', doc: 'its id' },
        { name: 'rb', kind: 'number', value: '0.1' },
        { name: 'jd', kind: 'number', value: '2459000.123456789' },
        { name: 'stamp', kind: 'bytes', value: '2 bytes' },
        {
          name: 'prv',
          kind: 'array',
          value: null,
          children: [
            {
              name: '0',
              kind: 'record',
              value: null,
              children: [{ name: 'x', kind: 'number', value: '17.45', doc: 'there' }],
            },
          ],
        },
      ],
    });
  });

  it('say how many are left out where there are too many, and how much of a text', () => {
    const tree = fieldTree({ list: Array.from({ length: 50_000 }, () => null), late: 1 });
    expect(tree.children![0]!.children!.length + tree.children![0]!.leftOut!).toBe(50_000);
    expect(tree.leftOut).toBe(1);
    expect(fieldTree('x'.repeat(5_000))).toMatchObject({ value: 'x'.repeat(4_000), leftOut: 1_000 });
  });

  it('are values without a schema too: NaN, booleans, nothing', () => {
    const { children } = fieldTree({ a: NaN, b: false, c: null, d: undefined, e: -0 });
    expect(children!.map(({ kind, value }) => [kind, value])).toEqual([
      ['number', 'NaN'],
      ['boolean', 'false'],
      ['null', 'null'],
      ['null', 'null'],
      ['number', '0'],
    ]);
  });
});
