import type { RawMessage } from '../../src/contracts.js';
import {
  createCodec,
  detectFraming,
  parseSchema,
  writeContainer,
  type AvroSchema,
} from '../../src/codecs/index.js';
import { FatalError, PoisonError, RetryableError, UsageError } from '../../src/errors.js';

const schema = parseSchema({
  type: 'record',
  name: 'alert',
  fields: [
    { name: 'candid', type: 'long' },
    { name: 'mag', type: ['null', 'float'], default: null },
  ],
});
const other = parseSchema({ type: 'record', name: 'other', fields: [{ name: 'text', type: 'string' }] });
const alert = { candid: 2n ** 60n, mag: 17.5 };

const message = (value: Buffer | null, key?: Buffer | string): RawMessage => ({
  topic: 't',
  partition: 0,
  offset: 0,
  value,
  key,
});
const confluent = (id: number, value: Buffer): Buffer => {
  const header = Buffer.alloc(5);
  header.writeUInt32BE(id, 1);
  return Buffer.concat([header, value]);
};

describe('a codec', () => {
  it.each(['container', 'schemaless', 'json'] as const)('of framing %s reads what it wrote', (framing) => {
    const codec = createCodec({ framing, schema });
    expect(codec.decode(codec.encode(alert))).toEqual([alert]);
  });

  it('of containers gives all alerts of a message, and none of an empty one', () => {
    const codec = createCodec({ framing: 'container', fields: ['mag'], codec: 'deflate', schema });
    expect(codec.decode(writeContainer(schema, [alert, { candid: 1n }]))).toEqual([
      { mag: 17.5 },
      { mag: null },
    ]);
    expect(codec.decode(writeContainer(schema, []))).toEqual([]);
    expect(codec.encode(alert).includes('deflate')).toBe(true);
  });

  it('gives 64-bit integers as it is told to', () => {
    const bytes = schema.encode(alert);
    const decode = (
      int64: 'bigint' | 'string' | 'number',
      framing: 'schemaless' | 'json',
      value: Buffer,
    ): unknown => createCodec<{ candid: unknown }>({ framing, schema, int64 }).decode(value)[0]!.candid;
    expect(decode('string', 'schemaless', bytes)).toBe('1152921504606846976');
    expect(decode('string', 'json', Buffer.from('{"candid":1152921504606846976}'))).toBe(
      '1152921504606846976',
    );
    for (const framing of ['schemaless', 'json'] as const) {
      const value = framing === 'json' ? Buffer.from('{"candid":1152921504606846976}') : bytes;
      expect(() => decode('number', framing, value)).toThrow(
        expect.objectContaining({ code: 'APF_UNSAFE_INTEGER' }),
      );
    }
  });

  it('says what it lacks', () => {
    expect(() => createCodec({ framing: 'schemaless' })).toThrow(UsageError);
    expect(() => createCodec({ framing: 'confluent' })).toThrow(UsageError);
    expect(() => createCodec({ framing: 'container' }).encode(alert)).toThrow('there is no schema');
    expect(() => createCodec({ framing: 'confluent', schema }).encode(alert)).toThrow('there is no schemaId');
    expect(() => createCodec({ framing: 'schema-in-key' }).encode(alert)).toThrow('there is no schema');
  });
});

describe('a codec of Confluent framing', () => {
  it('reads the schema of the id, with unsigned ids', () => {
    const ids = new Map([
      [704, schema],
      [0xfffffffe, other],
    ]);
    const codec = createCodec({ framing: 'confluent', schemas: { byId: (id) => ids.get(id)! } });
    expect(codec.decode(confluent(704, schema.encode(alert)))).toEqual([alert]);
    expect(codec.decode(confluent(0xfffffffe, other.encode({ text: 'x' })))).toEqual([{ text: 'x' }]);
  });

  it('writes the id it is given, and reads every id with the one schema if it has no others', () => {
    const codec = createCodec({ framing: 'confluent', schema, schemaId: 3_000_000_000 });
    expect(codec.encode(alert).subarray(0, 5).toString('hex')).toBe('00b2d05e00');
    expect(codec.decode(codec.encode(alert))).toEqual([alert]);
    expect(codec.decode(confluent(1, schema.encode(alert)))).toEqual([alert]);
    expect(codec.prepare?.([message(codec.encode(alert))])).toBeUndefined();
  });

  it('asks a slow source before decoding, once an id', async () => {
    const asked: number[] = [];
    const byId = async (id: number): Promise<AvroSchema> => {
      asked.push(id);
      await Promise.resolve();
      return id === 1 ? schema : other;
    };
    const codec = createCodec({ framing: 'confluent', schemas: { byId } });
    const [one, two] = [confluent(1, schema.encode(alert)), confluent(2, other.encode({ text: 'x' }))];
    expect(() => codec.decode(one)).toThrow(FatalError);
    asked.length = 0;
    await codec.prepare!([
      message(one),
      message(two),
      message(one),
      message(null),
      message(Buffer.from('xx')),
    ]);
    expect(codec.prepare!([message(two)])).toBeUndefined();
    expect([codec.decode(one), codec.decode(two)]).toEqual([[alert], [{ text: 'x' }]]);
    expect(asked).toEqual([1, 2]);
  });

  it('makes poison of a message whose id is unknown, and asks again later', async () => {
    let known = false;
    const byId = async (): Promise<AvroSchema> => {
      if (!known) throw new PoisonError('no schema for id 9', { code: 'APF_SCHEMA_UNKNOWN' });
      return schema;
    };
    const codec = createCodec({ framing: 'confluent', schemas: { byId } });
    const bytes = confluent(9, schema.encode(alert));
    await codec.prepare!([message(bytes)]);
    expect(() => codec.decode(bytes)).toThrow(expect.objectContaining({ code: 'APF_SCHEMA_UNKNOWN' }));
    known = true;
    await codec.prepare!([message(bytes)]);
    expect(codec.decode(bytes)).toEqual([alert]);
  });

  it('leaves a source that cannot be asked to the runner', async () => {
    const byId = async (): Promise<AvroSchema> => {
      throw new RetryableError('the registry is away');
    };
    const codec = createCodec({ framing: 'confluent', schemas: { byId } });
    await expect(codec.prepare!([message(confluent(1, Buffer.alloc(9)))])).rejects.toThrow(RetryableError);
  });

  it('refuses other bytes', () => {
    const codec = createCodec({ framing: 'confluent', schema });
    const code = (bytes: Buffer): unknown => {
      try {
        return codec.decode(bytes);
      } catch (error) {
        return (error as PoisonError).code;
      }
    };
    expect(code(Buffer.of(0, 0, 0))).toBe('APF_TRUNCATED');
    expect(code(Buffer.alloc(0))).toBe('APF_TRUNCATED');
    expect(code(Buffer.from('{"candid":1}'))).toBe('APF_FRAMING');
    expect(code(Buffer.concat([confluent(1, schema.encode(alert)), Buffer.of(1)]))).toBe('APF_TRAILING');
  });
});

describe('a codec whose schema is the key', () => {
  const codec = createCodec({ framing: 'schema-in-key' });

  it('reads each message with the schema of its own key', () => {
    for (let i = 0; i < 3; i++) {
      expect(codec.decode(schema.encode(alert), message(null, Buffer.from(schema.json)))).toEqual([alert]);
      expect(codec.decode(other.encode({ text: 'x' }), message(null, other.json))).toEqual([{ text: 'x' }]);
    }
  });

  it('refuses a message without one', () => {
    expect(() => codec.decode(schema.encode(alert), message(null))).toThrow('the message has no key');
    expect(() => codec.decode(schema.encode(alert), message(null, '1.0_0.4.3'))).toThrow(
      expect.objectContaining({ code: 'APF_SCHEMA' }),
    );
  });
});

describe('detecting a framing', () => {
  it.each([
    ['container', writeContainer(schema, [alert])],
    ['confluent', confluent(704, Buffer.from('abc'))],
    ['json', Buffer.from(' \n{"a":1}')],
    ['json', Buffer.from('[1]')],
    ['unknown', Buffer.from('hello')],
    ['unknown', Buffer.alloc(0)],
    ['unknown', Buffer.alloc(9)],
    ['lfs-pointer', Buffer.from('version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n')],
  ])('finds %s', (framing, bytes) => {
    expect(detectFraming(bytes)).toBe(framing);
  });
});
