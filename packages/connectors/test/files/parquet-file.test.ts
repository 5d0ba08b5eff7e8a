import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ColumnModel, FatalError, parseJson } from '@apf/core';
import { parquetReadObjects } from 'hyparquet';
import { ParquetFile } from '../../src/files/parquet-file.js';
import { scratchFolder } from './scratch-folder.js';

const COLUMNS: ColumnModel[] = [
  { name: 'candid', type: 'int64', nullable: false },
  { name: 'fid', type: 'int32', nullable: true },
  { name: 'magpsf', type: 'float', nullable: true },
  { name: 'ra', type: 'double', nullable: true },
  { name: 'ok', type: 'boolean', nullable: true },
  { name: 'Power_rate_1/2', type: 'text', nullable: true },
  { name: 'stamp', type: 'bytes', nullable: true },
  { name: 'nested', type: 'json', nullable: true },
  { name: 'time', type: 'timestamp', nullable: true },
];

const ROWS = [
  {
    candid: 2n ** 63n - 1n,
    fid: -1,
    magpsf: Math.fround(17.45),
    ra: NaN,
    ok: false,
    'Power_rate_1/2': 'é "x"\n',
    stamp: Buffer.from([0, 255]),
    nested: { id: 2n ** 60n + 1n, list: [1.5, null] },
    time: new Date('2026-10-01T18:00:00.123Z'),
  },
  { candid: -1n, fid: null, magpsf: NaN, ra: -Infinity },
];

async function readBack(path: string): Promise<Record<string, unknown>[]> {
  const bytes = readFileSync(path);
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);
  return parquetReadObjects({ file, utf8: false });
}

describe('a Parquet file', () => {
  it('gives back every value, whichever group of rows it is in', async () => {
    const path = join(scratchFolder(), 'rows.parquet');
    const file = await ParquetFile.create(path, COLUMNS);
    for (const row of ROWS) await file.append([row]);
    await file.append([]);
    expect(existsSync(path)).toBe(false);
    await file.close();
    const [first, second] = await readBack(path);
    const { nested, stamp, ...rest } = first!;
    const { nested: wantedNested, stamp: wantedStamp, ...wanted } = ROWS[0]!;
    expect(rest).toEqual(wanted);
    expect(Buffer.from(stamp as Uint8Array)).toEqual(wantedStamp);
    expect(parseJson(nested as string)).toEqual(wantedNested);
    const nulls = Object.fromEntries(COLUMNS.map(({ name }) => [name, null]));
    expect(second).toEqual({ ...nulls, ...ROWS[1] });
  });

  it('may have no rows', async () => {
    const path = join(scratchFolder(), 'none.parquet');
    await (await ParquetFile.create(path, COLUMNS)).close();
    expect(await readBack(path)).toEqual([]);
  });

  it('replaces another only once it is whole', async () => {
    const path = join(scratchFolder(), 'rows.parquet');
    writeFileSync(path, 'before');
    const file = await ParquetFile.create(path, COLUMNS);
    await file.append(ROWS);
    await file.discard();
    expect(readFileSync(path, 'utf8')).toBe('before');
    expect(existsSync(`${path}.part`)).toBe(false);
  });

  it('says what is in the way', async () => {
    const path = join(scratchFolder(), 'no', 'folder.parquet');
    const error: unknown = await ParquetFile.create(path, COLUMNS).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(FatalError);
    expect((error as Error).message).toContain(`rows cannot be written to '${path}'`);
  });
});
