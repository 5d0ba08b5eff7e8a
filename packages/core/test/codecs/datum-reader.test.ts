import { jest } from '@jest/globals';
import fc from 'fast-check';
import { DatumReader } from '../../src/codecs/datum-reader.js';
import { ContainerWriter, readContainer, type WriteContainerOptions } from '../../src/codecs/container.js';
import { parseSchema } from '../../src/codecs/schema.js';
import { PoisonError } from '../../src/errors.js';

const schema = parseSchema({
  type: 'record',
  name: 's.alert',
  fields: [
    { name: 'candid', type: 'long' },
    { name: 'prv', type: { type: 'array', items: ['null', 'double'] } },
    { name: 'stamp', type: ['null', 'bytes'] },
    { name: 'jd', type: 'double' },
    { name: 'last', type: 'int' },
  ],
});
const alert = (candid: bigint, size: number): object => ({
  candid,
  prv: [1.5, null],
  stamp: size === 0 ? null : Buffer.alloc(size, 7),
  jd: Number(candid) + 0.25,
  last: 1000,
});
const alerts = [alert(2n ** 60n + 1n, 0), alert(2n, 40_000), alert(3n, 5), alert(4n, 0)];

/** A container of several blocks. */
function container(sizes: readonly number[], options: WriteContainerOptions = {}): Buffer {
  const writer = new ContainerWriter(schema, options);
  const head = writer.write([]);
  const parts = [head];
  let taken = 0;
  for (const size of sizes) {
    parts.push(writer.write(alerts.slice(taken, taken + size)).subarray(head.length));
    taken += size;
  }
  return Buffer.concat(parts);
}

async function read(chunks: Iterable<Buffer> | AsyncIterable<Buffer>): Promise<unknown[]> {
  const found: unknown[] = [];
  const reader = new DatumReader<{ candid: bigint; jd: number }>({ fields: ['candid', 'jd'] });
  for await (const { header, data } of reader.read(chunks)) {
    expect(header.schema.name).toBe('s.alert');
    for (const { bytes, value } of data) found.push({ bytes: Buffer.from(bytes), ...value });
  }
  return found;
}

const expected = alerts.map((value) => {
  const { candid, jd } = value as { candid: bigint; jd: number };
  return { bytes: schema.encode(value), candid, jd };
});

function* cut(bytes: Buffer, length: number): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += length) yield bytes.subarray(at, at + length);
}

describe('DatumReader', () => {
  it.each(['null', 'deflate', 'snappy'] as const)(
    'gives each record as it stands, from %s',
    async (codec) => {
      expect(await read([container([4], { codec })])).toEqual(expected);
      expect(await read([container([1, 2, 1], { codec })])).toEqual(expected);
      expect(await read([container([])])).toEqual([]);
    },
  );

  it('reads a container in pieces of any size as it does the whole', async () => {
    const bytes = container([1, 2, 1]);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: bytes.length }), async (length) => {
        expect(await read(cut(bytes, length))).toEqual(expected);
      }),
      { numRuns: 10 },
    );
  });

  it('reads no further than it is asked, and then ends what it reads from', async () => {
    const asked = jest.fn();
    async function* chunks(): AsyncGenerator<Buffer> {
      try {
        for (const chunk of cut(container([1, 2, 1]), 1000)) {
          asked('chunk');
          yield chunk;
        }
      } finally {
        asked('end');
      }
    }
    for await (const { data } of new DatumReader().read(chunks())) {
      expect(data).toHaveLength(1);
      break;
    }
    expect(asked.mock.calls.at(-1)).toEqual(['end']);
    expect(asked.mock.calls.length).toBeLessThan(70);
  });

  it('reports a container that is cut short or damaged anywhere, as ContainerReader does', async () => {
    const bytes = container([1, 3]);
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: bytes.length - 1 }),
        fc.integer({ min: 1, max: 255 }),
        fc.boolean(),
        async (at, change, cutOff) => {
          const broken = cutOff ? bytes.subarray(0, at) : Buffer.from(bytes);
          if (!cutOff) broken[at]! ^= change;
          const error = PoisonError;
          let whole: unknown = error;
          try {
            whole = readContainer(broken, { fields: ['candid', 'last'] }).records.length;
          } catch (thrown) {
            expect(thrown).toBeInstanceOf(error);
          }
          const outcome = await read([broken]).then(
            (found) => found.length,
            (thrown: Error) => thrown.constructor,
          );
          expect(outcome).toBe(whole);
        },
      ),
    );
  });

  it('says what is there in place of a container', async () => {
    await expect(read([])).rejects.toMatchObject({ code: 'APF_TRUNCATED' });
    await expect(read([Buffer.from('no container')])).rejects.toMatchObject({ code: 'APF_FRAMING' });
    const pointer = 'version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 5\n';
    await expect(read([Buffer.from(pointer)])).rejects.toMatchObject({ code: 'APF_LFS_POINTER' });
  });
});
