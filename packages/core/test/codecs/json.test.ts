import fc from 'fast-check';
import { createCodec, parseJson, parseSchema, toJson } from '../../src/codecs/index.js';
import { shortestFloat } from '../../src/codecs/to-json.js';
import { PoisonError } from '../../src/errors.js';

/** V8 13.6 (Node 24) takes an escaped key for one with a backslash that it has seen in the same place. */
const confusesKeys = ((): boolean => {
  JSON.parse('{"a":1,"\\\\":1}');
  return !Object.hasOwn(JSON.parse('{"a":1,"\\"":1}') as object, '"');
})();

describe('parsing JSON', () => {
  it('gives what JSON.parse gives, but for integers that it would round', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(JSON.parse(toJson(parseJson(text)))).toEqual(JSON.parse(text));
      }),
    );
  });

  it('gives any tree of values back that toJson wrote', () => {
    const large = fc.bigInt().filter((n) => n > 2n ** 53n || n < -(2n ** 53n));
    const key = fc
      .oneof(fc.string(), fc.constantFrom('__proto__', '12345678901234567890', '"', '\\'))
      .filter((name) => !confusesKeys || !name.includes('\\'));
    const tree = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        large,
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        fc.string(),
        fc.constantFrom('#1234567890123456789', '\\"12345678901234567890', '-12345678901234567890'),
        fc.boolean(),
        fc.constant(null),
        fc.array(tie('value')),
        fc.array(fc.tuple(key, tie('value'))).map((entries) => {
          const made = {};
          for (const [name, value] of entries) {
            Object.defineProperty(made, name, {
              value,
              enumerable: true,
              writable: true,
              configurable: true,
            });
          }
          return made;
        }),
      ),
    })).value;
    fc.assert(
      fc.property(tree, fc.boolean(), (value, pretty) => {
        expect(parseJson(toJson(value, pretty ? { indent: 2 } : {}))).toEqual(value);
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['9007199254740991', 9007199254740991],
    ['9007199254740993', 9007199254740993n],
    ['-9007199254740993', -9007199254740993n],
    ['1234567890123456789.5', Number('1234567890123456789.5')],
    ['1234567890123456789e2', Number('1234567890123456789e2')],
    ['0.12345678901234567890', Number('0.12345678901234567890')],
    ['1e-1234567890123456789', 0],
    ['"1234567890123456789"', '1234567890123456789'],
    ['"\\\\"', '\\'],
  ])('reads %s', (text, value) => {
    expect(parseJson(text)).toBe(value);
    expect(parseJson(`{"a":[${text},{"b":${text}}]}`)).toEqual({ a: [value, { b: value }] });
  });

  it.each(['', '{', '01234567890123456789', '-', '{"a":1234567890123456789', '[1,]', '\uFEFF'])(
    'refuses %j',
    (text) => {
      expect(() => parseJson(text)).toThrow(PoisonError);
    },
  );

  it('stays quick with a million digits and with deep nesting', () => {
    expect(parseJson('1'.repeat(1_000_000))).toBe(Infinity);
    expect(() => parseJson(`${'['.repeat(200_000)}12345678901234567890${']'.repeat(200_000)}`)).toThrow(
      PoisonError,
    );
  });

  it('takes the elements of an array for the alerts of a message', () => {
    const codec = createCodec({ framing: 'json' });
    expect(codec.decode(Buffer.from('[{"a":1},{"a":2}]'))).toEqual([{ a: 1 }, { a: 2 }]);
    expect(codec.decode(Buffer.from('{"a":1}'))).toEqual([{ a: 1 }]);
  });
});

describe('writing JSON', () => {
  it('writes integers as digits, bytes in base64, and leaves undefined out', () => {
    const value = {
      b: 2n ** 63n,
      bytes: Buffer.from('pixels'),
      gone: undefined,
      list: [undefined, 'é"'],
      when: new Date(0),
    };
    expect(toJson(value)).toBe(
      '{"b":9223372036854775808,"bytes":"cGl4ZWxz","list":[null,"é\\""],"when":"1970-01-01T00:00:00.000Z"}',
    );
    expect(toJson(undefined)).toBe('null');
    expect(toJson(new Uint8Array([1]))).toBe('"AQ=="');
    expect(toJson(-0)).toBe('-0');
  });

  it('indents and sorts as Python does', () => {
    expect(toJson({ b: [1, { c: {} }], a: [] }, { indent: 4, sortKeys: true })).toBe(
      '{\n    "a": [],\n    "b": [\n        1,\n        {\n            "c": {}\n        }\n    ]\n}',
    );
  });

  it('writes NaN and infinities by choice', () => {
    const values = [NaN, Infinity, -Infinity];
    expect(toJson(values)).toBe('[null,null,null]');
    expect(toJson(values, { nonFinite: 'literal' })).toBe('[NaN,Infinity,-Infinity]');
    expect(toJson(values, { nonFinite: 'string' })).toBe('["NaN","Infinity","-Infinity"]');
  });

  it('gives 32-bit floats the fewest digits that give them back', () => {
    fc.assert(
      fc.property(fc.float({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const short = shortestFloat(value);
        expect(Math.fround(short)).toBe(value);
        const digits = String(Math.abs(short))
          .replace(/e.*|\.|^0\.0*/g, '')
          .replace(/^0+|0+$/g, '').length;
        for (let fewer = 1; fewer < digits; fewer++)
          expect(Math.fround(Number(value.toPrecision(fewer)))).not.toBe(value);
      }),
      { numRuns: 1000 },
    );
  });

  it('does so wherever the schema says float: in records, arrays, maps and unions', () => {
    const schema = parseSchema({
      type: 'record',
      name: 'r',
      fields: [
        { name: 'f', type: 'float' },
        { name: 'd', type: 'double' },
        { name: 'n', type: ['float', 'null'] },
        { name: 'l', type: ['null', { type: 'array', items: 'float' }] },
        { name: 'm', type: { type: 'map', values: 'float' } },
        { name: 'r', type: ['null', 'r'] },
      ],
    });
    const f = Math.fround(17.45);
    const leaf = { f, d: f, n: null, l: null, m: {}, r: null };
    const value = { f, d: f, n: f, l: [f], m: { a: f }, r: leaf };
    expect(toJson(value, { schema })).toBe(
      '{"f":17.45,"d":17.450000762939453,"n":17.45,"l":[17.45],"m":{"a":17.45},' +
        '"r":{"f":17.45,"d":17.450000762939453,"n":null,"l":null,"m":{},"r":null}}',
    );
    expect(toJson({ f })).toBe('{"f":17.450000762939453}');
  });
});
