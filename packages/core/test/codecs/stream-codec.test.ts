import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RawMessage } from '../../src/contracts.js';
import {
  type AvroSchema,
  type DetectedStream,
  folderSchemaSource,
  lsstVersionOf,
  parseSchema,
  StreamCodec,
  type StreamCodecOptions,
  writeContainer,
} from '../../src/codecs/index.js';
import { FatalError, PoisonError, RetryableError } from '../../src/errors.js';

const schema = parseSchema({
  type: 'record',
  name: 'alert',
  fields: [
    { name: 'flag', type: ['null', 'long'], default: null },
    { name: 'candid', type: 'long' },
    { name: 'name', type: 'string' },
  ],
});
const value = { flag: null, candid: 2n ** 60n, name: 'ZTF' };
const bare = schema.encode(value);
const framed = (id: number): Buffer => {
  const header = Buffer.alloc(5);
  header.writeUInt32BE(id, 1);
  return Buffer.concat([header, bare]);
};
const json = '{"flag":null,"candid":1152921504606846976,"name":"ZTF"}';

const message = (bytes: Buffer, key?: string | Buffer): RawMessage => ({
  topic: 't',
  partition: 0,
  offset: 0,
  value: bytes,
  key,
});

/** Reads one message as a run does; gives the values and what was detected. */
async function read(
  options: StreamCodecOptions,
  raw: RawMessage,
): Promise<{ values: unknown[]; detected: DetectedStream[] }> {
  const detected: DetectedStream[] = [];
  const codec = new StreamCodec({ ...options, onDetected: (stream) => void detected.push(stream) });
  await codec.prepare([raw]);
  return { values: codec.decode(raw.value!, raw).map((alert) => alert.value), detected };
}

describe('StreamCodec', () => {
  const byId = (id: number) => {
    if (id === 704) return schema;
    throw new PoisonError(`no schema ${id}`, { code: 'APF_SCHEMA_UNKNOWN' });
  };
  const byVersion = (version: string) => (version === '1.1_0.4.3' ? schema : undefined);

  it.each<[string, StreamCodecOptions, RawMessage, string]>([
    ['a container', {}, message(writeContainer(schema, [value])), 'container'],
    [
      'a container, whatever schema is given',
      { schema },
      message(writeContainer(schema, [value])),
      'container',
    ],
    ['JSON', {}, message(Buffer.from(json)), 'json'],
    ['the schema in the key', {}, message(bare, schema.json), 'schema-in-key'],
    ['a bare value with a schema', { schema }, message(bare), 'schemaless'],
    ["Confluent's framing with a schema", { schema }, message(framed(1)), 'confluent'],
    ["Confluent's framing with a source", { schemas: { byId } }, message(framed(704)), 'confluent'],
    [
      'a source that must be asked',
      { schemas: { byId: async (id) => byId(id) } },
      message(framed(704)),
      'confluent',
    ],
    ['the version in the key', { versions: { byVersion } }, message(bare, '1.1_0.4.3'), 'schema-in-key'],
    [
      'a version that must be asked for',
      { versions: { byVersion: async (version) => byVersion(version) } },
      message(bare, '1.1_0.4.3'),
      'schema-in-key',
    ],
  ])('reads %s and says so', async (_what, options, raw, framing) => {
    const { values, detected } = await read(options, raw);
    expect(values).toEqual([value]);
    expect(detected).toMatchObject([{ topic: 't', framing }]);
  });

  it('finds out the framing by the whole value, also where only some fields are read', async () => {
    for (const fields of [['flag'], () => ['flag']]) {
      const { values, detected } = await read({ schema, fields }, message(framed(1)));
      expect(values).toEqual([{ flag: null }]);
      expect(detected).toMatchObject([{ framing: 'confluent' }]);
    }
  });

  it('an alert of a former year, sent again with the key of its version, is read with the schema of these', async () => {
    const other = parseSchema({ type: 'record', name: 'other', fields: [{ name: 'x', type: 'bytes' }] });
    const schemas: Readonly<Record<string, AvroSchema>> = {
      '1.1_0.4.3': other,
      '1.1_0.4.3_replayed': schema,
    };
    const versions = { byVersion: (version: string) => schemas[version] };
    expect((await read({ versions }, message(bare, '1.1_0.4.3'))).values).toEqual([value]);
    await expect(
      read(
        { versions: { byVersion: (version) => (version === '1.1_0.4.3' ? other : undefined) } },
        message(bare, '1.1_0.4.3'),
      ),
    ).rejects.toThrow(PoisonError);
  });

  it('a given schema goes over the one in the key, which goes over the id', async () => {
    const other = parseSchema({ type: 'record', name: 'other', fields: [{ name: 'x', type: 'bytes' }] });
    expect((await read({ schema }, message(bare, other.json))).values).toEqual([value]);
    // Were the id asked, there would be none.
    expect((await read({ schemas: { byId } }, message(bare, schema.json))).values).toEqual([value]);
  });

  it.each<[string, StreamCodecOptions, RawMessage, RegExp]>([
    ['no schema at all', {}, message(bare.subarray(1)), /carries no schema: name it with --schema/],
    ['an id and no source', {}, message(framed(704)), /schema id 704 in front: say where schemas are/],
    ['an id that nobody knows', { schemas: { byId } }, message(framed(9)), /no schema 9/],
    [
      'a version that is not here',
      { versions: { byVersion } },
      message(bare, '9_9'),
      /version '9_9', which is not here/,
    ],
    [
      'a schema that does not fit',
      { schema },
      message(bare.subarray(0, 8)),
      /end before the value|cut short/,
    ],
    ['nothing', {}, message(Buffer.alloc(0)), /no bytes/],
    ['JSON that is cut short', {}, message(Buffer.from(json.slice(0, -4))), /carries no schema/],
  ])('%s is a poison error that says what to do', async (_what, options, raw, reason) => {
    const error: unknown = await read(options, raw).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(PoisonError);
    expect(String(error)).toMatch(reason);
  });

  it('a topic keeps the framing of its first message; a broken first one decides nothing', () => {
    const detected: string[] = [];
    const codec = new StreamCodec({ schema, onDetected: ({ framing }) => void detected.push(framing) });
    expect(() => codec.decode(Buffer.from([9]), message(Buffer.from([9])))).toThrow(PoisonError);
    expect(detected).toEqual([]);
    codec.decode(framed(1), message(framed(1)));
    codec.decode(framed(2), message(framed(2)));
    expect(() => codec.decode(bare, message(bare))).toThrow(PoisonError);
    expect(detected).toEqual(['confluent']);
  });

  it('an id that was unknown is asked for again, one that is known is not', async () => {
    const asked: number[] = [];
    let registered = false;
    const codec = new StreamCodec({
      schemas: {
        byId: async (id) => {
          asked.push(id);
          if (!registered) throw new PoisonError('none', { code: 'APF_SCHEMA_UNKNOWN' });
          return schema;
        },
      },
    });
    await codec.prepare([message(framed(7)), message(framed(7))]);
    expect(() => codec.decode(framed(7), message(framed(7)))).toThrow('none');
    registered = true;
    await codec.prepare([message(framed(7))]);
    expect(codec.decode(framed(7), message(framed(7)))).toHaveLength(1);
    expect(codec.prepare([message(framed(7))])).toBeUndefined();
    expect(asked).toEqual([7, 7]);
  });

  it('a source that cannot be asked is for the runner to wait for', async () => {
    const codec = new StreamCodec({ schemas: { byId: () => Promise.reject(new RetryableError('away')) } });
    await expect(codec.prepare([message(framed(7))])).rejects.toThrow(RetryableError);
  });

  it('needs prepare where a source is asynchronous', () => {
    const codec = new StreamCodec({ schemas: { byId: async (id) => byId(id) } });
    expect(() => codec.decode(framed(704), message(framed(704)))).toThrow(FatalError);
  });

  it('projects, and obeys a framing that is given', async () => {
    expect((await read({ schema, fields: ['candid'] }, message(bare))).values).toEqual([
      { candid: 2n ** 60n },
    ]);
    await expect(read({ framing: 'json' }, message(bare))).rejects.toThrow(/not JSON/);
  });
});

describe("the ids of LSST's schemas", () => {
  it('3: MAJOR*100+MINOR, and the CRC ids of the prototype', () => {
    expect(
      [704, 1100, 2641075771, 3956357356, 877390670, 2751137016, 2461947331, 5].map(lsstVersionOf),
    ).toEqual(['7.4', '11.0', '1.0', '1.0', '2.0', '2.0', '2.1', undefined]);
  });

  it('a folder of versions answers for the prototype too', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'apf-ids-'));
    await writeFile(join(folder, 'lsst.v1_0.alert.avsc'), schema.json);
    const source = folderSchemaSource(folder);
    expect(source.byId(2641075771).name).toBe('alert');
    expect(source.byId(100).name).toBe('alert');
    await rm(folder, { recursive: true });
  });
});
