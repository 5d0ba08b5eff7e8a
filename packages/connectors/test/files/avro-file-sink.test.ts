import { appendFileSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FatalError, parseSchema, readContainer, type ContainerCodec } from '@apf/core';
import { AvroFileSink, type AvroFileSinkOptions } from '../../src/files/avro-file-sink.js';
import { logLines } from './log-lines.js';
import { outgoing } from './outgoing.js';
import { scratchFolder } from './scratch-folder.js';

const schema = parseSchema(
  JSON.stringify({
    type: 'record',
    name: 'Candidate',
    fields: [
      { name: 'candid', type: 'long' },
      { name: 'text', type: ['null', 'string'], default: null },
    ],
  }),
);

const candidate = (i: number): { candid: bigint; text: string } => ({
  candid: 1234567890123456789n + BigInt(i),
  text: `${i}`.repeat(50),
});

function sinkTo(
  path: string,
  options: Partial<AvroFileSinkOptions> = {},
): { sink: AvroFileSink; lines: string[] } {
  const { logger, lines } = logLines();
  return { sink: new AvroFileSink({ path, schema, logger, ...options }), lines };
}

async function write(sink: AvroFileSink, ...batches: number[][]): Promise<void> {
  for (const batch of batches) {
    await sink.write(outgoing(...batch.map(candidate)));
    await sink.flush();
  }
}

const recordsOf = (path: string): unknown[] => readContainer(readFileSync(path)).records;

describe('AvroFileSink', () => {
  it.each<ContainerCodec>(['null', 'deflate', 'snappy'])(
    'writes all batches into one container (%s)',
    async (codec) => {
      const folder = scratchFolder();
      const { sink } = sinkTo(join(folder, 'new/out.avro'), { codec });
      await sink.open();
      await write(sink, [0, 1, 2], [3], [4, 5]);
      await sink.close();
      expect(readdirSync(join(folder, 'new'))).toEqual(['out.avro']);
      const container = readContainer(readFileSync(join(folder, 'new/out.avro')));
      expect(container.codec).toBe(codec);
      expect(container.schema.json).toBe(schema.json);
      expect(container.records).toEqual([0, 1, 2, 3, 4, 5].map(candidate));
    },
  );

  it('has everything in a readable .part file when flush has resolved, and completes it on close', async () => {
    const folder = scratchFolder();
    const { sink } = sinkTo(folder);
    await sink.open();
    expect(readdirSync(folder)).toEqual([]);
    await write(sink, [0, 1]);
    expect(readdirSync(folder)).toEqual(['alerts-000000.avro.part']);
    expect(recordsOf(join(folder, 'alerts-000000.avro.part'))).toEqual([0, 1].map(candidate));
    await sink.close();
    expect(readdirSync(folder)).toEqual(['alerts-000000.avro']);
  });

  it.each([
    ['records', { records: 3 }, 3],
    ['bytes', { bytes: 450 }, 2],
    ['seconds', { seconds: 0 }, 4],
  ])('begins a new file after so many %s', async (_what, rotate, expected) => {
    const folder = scratchFolder();
    const { sink } = sinkTo(folder, { rotate });
    await sink.open();
    await write(sink, [0], [1, 2], [3, 4, 5], [6]);
    await sink.close();
    const files = readdirSync(folder).sort();
    expect(files).toHaveLength(expected);
    expect(files.flatMap((name) => recordsOf(join(folder, name)))).toEqual(
      [0, 1, 2, 3, 4, 5, 6].map(candidate),
    );
  });

  it('never writes to a file that exists: a restart begins the next one', async () => {
    const folder = scratchFolder();
    const path = join(folder, 'out.avro');
    writeFileSync(path, 'precious');
    writeFileSync(join(folder, 'out-of-order.avro'), 'not of this series');
    for (const i of [0, 1]) {
      const { sink } = sinkTo(path);
      await sink.open();
      await write(sink, [i]);
      await sink.close();
    }
    expect(readFileSync(path, 'utf8')).toBe('precious');
    expect(readdirSync(folder).sort()).toEqual([
      'out-000001.avro',
      'out-000002.avro',
      'out-of-order.avro',
      'out.avro',
    ]);
    expect(recordsOf(join(folder, 'out-000002.avro'))).toEqual([candidate(1)]);
  });

  it('shares a folder with another process’s series without touching its files', async () => {
    const folder = scratchFolder();
    const [a, b] = [sinkTo(folder).sink, sinkTo(folder).sink];
    await a.open();
    await b.open();
    await write(a, [0]);
    await write(b, [1]);
    await a.close();
    await b.close();
    expect(
      readdirSync(folder)
        .sort()
        .map((name) => recordsOf(join(folder, name))),
    ).toEqual([[candidate(0)], [candidate(1)]]);
  });

  it('completes after a crash what was confirmed, wherever the last write was cut', async () => {
    const whole = scratchFolder();
    const { sink } = sinkTo(whole);
    await sink.open();
    await write(sink, [0, 1]);
    const part = join(whole, 'alerts-000000.avro.part');
    const confirmed = readFileSync(part);
    await write(sink, [2, 3]);
    const all = readFileSync(part);
    await sink.close();

    for (let cut = confirmed.length; cut < all.length; cut += 7) {
      const folder = scratchFolder();
      writeFileSync(join(folder, 'alerts-000000.avro.part'), all.subarray(0, cut));
      const { sink: next, lines } = sinkTo(folder);
      await next.open();
      await write(next, [4]);
      await next.close();
      expect(readFileSync(join(folder, 'alerts-000000.avro')).equals(confirmed)).toBe(true);
      expect(recordsOf(join(folder, 'alerts-000001.avro'))).toEqual([candidate(4)]);
      expect(lines).toEqual([expect.stringMatching(/^warn an unfinished file was completed/)]);
    }
  });

  it('keeps only whole blocks of an unfinished file whose tail is garbage', async () => {
    const folder = scratchFolder();
    const { sink } = sinkTo(folder);
    await sink.open();
    await write(sink, [0, 1]);
    const part = join(folder, 'alerts-000000.avro.part');
    const confirmed = readFileSync(part);
    await sink.close();
    for (const garbage of [
      Buffer.alloc(4096),
      Buffer.alloc(5, 0xff),
      Buffer.alloc(300, 0xff),
      Buffer.from('x'),
    ]) {
      const other = scratchFolder();
      writeFileSync(join(other, 'alerts-000000.avro.part'), Buffer.concat([confirmed, garbage]));
      await sinkTo(other).sink.open();
      expect(readFileSync(join(other, 'alerts-000000.avro')).equals(confirmed)).toBe(true);
    }
  });

  it('removes an unfinished file in which nothing was confirmed', async () => {
    const folder = scratchFolder();
    appendFileSync(join(folder, 'alerts-000004.avro.part'), 'Obj');
    const { sink, lines } = sinkTo(folder);
    await sink.open();
    await write(sink, [0]);
    await sink.close();
    expect(readdirSync(folder)).toEqual(['alerts-000005.avro']);
    expect(lines).toEqual([
      expect.stringMatching(/^warn an unfinished file without any whole block was removed/),
    ]);
  });

  it('refuses what does not fit the schema, and writes the rest', async () => {
    const folder = scratchFolder();
    const { sink } = sinkTo(folder);
    await sink.open();
    const refused = await sink.write(outgoing<unknown>(candidate(0), { candid: 'text' }, candidate(1)));
    expect(refused).toMatchObject([
      { outgoing: { value: { candid: 'text' } }, error: { code: 'APF_ENCODE' } },
    ]);
    expect(await sink.write(outgoing({ candid: 'text' }))).toHaveLength(1);
    await sink.flush();
    await sink.close();
    expect(recordsOf(join(folder, 'alerts-000000.avro'))).toEqual([0, 1].map(candidate));
  });

  it('stops in one line when the folder cannot be made', async () => {
    const path = join(scratchFolder(), 'file');
    writeFileSync(path, '');
    const opened = sinkTo(join(path, 'out.avro')).sink.open();
    await expect(opened).rejects.toBeInstanceOf(FatalError);
    await expect(opened).rejects.toThrow(
      /^outputs cannot be written to '.*file': it exists already and is not a folder \(EEXIST\); check the path/,
    );
  });
});
