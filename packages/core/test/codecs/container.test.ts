import { randomBytes } from 'node:crypto';
import { deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import {
  ContainerReader,
  parseSchema,
  readContainer,
  readContainerHeader,
  writeContainer,
  type ContainerCodec,
} from '../../src/codecs/index.js';
import { PoisonError } from '../../src/errors.js';

const TEXT = '{ "type": "record", "name": "survey.alert", "fields": [{"name": "candid", "type": "long"}] }';
const schema = parseSchema(TEXT);
const alerts = [{ candid: 2n ** 60n }, { candid: -1n }, { candid: 3n }];

const codeOf = (bytes: Buffer): string => {
  try {
    readContainer(bytes);
  } catch (error) {
    return (error as PoisonError).code;
  }
  return 'was read';
};

/** A container with these blocks as they are: [count, bytes]. */
function container(codec: string, ...blocks: readonly (readonly [number, Buffer])[]): Buffer {
  const long = (value: number): Buffer => parseSchema('"long"').encode(value);
  const bytes = (value: Buffer | string): Buffer => parseSchema('"bytes"').encode(Buffer.from(value));
  const sync = Buffer.alloc(16, 7);
  return Buffer.concat([
    Buffer.from('Obj\x01'),
    ...[long(2), bytes('avro.schema'), bytes(TEXT), bytes('avro.codec'), bytes(codec), long(0), sync],
    ...blocks.flatMap(([count, block]) => [long(count), bytes(block), sync]),
  ]);
}

describe('a container', () => {
  it.each<ContainerCodec>(['null', 'deflate', 'snappy'])('written with %s is read again', (codec) => {
    const bytes = writeContainer(schema, alerts, { codec });
    expect(readContainer(bytes)).toMatchObject({ codec, records: alerts });
    expect(readContainer(writeContainer(schema, [], { codec })).records).toEqual([]);
  });

  it('compressed with zstandard is read', () => {
    const plain = Buffer.concat(alerts.map((alert) => schema.encode(alert)));
    // RFC 8878: magic, descriptor (single segment), content size, and one last raw block.
    const frame = Buffer.concat([
      Buffer.from('28b52ffd20', 'hex'),
      Buffer.of(plain.length, 1 + 8 * plain.length, 0, 0),
      plain,
    ]);
    expect(readContainer(container('zstandard', [3, frame])).records).toEqual(alerts);
  });

  it('carries the text of its schema as it was written, and more metadata', () => {
    const bytes = writeContainer(schema, alerts, { metadata: { survey: 'test' }, sync: Buffer.alloc(16, 1) });
    const header = readContainerHeader(bytes);
    expect(header.schema.json).toBe(TEXT);
    expect(header.metadata.get('avro.schema')!.toString()).toBe(TEXT);
    expect(header.metadata.get('survey')!.toString()).toBe('test');
    expect(bytes.subarray(header.length, header.length + 16)).toEqual(Buffer.alloc(16, 1));
  });

  it('may have several blocks, empty ones and none', () => {
    const block = (...values: bigint[]): Buffer =>
      Buffer.concat(values.map((candid) => schema.encode({ candid })));
    const none = Buffer.alloc(0);
    expect(readContainer(container('null')).records).toEqual([]);
    expect(
      readContainer(container('null', [1, block(5n)], [0, none], [2, block(6n, 7n)], [0, none])).records,
    ).toEqual([{ candid: 5n }, { candid: 6n }, { candid: 7n }]);
    expect(readContainer(container('deflate', [0, none])).records).toEqual([]);
  });

  it('gives nothing at all if it breaks after some records', () => {
    const bytes = container('null', [1, schema.encode({ candid: 5 })], [1, schema.encode({ candid: 6 })]);
    for (let length = bytes.length - 1; length >= 19; length--) {
      // Cut between two blocks it is a whole container.
      if (length === bytes.length - 19 || length === bytes.length - 38) continue;
      expect(codeOf(Buffer.from(bytes.subarray(0, length)))).toBe('APF_TRUNCATED');
    }
  });

  it.each([
    ['a wrong sync marker', (bytes: Buffer) => void (bytes[bytes.length - 1]! ^= 1), 'APF_DECODE'],
    ['other first bytes', (bytes: Buffer) => void (bytes[3] = 2), 'APF_FRAMING'],
    ['a schema that is not JSON', (bytes: Buffer) => void bytes.write('x', bytes.indexOf('{')), 'APF_SCHEMA'],
    [
      'a schema that is not UTF-8',
      (bytes: Buffer) => void (bytes[bytes.indexOf('candid')] = 0xff),
      'APF_SCHEMA',
    ],
    ['a record more than it has', (bytes: Buffer) => void (bytes[bytes.length - 19] = 4), 'APF_TRUNCATED'],
    ['a record fewer', (bytes: Buffer) => void (bytes[bytes.length - 19] = 0), 'APF_TRAILING'],
    ['a negative count', (bytes: Buffer) => void (bytes[bytes.length - 19] = 1), 'APF_DECODE'],
    ['a size beyond its end', (bytes: Buffer) => void (bytes[bytes.length - 18] = 100), 'APF_TRUNCATED'],
  ])('with %s is refused', (_, damage, code) => {
    const bytes = container('null', [1, schema.encode({ candid: 5 })]);
    expect(codeOf(bytes)).toBe('was read');
    damage(bytes);
    expect(codeOf(bytes)).toBe(code);
  });

  it('of a codec that is not known, or compressed badly, is refused', () => {
    expect(codeOf(container('bzip2', [1, Buffer.of(2)]))).toBe('APF_CODEC');
    expect(codeOf(container('deflate', [1, Buffer.from('no deflate')]))).toBe('APF_CODEC');
    expect(codeOf(container('snappy', [1, Buffer.from('no snappy')]))).toBe('APF_CODEC');
    expect(codeOf(container('snappy', [1, Buffer.of(1)]))).toBe('APF_CODEC');
    expect(codeOf(container('zstandard', [1, Buffer.from('no zstandard')]))).toBe('APF_CODEC');
    const wrongChecksum = writeContainer(schema, alerts, { codec: 'snappy' });
    wrongChecksum[wrongChecksum.length - 17]! ^= 1;
    expect(codeOf(wrongChecksum)).toBe('APF_CODEC');
  });

  it('that grows without end when it is decompressed is refused', () => {
    const bomb = deflateRawSync(Buffer.alloc(130 * 1024 * 1024));
    expect(codeOf(container('deflate', [1, bomb]))).toBe('APF_CODEC');
    // Snappy's first bytes say the length: 4 GB.
    expect(codeOf(container('snappy', [1, Buffer.from([0xff, 0xff, 0xff, 0xff, 15, 0, 0, 0, 0, 0])]))).toBe(
      'APF_CODEC',
    );
    // Zstandard frames of one byte, one with a window of 1 GB and one that promises 4 GB.
    expect(codeOf(container('zstandard', [1, Buffer.from('28b52ffd00a009000002', 'hex')]))).toBe('APF_CODEC');
    expect(codeOf(container('zstandard', [1, Buffer.from('28b52ffda0ffffffff09000002', 'hex')]))).toBe(
      'APF_CODEC',
    );
    expect(codeOf(container('zstandard', [1, Buffer.from('28b52ffd002009000002', 'hex')]))).toBe('was read');
  });

  it('of a trillion records that take no bytes is refused', () => {
    const nothing = parseSchema('{"type":"record","name":"n","fields":[]}');
    const bytes = writeContainer(nothing, [{}, {}]);
    expect(readContainer(bytes).records).toEqual([{}, {}]);
    const end = bytes.length - 18;
    const count = parseSchema('"long"').encode(10n ** 12n);
    expect(codeOf(Buffer.concat([bytes.subarray(0, end), count, bytes.subarray(end + 1)]))).toBe(
      'APF_DECODE',
    );
  });

  it('that is a Git LFS pointer is called one', () => {
    const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${'0'.repeat(64)}\nsize 12345\n`;
    expect(codeOf(Buffer.from(pointer))).toBe('APF_LFS_POINTER');
    expect(codeOf(Buffer.alloc(0))).toBe('APF_TRUNCATED');
  });

  it('is refused or read with any byte changed, and never with another error', () => {
    const bytes = writeContainer(schema, alerts, { codec: 'null', sync: Buffer.alloc(16, 3) });
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.nat(255), (at, byte) => {
        const changed = Buffer.from(bytes);
        changed[at] = byte;
        try {
          readContainer(changed);
        } catch (error) {
          expect(error).toBeInstanceOf(PoisonError);
        }
      }),
      { numRuns: 1000 },
    );
  });
});

describe('a container reader', () => {
  it('tells headers apart, however alike, and keeps no more than it should', () => {
    const reader = new ContainerReader();
    const schemas = Array.from({ length: 200 }, (_, i) =>
      parseSchema(
        `{"type":"record","name":"r","fields":[{"name":"f${String(i).padStart(3, '0')}","type":"int"}]}`,
      ),
    );
    for (const order of [schemas, [...schemas].reverse(), schemas]) {
      for (const [i, one] of order.entries()) {
        const name = one.root.kind === 'record' ? one.root.fields[0]!.name : '';
        const bytes = writeContainer(one, [{ [name]: i }], { sync: randomBytes(16) });
        expect(reader.records(bytes)).toEqual([{ [name]: i }]);
      }
    }
  });

  it('is not misled by a header that was damaged before', () => {
    const reader = new ContainerReader();
    const bytes = writeContainer(schema, alerts);
    const cut = Buffer.from(bytes.subarray(0, 60));
    expect(() => reader.records(cut)).toThrow(PoisonError);
    expect(reader.records(bytes)).toEqual(alerts);
    expect(() => reader.records(cut)).toThrow(PoisonError);
  });

  it('reads a projection of all records, whatever follows in each', () => {
    const wide = parseSchema({
      type: 'record',
      name: 'wide',
      fields: [
        { name: 'id', type: 'long' },
        { name: 'text', type: 'string' },
        { name: 'n', type: ['null', 'double'] },
      ],
    });
    const values = [1n, 2n, 3n].map((id) => ({
      id,
      text: 'x'.repeat(Number(id) * 100),
      n: id === 2n ? null : 0.5,
    }));
    const bytes = writeContainer(wide, values, { codec: 'deflate' });
    expect(new ContainerReader({ fields: ['id'] }).records(bytes)).toEqual([
      { id: 1n },
      { id: 2n },
      { id: 3n },
    ]);
  });
});
