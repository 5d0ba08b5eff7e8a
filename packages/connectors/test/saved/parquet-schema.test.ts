import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseSchema, writeContainer, readContainer } from '@apf/core';
import { parquetReadObjects } from 'hyparquet';
import { AppendFile } from '../../src/files/append-file.js';
import { csvFormat, jsonFormat, parquetFormat, type FileFormat } from '../../src/saved/index.js';

const schema = parseSchema({
  type: 'record',
  name: 'alert',
  fields: [
    { name: 'candid', type: 'long' },
    {
      name: 'source',
      type: [
        'null',
        {
          type: 'record',
          name: 's',
          fields: [
            { name: 'mag', type: ['null', 'float'] },
            { name: 'id', type: 'long' },
          ],
        },
      ],
    },
    { name: 'before', type: ['null', { type: 'array', items: 's' }] },
    { name: 'tags', type: { type: 'map', values: 'long' } },
    { name: 'either', type: ['null', 'string', 'long'] },
    { name: 'cutout', type: ['null', 'bytes'] },
  ],
});
const alerts = [
  {
    candid: 9007199254740993n,
    source: { mag: Math.fround(17.45), id: 2n ** 62n },
    before: [
      { mag: null, id: 1n },
      { mag: NaN, id: 2n },
    ],
    tags: { a: 2n ** 60n },
    either: 2n ** 53n + 1n,
    cutout: Buffer.from([0, 255]),
  },
  { candid: -1n, source: null, before: null, tags: {}, either: null, cutout: null },
  { candid: 3n, source: { mag: null, id: 0n }, before: [], tags: {}, either: 'x, "y"\n', cutout: null },
];

describe('files with many alerts', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'apf-formats-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const written = async (format: FileFormat): Promise<Buffer> => {
    const { records } = readContainer(writeContainer(schema, alerts));
    const file = await AppendFile.open(join(folder, `alerts.${format.extension}`));
    const writer = await format.begin(file, schema);
    const origin = { topic: 't', partition: 0, offset: 0, value: Buffer.alloc(1) };
    const saved = records.map((value) => ({
      value: { value, schema, framing: 'container' },
      origin,
    }));
    await writer.add(saved.slice(0, 2));
    await writer.add(saved.slice(2));
    await writer.finish();
    await file.close();
    return readFile(file.path);
  };

  it('Parquet keeps 64-bit integers, records, lists, maps and nulls', async () => {
    const bytes = await written(parquetFormat);
    const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer;
    const rows = await parquetReadObjects({ file: buffer, utf8: false });
    // A union of text and integers is JSON; maps and bytes come in the reader's own shapes.
    expect(rows.map(({ candid, source, before, either }) => ({ candid, source, before, either }))).toEqual([
      {
        candid: alerts[0]!.candid,
        source: alerts[0]!.source,
        before: alerts[0]!.before,
        either: '9007199254740993',
      },
      { candid: -1n, source: null, before: null, either: null },
      { candid: 3n, source: { mag: null, id: 0n }, before: [], either: '"x, \\"y\\"\\n"' },
    ]);
    expect(rows[0]!.tags).toEqual({ a: 2n ** 60n });
    expect([...(rows[0]!.cutout as Uint8Array)]).toEqual([0, 255]);
  });

  it('CSV has a column for each field of the records inside, null or not', async () => {
    expect((await written(csvFormat)).toString().split('\n')).toEqual([
      'candid,source.mag,source.id,before,tags,either,cutout',
      '9007199254740993,17.450000762939453,4611686018427387904,"[{""mag"":null,""id"":1},{""mag"":NaN,""id"":2}]","{""a"":1152921504606846976}",9007199254740993,AP8=',
      '-1,,,,{},,',
      '3,,0,[],{},"x, ""y""',
      '",',
      '',
    ]);
  });

  it('JSON lines have exact integers', async () => {
    const lines = (await written(jsonFormat('literal'))).toString().trim().split('\n');
    expect(lines).toHaveLength(3);
    expect(lines[0]).toContain('"candid":9007199254740993,"source":{"mag":17.45,"id":4611686018427387904}');
    expect(lines[0]).toContain('NaN');
  });
});
