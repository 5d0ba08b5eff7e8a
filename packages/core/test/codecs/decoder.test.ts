import { parseSchema, type DecoderOptions } from '../../src/codecs/index.js';
import { FatalError, PoisonError } from '../../src/errors.js';

const decode = (schema: unknown, bytes: readonly number[] | Buffer, options?: DecoderOptions): unknown =>
  parseSchema(JSON.stringify(schema)).decoder(options).decode(Buffer.from(bytes));

const codeOf = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    if (error instanceof PoisonError) return error.code;
    throw error;
  }
  return 'nothing was thrown';
};

const record = (...fields: readonly (readonly [string, unknown])[]): object => ({
  type: 'record',
  name: 'r',
  fields: fields.map(([name, type]) => ({ name, type })),
});

/** 10^12 as a varint. */
const BILLIONS = [0x80, 0xc0, 0xa8, 0xca, 0x9a, 0x3a];

describe('what a decoder refuses', () => {
  it.each([
    ['a union branch that does not exist', ['null', 'int'], [4], 'APF_DECODE'],
    ['a negative union branch', ['null', 'int'], [1], 'APF_DECODE'],
    ['a branch of three that does not exist', ['null', 'int', 'string'], [6], 'APF_DECODE'],
    ['an enum symbol that does not exist', { type: 'enum', name: 'e', symbols: ['a'] }, [2], 'APF_DECODE'],
    ['a negative enum symbol', { type: 'enum', name: 'e', symbols: ['a'] }, [1], 'APF_DECODE'],
    ['a boolean that is neither 0 nor 1', 'boolean', [2], 'APF_DECODE'],
    ['a varint of more than 10 bytes', 'int', [...Array<number>(10).fill(0x80), 1], 'APF_DECODE'],
    ['a long of more than 64 bits', 'long', [...Array<number>(9).fill(0xff), 2], 'APF_DECODE'],
    ['a negative length', 'string', [1], 'APF_DECODE'],
    ['text that is not UTF-8', 'string', [4, 0xc3, 0x28], 'APF_DECODE'],
    ['a length beyond the end', 'bytes', [8, 1, 2], 'APF_TRUNCATED'],
    ['no bytes where a string should be', 'string', [], 'APF_TRUNCATED'],
    ['no bytes where a double should be', 'double', [1, 2, 3], 'APF_TRUNCATED'],
    ['no bytes where a fixed should be', { type: 'fixed', name: 'f', size: 4 }, [1, 2, 3], 'APF_TRUNCATED'],
    ['no bytes where a boolean should be', 'boolean', [], 'APF_TRUNCATED'],
    ['no bytes where a long should be', 'long', [0x80], 'APF_TRUNCATED'],
    ['bytes after the value', 'int', [2, 0], 'APF_TRAILING'],
    ['an array of a trillion strings', { type: 'array', items: 'string' }, [...BILLIONS, 0], 'APF_TRUNCATED'],
    ['an array of a trillion nulls', { type: 'array', items: 'null' }, [...BILLIONS, 0], 'APF_DECODE'],
    ['a trillion empty records', { type: 'array', items: record() }, [...BILLIONS, 0], 'APF_DECODE'],
    ['a map of a trillion nulls', { type: 'map', values: 'null' }, [...BILLIONS, 0], 'APF_TRUNCATED'],
    ['a block size beyond the end', { type: 'array', items: 'int' }, [1, 200, 1, 2, 0], 'APF_TRUNCATED'],
    ['a negative block size', { type: 'array', items: 'int' }, [1, 1, 2, 0], 'APF_DECODE'],
  ])('%s', (_, schema, bytes, code) => {
    expect(codeOf(() => decode(schema, bytes))).toBe(code);
  });

  it('also where it is only skipped', () => {
    const schema = record(['a', { type: 'array', items: 'string' }], ['b', 'int']);
    expect(codeOf(() => decode(schema, [...BILLIONS, 0, 2], { fields: ['b'] }))).toBe('APF_TRUNCATED');
    expect(codeOf(() => decode(schema, [2, 60, 0, 2], { fields: ['b'] }))).toBe('APF_TRUNCATED');
    const nulls = record(['a', { type: 'array', items: 'null' }], ['b', 'int']);
    expect(codeOf(() => decode(nulls, [...BILLIONS, 0, 2], { fields: ['b'] }))).toBe('APF_DECODE');
  });

  it('nested arrays of nulls whose counts are small one by one', () => {
    const schema = { type: 'array', items: { type: 'array', items: 'null' } };
    // 200 arrays of 100,000 nulls each.
    const inner = [0xc0, 0x9a, 0x0c, 0];
    const bytes = [0x90, 3, ...Array.from({ length: 200 }, () => inner).flat(), 0];
    expect(codeOf(() => decode(schema, bytes))).toBe('APF_DECODE');
  });

  it('records that are nested too deeply, whether they end or not', () => {
    const schema = record(['next', ['null', 'r']]);
    const deep = (levels: number): number[] => [...Array<number>(levels).fill(2), 0];
    expect(decode(schema, deep(900))).toHaveProperty('next.next.next');
    expect(codeOf(() => decode(schema, deep(5000)))).toBe('APF_DECODE');
    const endless = record(['next', 'r']);
    expect(codeOf(() => decode(endless, []))).toBe('APF_DECODE');
    // And the decoder works again afterwards.
    expect(decode(schema, deep(1))).toEqual({ next: { next: null } });
  });

  it('a schema that makes millions of objects of no bytes at all', () => {
    // Thirty records, each of two of the next: 2^30 objects.
    let type: unknown = 'null';
    const names: unknown[] = [];
    for (let i = 0; i < 30; i++) {
      names.push(type);
      type = {
        type: 'record',
        name: `n${i}`,
        fields: [
          { name: 'a', type },
          { name: 'b', type: i ? `n${i - 1}` : 'null' },
        ],
      };
    }
    expect(codeOf(() => decode(type, []))).toBe('APF_SCHEMA');
  });
});

describe('what a decoder gives', () => {
  it('all 64-bit integers exactly', () => {
    const cases: [bigint, number[]][] = [
      [0n, [0]],
      [-1n, [1]],
      [63n, [126]],
      [2n ** 53n + 1n, [0x82, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x20]],
      [2n ** 63n - 1n, [0xfe, ...Array<number>(8).fill(0xff), 1]],
      [-(2n ** 63n), [...Array<number>(9).fill(0xff), 1]],
    ];
    for (const [value, bytes] of cases) {
      expect(decode('long', bytes)).toBe(value);
      expect(decode('long', bytes, { int64: 'string' })).toBe(String(value));
    }
    expect(decode('long', [126], { int64: 'number' })).toBe(63);
    expect(codeOf(() => decode('long', cases[3]![1], { int64: 'number' }))).toBe('APF_UNSAFE_INTEGER');
  });

  it('a union branch and a count that are not written in their shortest form', () => {
    expect(decode(['null', 'int'], [0x82, 0, 8])).toBe(4);
    expect(decode(['null', 'int', 'string'], [0x84, 0x80, 0, 2, 0x61])).toBe('a');
    expect(decode({ type: 'array', items: 'int' }, [0x82, 0, 8, 0])).toEqual([4]);
  });

  it('arrays and maps in several blocks, some with their size', () => {
    expect(decode({ type: 'array', items: 'int' }, [2, 2, 3, 4, 4, 6, 0])).toEqual([1, 2, 3]);
    expect(decode({ type: 'map', values: 'int' }, [1, 6, 2, 0x61, 2, 2, 2, 0x62, 4, 0])).toEqual({
      a: 1,
      b: 2,
    });
  });

  it('bytes as views of the message', () => {
    const message = Buffer.from([4, 7, 8]);
    const view = parseSchema('"bytes"').decoder<Buffer>().decode(message);
    message[1] = 9;
    expect([...view]).toEqual([9, 8]);
  });

  it('a value anywhere in a buffer', () => {
    const message = Buffer.from([99, 2, 0x61, 99]);
    expect(parseSchema('"string"').decoder().decode(message, 1, 3)).toBe('a');
  });

  it('names that would harm an object as plain properties', () => {
    const decoded = decode(record(['__proto__', 'int'], ['constructor', 'int']), [2, 4]) as object;
    expect(Object.entries(decoded)).toEqual([
      ['__proto__', 1],
      ['constructor', 2],
    ]);
    const key = [...Buffer.from('__proto__')];
    const map = decode({ type: 'map', values: { type: 'map', values: 'int' } }, [
      ...[2, 18, ...key],
      ...[2, 16, ...Buffer.from('polluted'), 2, 0],
      0,
    ]) as object;
    expect(Object.keys(map)).toEqual(['__proto__']);
    expect(Object.getPrototypeOf(map)).toBe(Object.prototype);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  it('the last of repeated fields', () => {
    expect(decode(record(['a', 'int'], ['a', 'int']), [2, 4])).toEqual({ a: 2 });
  });

  it('U+FFFD for text that is not UTF-8 where that is asked for', () => {
    expect(decode('string', [4, 0xc3, 0x28], { strict: false })).toBe('\uFFFD(');
    // A character that is really there is no error.
    expect(decode('string', [6, 0xef, 0xbf, 0xbd])).toBe('\uFFFD');
  });

  it('the same short text again and again, and its neighbours in the table', () => {
    const decoder = parseSchema('"string"').decoder();
    const texts = Array.from({ length: 20_000 }, (_, i) => `t${i % 7000}`);
    expect(texts.map((text) => decoder.decode(Buffer.from([text.length * 2, ...Buffer.from(text)])))).toEqual(
      texts,
    );
  });

  it('records of more fields than are read in line', () => {
    const fields = Array.from({ length: 600 }, (_, i) => [`f${i}`, ['null', 'int']] as const);
    const bytes = fields.flatMap((_, i) => (i % 3 ? [2, (i % 60) * 2] : [0]));
    const decoded = decode(record(...fields), bytes);
    expect(decoded).toEqual(Object.fromEntries(fields.map(([name], i) => [name, i % 3 ? i % 60 : null])));
  });
});

describe('a projection', () => {
  const schema = parseSchema({
    type: 'record',
    name: 'alert',
    fields: [
      { name: 'id', type: 'long' },
      { name: 'cutout', type: ['null', 'bytes'] },
      {
        name: 'candidate',
        type: {
          type: 'record',
          name: 'candidate',
          fields: ['jd', 'magpsf', 'rb'].map((name) => ({ name, type: 'double' })),
        },
      },
      { name: 'previous', type: ['null', { type: 'array', items: 'candidate' }] },
      { name: 'by.name', type: { type: 'map', values: 'candidate' } },
    ],
  });
  const detection = { jd: 1, magpsf: 2, rb: 3 };
  const value = {
    id: 5n,
    cutout: Buffer.from('pixels'),
    candidate: detection,
    previous: [detection, detection],
    'by.name': { x: detection },
  };
  const bytes = schema.encode(value);
  const projected = (...fields: string[]): unknown => schema.decoder({ fields }).decode(bytes);

  it('gives just the fields that it names, in records at any depth', () => {
    expect(projected('candidate.magpsf', 'id')).toEqual({ id: 5n, candidate: { magpsf: 2 } });
    expect(projected('previous.jd')).toEqual({ previous: [{ jd: 1 }, { jd: 1 }] });
    expect(projected('by.name.rb', 'candidate')).toEqual({
      candidate: detection,
      'by.name': { x: { rb: 3 } },
    });
    expect(projected('candidate.jd', 'candidate')).toEqual({ candidate: detection });
    expect(projected('previous')).toEqual({ previous: value.previous });
  });

  it('does not look at what follows the last of them', () => {
    const damaged = Buffer.concat([bytes.subarray(0, 1), Buffer.from([0xff, 0xff])]);
    expect(schema.decoder({ fields: ['id'] }).decode(damaged)).toEqual({ id: 5n });
    expect(() => schema.decoder().decode(damaged)).toThrow(PoisonError);
  });

  it('names a field that the schema does not have, unless it may be missing', () => {
    expect(() => projected('candid')).toThrow(FatalError);
    expect(() => projected('candidate.drb')).toThrow("the schema has no field 'candidate.drb'");
    expect(() => projected('id.x')).toThrow("no field 'id.x'");
    expect(projected('candidate.drb?', 'candidate.rb?')).toEqual({ candidate: { rb: 3 } });
  });
});
