import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { FatalError } from '@apf/core';
import { CsvSink, type CsvSinkOptions } from '../../src/files/csv-sink.js';
import { CsvSource } from '../../src/files/csv-source.js';
import { logLines } from './log-lines.js';
import { outgoing } from './outgoing.js';
import { readAll, textOf } from './read-all.js';
import { scratchFolder } from './scratch-folder.js';

async function write(
  path: string,
  batches: unknown[][],
  options: Partial<CsvSinkOptions> = {},
): Promise<string[]> {
  const sink = new CsvSink({ path, logger: logLines().logger, ...options });
  const errors: string[] = [];
  await sink.open();
  try {
    for (const batch of batches) {
      errors.push(...(await sink.write(outgoing(...batch))).map(({ error }) => error.message));
      await sink.flush();
    }
  } finally {
    await sink.close();
  }
  return errors;
}

describe('CsvSink', () => {
  it('writes the header once, then a row for each output, its fields under their columns in any order', async () => {
    const path = join(scratchFolder(), 'new/x.csv');
    const errors = await write(path, [
      [
        { oid: 'ZTF20aaa', candid: 1234567890123456789n, mag: 18.2, ok: true },
        { ok: false, oid: 'a,"b"\nc' },
      ],
      [{ mag: NaN, oid: '', candid: null, ok: undefined }],
    ]);
    expect(errors).toEqual([]);
    expect(readFileSync(path, 'utf8')).toBe(
      'oid,candid,mag,ok\nZTF20aaa,1234567890123456789,18.2,true\n"a,""b""\nc",,,false\n"",,NaN,\n',
    );
  });

  it('writes nested values as JSON and bytes in base64', async () => {
    const path = join(scratchFolder(), 'x.csv');
    await write(path, [[{ list: [1n, null], map: { a: 'b' }, stamp: Buffer.from('ab') }]]);
    expect(readFileSync(path, 'utf8')).toBe('list,map,stamp\n"[1,null]","{""a"":""b""}",YWI=\n');
  });

  it('refuses an output with a field that is no column, naming both, and writes the rest', async () => {
    const path = join(scratchFolder(), 'x.csv');
    const errors = await write(path, [[{ a: 1, b: 2 }, { a: 1, c: 3, 'd\n': 4 }, { a: 5 }, 'text', [1]]]);
    expect(errors).toEqual([
      `the output has 'c', 'd\\u000a', for which '${path}' has no column; its columns are 'a', 'b'`,
      'the output is no object, so it has no columns',
      'the output is no object, so it has no columns',
    ]);
    expect(readFileSync(path, 'utf8')).toBe('a,b\n1,2\n5,\n');
  });

  it('takes the columns and the delimiter that it is given', async () => {
    const path = join(scratchFolder(), 'x.csv');
    await write(path, [[{ b: 2, a: '1;2' }]], { columns: ['a', 'b', 'c'], delimiter: ';' });
    expect(readFileSync(path, 'utf8')).toBe('a;b;c\n"1;2";2;\n');
  });

  it('continues a file with its own columns, without another header', async () => {
    const path = join(scratchFolder(), 'x.csv');
    await write(path, [[{ a: 1, b: 2 }]]);
    await write(path, [[{ b: 4, a: 3 }]]);
    await write(path, [[{ b: 6, a: 5 }]], { columns: ['a', 'b'] });
    expect(readFileSync(path, 'utf8')).toBe('a,b\n1,2\n3,4\n5,6\n');
  });

  it('refuses a file with other columns than those it is given, and leaves it as it is', async () => {
    const path = join(scratchFolder(), 'x.csv');
    writeFileSync(path, 'a,b\n1,2\n');
    const opened = write(path, [], { columns: ['b', 'a'] });
    await expect(opened).rejects.toBeInstanceOf(FatalError);
    await expect(opened).rejects.toThrow(
      `'${path}' has the columns 'a', 'b', the settings 'b', 'a': write to another file`,
    );
    expect(readFileSync(path, 'utf8')).toBe('a,b\n1,2\n');
  });

  it.each([
    ['in a cell', 'a,b\n1,2\n3,4', '3,4'],
    ['within quotes, after a line break', 'a,b\n1,2\n"3\n', '"3\n'],
  ])('sets a row that a crash has cut %s aside', async (_where, content, torn) => {
    const path = join(scratchFolder(), 'x.csv');
    writeFileSync(path, content);
    await write(path, [[{ a: 5, b: 6 }]]);
    expect(readFileSync(path, 'utf8')).toBe('a,b\n1,2\n5,6\n');
    expect(readFileSync(`${path}.torn`, 'utf8')).toBe(torn);
  });

  it('is read back by CsvSource, cell by cell', async () => {
    const cell = fc.string({ unit: 'grapheme' });
    const columns = fc.uniqueArray(fc.string({ unit: 'grapheme', minLength: 1 }), {
      minLength: 1,
      maxLength: 4,
    });
    const tables = columns.chain((names) =>
      fc.array(fc.tuple(...names.map(() => cell)), { minLength: 1 }).map((rows) => ({ names, rows })),
    );
    await fc.assert(
      fc.asyncProperty(tables, async ({ names, rows }) => {
        const path = join(scratchFolder(), 'x.csv');
        const values = rows.map((row) => Object.fromEntries(names.map((name, i) => [name, row[i]])));
        await write(path, [values.slice(0, 1), values.slice(1)], { columns: names });
        const messages = await readAll(new CsvSource({ path, logger: logLines().logger }));
        expect(messages.map((message) => JSON.parse(textOf(message) as string) as unknown)).toEqual(
          JSON.parse(JSON.stringify(values)),
        );
      }),
    );
  });
});
