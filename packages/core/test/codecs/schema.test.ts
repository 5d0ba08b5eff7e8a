import { parseSchema, type AvroSchema } from '../../src/codecs/index.js';
import { PoisonError } from '../../src/errors.js';

const round = (schema: AvroSchema, value: unknown): unknown => schema.decoder().decode(schema.encode(value));

describe('parsing a schema', () => {
  it('keeps the text as it was written', () => {
    const text = '{ "type":"record",\n "name":"a.b", "fields":[ ], "version": 1.0 }';
    const schema = parseSchema(text);
    expect(schema.json).toBe(text);
    expect(schema.name).toBe('a.b');
    expect(schema.fingerprint).toMatch(/^[0-9a-f]{16}$/);
    expect(parseSchema(JSON.parse(text) as object).json).toBe(
      '{"type":"record","name":"a.b","fields":[],"version":1}',
    );
  });

  it('takes bare names of types, as JSON and without quotes', () => {
    expect(round(parseSchema('"long"'), 5n)).toBe(5n);
    expect(round(parseSchema('string'), 'x')).toBe('x');
    expect(parseSchema('string').name).toBeUndefined();
  });

  it('resolves names in their namespace first, then without one', () => {
    const schema = parseSchema({
      type: 'record',
      name: 'survey.alert',
      fields: [
        { name: 'a', type: { type: 'fixed', name: 'pair', size: 2 } },
        { name: 'b', type: 'survey.pair' },
        { name: 'c', type: { type: 'enum', name: 'Kind', namespace: '', symbols: ['x'] } },
        { name: 'd', type: 'Kind' },
        { name: 'e', type: { type: 'fixed', name: 'pair', namespace: '', size: 3 } },
        { name: 'f', type: 'pair' },
      ],
    });
    const value = {
      a: Buffer.from('ab'),
      b: Buffer.from('cd'),
      c: 'x',
      d: 'x',
      e: Buffer.from('abc'),
      f: Buffer.from('ef'),
    };
    expect(round(schema, value)).toEqual(value);
  });

  it('takes a type that is defined twice, alike or not; a reference means the latest', () => {
    const cutout = (...names: string[]): object => ({
      type: 'record',
      name: 'cutout',
      fields: names.map((name) => ({ name, type: 'int' })),
    });
    const schema = parseSchema({
      type: 'record',
      name: 'alert',
      fields: [
        { name: 'a', type: cutout('x') },
        { name: 'b', type: cutout('x') },
        { name: 'c', type: cutout('x', 'y') },
        { name: 'd', type: 'cutout' },
      ],
    });
    const value = { a: { x: 1 }, b: { x: 2 }, c: { x: 3, y: 4 }, d: { x: 5, y: 6 } };
    expect(round(schema, value)).toEqual(value);
  });

  it('takes a field that is a type definition itself', () => {
    const schema = parseSchema({
      type: 'record',
      name: 'alert',
      fields: [
        { name: 'list', type: 'array', items: 'int' },
        { name: 'inner', type: 'record', fields: [{ name: 'x', type: 'int' }] },
      ],
    });
    expect(round(schema, { list: [1], inner: { x: 2 } })).toEqual({ list: [1], inner: { x: 2 } });
  });

  it('takes types that contain themselves', () => {
    const schema = parseSchema({
      type: 'record',
      name: 'tree',
      fields: [
        { name: 'leaf-name', type: 'string' },
        { name: 'branches', type: { type: 'array', items: 'tree' } },
        { name: 'by', type: ['null', { type: 'map', values: 'tree' }], default: null },
      ],
    });
    const leaf = { 'leaf-name': 'b', branches: [], by: null };
    const value = { 'leaf-name': 'a', branches: [leaf, leaf], by: { x: leaf } };
    expect(round(schema, value)).toEqual(value);
  });

  it('writes types from elsewhere into the text where they are first named', () => {
    const names = new Map([['ztf.candidate', { type: 'record', name: 'ztf.candidate', fields: [] }]]);
    const text = JSON.stringify({
      type: 'record',
      name: 'ztf.alert',
      fields: [
        { name: 'a', type: 'candidate' },
        { name: 'b', type: ['null', 'ztf.candidate'] },
      ],
    });
    const schema = parseSchema(text, { names });
    // In one piece it needs nothing from elsewhere.
    expect(round(parseSchema(schema.json), { a: {}, b: {} })).toEqual({ a: {}, b: {} });
    expect(() => parseSchema(text)).toThrow(
      "the type 'candidate' is not defined (in field 'a' of record ztf.alert)",
    );
  });

  it.each([
    ['{"type":"record"', 'not an Avro schema: '],
    ['null', "the type 'null'"],
    ['7', '7 is not a type'],
    ['{"type":"record","name":"a"}', 'has no list of fields'],
    ['{"type":"record","fields":[]}', 'a named type has no name'],
    ['{"type":"record","name":"a","fields":[{"type":"int"}]}', 'a field has no name'],
    ['{"type":"enum","name":"a"}', 'no list of symbols'],
    ['{"type":"fixed","name":"a","size":-1}', 'size is -1'],
    ['{"type":"array"}', 'nothing is not a type (in the schema, items)'],
    ['{"type":"what"}', "the type 'what' is not defined"],
    [`${'['.repeat(500)}"int"${']'.repeat(500)}`, 'nested more than 200 deep'],
  ])('says what is wrong with %j', (text, message) => {
    if (text === 'null') {
      expect(parseSchema(text).decoder().decode(Buffer.alloc(0))).toBeNull();
      return;
    }
    expect(() => parseSchema(text)).toThrow(PoisonError);
    expect(() => parseSchema(text)).toThrow(message);
  });
});

describe('encoding', () => {
  const schemaOf = (type: unknown, defaultValue?: unknown): AvroSchema =>
    parseSchema({ type: 'record', name: 'r', fields: [{ name: 'f', type, default: defaultValue }] });
  const field = (schema: AvroSchema, value: unknown): unknown => (round(schema, value) as { f: unknown }).f;

  it('takes 64-bit integers as bigint, safe number or decimal text', () => {
    for (const value of [7n, 7, '7']) expect(field(schemaOf('long'), { f: value })).toBe(7n);
    for (const value of [2 ** 53, 1.5, '1.5', 2n ** 63n, '9223372036854775808', null]) {
      expect(() => schemaOf('long').encode({ f: value })).toThrow(
        /^the value does not fit its schema: f: .* is not a long/,
      );
    }
  });

  it('gives a missing field its default, or null where null may be', () => {
    expect(field(schemaOf(['null', 'int'], null), {})).toBeNull();
    // As nearly every survey writes it, though Avro wants null first.
    expect(field(schemaOf(['float', 'null'], null), {})).toBeNull();
    expect(field(schemaOf(['float', 'null']), {})).toBeNull();
    expect(field(schemaOf('int', 5), {})).toBe(5);
    expect(field(schemaOf(['int', 'null'], 5), {})).toBe(5);
    expect(field(schemaOf('bytes', '\u00ff'), {})).toEqual(Buffer.from([255]));
    expect(
      field(
        schemaOf({ type: 'record', name: 'i', fields: [{ name: 'x', type: 'int', default: 1 }] }, {}),
        {},
      ),
    ).toEqual({ x: 1 });
    expect(() => schemaOf('int', null).encode({})).toThrow('f: is missing');
  });

  it('writes null where a field that has a default is null', () => {
    expect(field(schemaOf(['int', 'null'], 5), { f: null })).toBeNull();
    expect(() => schemaOf('int', 5).encode({ f: null })).toThrow('f: null is not int');
  });

  it('chooses the branch of a union by the value, without a wrapper', () => {
    const map = (values: unknown): object => ({ type: 'map', values });
    const record = (name: string, ...names: string[]): object => ({
      type: 'record',
      name,
      fields: names.map((inner) => ({ name: inner, type: 'int' })),
    });
    const cases: [unknown, unknown[]][] = [
      [
        [map('float'), map(map('float'))],
        [{ a: 0.5 }, { a: { b: 0.5 } }, {}],
      ],
      [
        [record('a', 'x'), record('b', 'x', 'y')],
        [{ x: 1 }, { x: 1, y: 2 }],
      ],
      [
        ['null', 'long', 'double'],
        [null, 5n, 5.5, 5],
      ],
      [
        ['float', 'int', 'string', 'null'],
        [0.5, 3, 'x', null, -0],
      ],
      [
        ['bytes', { type: 'fixed', name: 'f2', size: 2 }, 'string'],
        [Buffer.from('abc'), Buffer.from('ab'), 'ab'],
      ],
      [
        [{ type: 'enum', name: 'e', symbols: ['a'] }, 'string'],
        ['a', 'b'],
      ],
      [
        ['long', 'string'],
        [5n, '5'],
      ],
      [
        ['float', 'double'],
        [0.5, 0.1],
      ],
      [
        [record('a', 'x'), map('string')],
        [{ x: 1 }, { x: 'y' }],
      ],
      [
        [{ type: 'array', items: 'int' }, map('int'), 'boolean'],
        [[1], { a: 1 }, true],
      ],
    ];
    for (const [type, values] of cases) {
      for (const value of values) expect(field(schemaOf(type), { f: value })).toEqual(value);
    }
  });

  it('names the place and the reason of what does not fit', () => {
    const schema = parseSchema({
      type: 'record',
      name: 'alert',
      fields: [
        { name: 'candid', type: 'long' },
        {
          name: 'previous',
          type: [
            'null',
            { type: 'array', items: { type: 'record', name: 'p', fields: [{ name: 'jd', type: 'double' }] } },
          ],
        },
        { name: 'class', type: { type: 'enum', name: 'c', symbols: ['SN', 'AGN'] } },
      ],
    });
    const good = { candid: 1n, previous: [{ jd: 1 }], class: 'SN' };
    const reason = (value: unknown): string => {
      try {
        schema.encode(value);
      } catch (error) {
        expect(error).toMatchObject({ code: 'APF_ENCODE' });
        return (error as Error).message.replace('the value does not fit its schema: ', '');
      }
      return 'nothing';
    };
    expect(reason(good)).toBe('nothing');
    expect(reason({ ...good, previous: [{ jd: 1 }, { jd: 'x' }] })).toBe('previous[1].jd: "x" is not double');
    expect(reason({ ...good, class: 'sn' })).toBe('class: "sn" is not one of SN, AGN');
    expect(reason({ ...good, previous: 5 })).toBe('previous: 5 is not one of null, array');
    expect(reason(undefined)).toBe('the value: undefined is not an object (alert)');
  });
});
