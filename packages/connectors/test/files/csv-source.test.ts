import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { stringify } from 'csv-stringify/sync';
import fc from 'fast-check';
import type { RawMessage } from '@apf/core';
import { CsvSource, type CsvSourceOptions } from '../../src/files/csv-source.js';
import { logLines } from './log-lines.js';
import { readAll, textOf } from './read-all.js';
import { scratchFolder } from './scratch-folder.js';

async function read(
  content: string | Buffer,
  options: Partial<CsvSourceOptions> = {},
  name = 'x.csv',
): Promise<RawMessage[]> {
  const path = join(scratchFolder(), name);
  writeFileSync(path, content);
  return readAll(new CsvSource({ path, logger: logLines().logger, ...options }));
}

const texts = (messages: readonly RawMessage[]): (string | undefined)[] => messages.map(textOf);

describe('CsvSource', () => {
  it('makes a JSON object of each row, every value as its text, whatever the order of magnitude', async () => {
    const messages = await read(
      '\ufeffoid,candid,"a,b"\r\nZTF20aaa,1234567890123456789,"x ""y""\nz"\r\n\r\n007,-1.5e3,\r\n',
    );
    expect(texts(messages)).toEqual([
      '{"oid":"ZTF20aaa","candid":"1234567890123456789","a,b":"x \\"y\\"\\nz"}',
      '{"oid":"007","candid":"-1.5e3","a,b":""}',
    ]);
    expect(messages.map(({ offset }) => offset)).toEqual([0, 1]);
  });

  it('passes the numbers of the columns named on as their digits, empty cells as null', async () => {
    const content = 'oid,candid,mag\n12,1234567890123456789,18.20\n,007,nan\n13,,\n';
    expect(texts(await read(content, { numbers: ['candid', 'mag'] }))).toEqual([
      '{"oid":"12","candid":1234567890123456789,"mag":18.20}',
      '{"oid":"","candid":"007","mag":"nan"}',
      '{"oid":"13","candid":null,"mag":null}',
    ]);
    expect(texts(await read(content, { numbers: true }))[0]).toBe(
      '{"oid":12,"candid":1234567890123456789,"mag":18.20}',
    );
  });

  it('takes another delimiter, tabs in a .tsv, and gzip', async () => {
    expect(texts(await read('a;b\n1;2,3', { delimiter: ';' }))).toEqual(['{"a":"1","b":"2,3"}']);
    expect(texts(await read('a\tb\n1\t2', {}, 'x.tsv'))).toEqual(['{"a":"1","b":"2"}']);
    expect(texts(await read(gzipSync('a,b\n1,2'), {}, 'x.csv.gz'))).toEqual(['{"a":"1","b":"2"}']);
  });

  it('gives rows with other than their cells as unreadable, with their text, in their place', async () => {
    const messages = await read('a,b\n1,2\n3\n4,5,6\n7,x"y"\n"8"z,9\n10,11\n');
    expect(
      messages.map(({ offset, unreadable, value }) => [offset, unreadable?.message ?? String(value)]),
    ).toEqual([
      [0, '{"a":"1","b":"2"}'],
      [1, expect.stringMatching(/expect 2, got 1/)],
      [2, expect.stringMatching(/expect 2, got 3/)],
      [3, '{"a":"7","b":"x\\"y\\""}'],
      [4, '{"a":"\\"8\\"z","b":"9"}'],
      [5, '{"a":"10","b":"11"}'],
    ]);
    expect(textOf(messages[2])).toBe('4,5,6\n');
  });

  it('gives what follows a quote that is never closed as unreadable', async () => {
    const messages = await read('a,b\n1,2\n"3,4\n5,6\n');
    expect(texts(messages)).toEqual(['{"a":"1","b":"2"}', '"3,4\n5,6\n']);
    expect(messages[1]?.unreadable?.message).toMatch(/Quote Not Closed/);
  });

  it('gives up a file in which a row has no end, before it fills the memory', async () => {
    const messages = await read(
      Buffer.concat([Buffer.from('a,b\n1,2\n"'), Buffer.alloc(9 * 1024 * 1024, 'x')]),
    );
    expect(textOf(messages[0])).toBe('{"a":"1","b":"2"}');
    expect(messages).toHaveLength(2);
    expect(messages[1]?.unreadable?.message).toMatch(/record exceed the maximum number of tolerated bytes/);
  });

  it.each([
    ['with two columns of one name', 'a,b,a\n1,2,3\n', /two columns are named 'a'/],
    ['whose header does not end', 'a,"b\n1,2\n3,4\n', /Quote Not Closed/],
  ])('gives a file %s as one that is unreadable', async (_what, content, error) => {
    const messages = await read(content);
    expect(messages).toHaveLength(1);
    expect(messages[0]?.unreadable?.message).toMatch(error);
  });

  it('gives the rows of a damaged gzip file up to the damage', async () => {
    const rows = Array.from({ length: 50_000 }, (_, i) => `${i},${Math.sin(i)}`).join('\n');
    const messages = await read(gzipSync(`i,x\n${rows}`).subarray(0, 400_000), {}, 'x.csv.gz');
    const bad = messages.pop();
    expect(bad?.unreadable?.message).toMatch(/its gzip data end too early/);
    expect(messages.length).toBeGreaterThan(1000);
    messages.forEach(({ value, offset }, i) => {
      expect(offset).toBe(i);
      expect(JSON.parse(String(value))).toEqual({ i: `${i}`, x: `${Math.sin(i)}` });
    });
  });

  it('gives back every cell that csv-stringify wrote, also over the edges of the chunks that are read', async () => {
    const cell = fc.string({ unit: 'grapheme', maxLength: 20 });
    const columns = fc.uniqueArray(cell, { minLength: 2, maxLength: 5 });
    const tables = columns.chain((names) =>
      fc.tuple(fc.constant(names), fc.array(fc.tuple(...names.map(() => cell)), { minLength: 1 })),
    );
    await fc.assert(
      fc.asyncProperty(tables, fc.nat(70_000), async ([names, rows], filler) => {
        // A first row that moves the others to and over the edge of a 64 KiB chunk.
        const all = [names.map(() => 'x'.repeat(filler / names.length)), ...rows];
        const content = stringify([names, ...all], { quoted: true });
        expect(
          (await read(content)).map((message) => JSON.parse(textOf(message) as string) as unknown),
        ).toEqual(
          all.map(
            (row) =>
              JSON.parse(
                JSON.stringify(Object.fromEntries(names.map((name, i) => [name, row[i]]))),
              ) as unknown,
          ),
        );
      }),
      { numRuns: 50 },
    );
  });
});
