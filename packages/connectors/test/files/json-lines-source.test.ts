import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { JsonLinesSource } from '../../src/files/json-lines-source.js';
import { JsonSplitter } from '../../src/files/split-json.js';
import { logLines } from './log-lines.js';
import { readAll, textOf } from './read-all.js';
import { scratchFolder } from './scratch-folder.js';

/** `bytes` cut at any places. */
function cut(bytes: Buffer, places: readonly number[]): Buffer[] {
  const at = [...new Set(places.map((place) => place % (bytes.length + 1)))].sort((a, b) => a - b);
  return [...at, bytes.length].map((end, i) => bytes.subarray(at[i - 1] ?? 0, end));
}

function split(bytes: Buffer, places: readonly number[] = []): string[] {
  const splitter = new JsonSplitter();
  const values: Buffer[] = [];
  for (const chunk of cut(bytes, places)) splitter.push(chunk, values);
  splitter.end(values);
  return values.map((value) => value.toString());
}

const objects = fc.array(fc.dictionary(fc.string(), fc.jsonValue()));
const places = fc.array(fc.nat(10_000));
const mark = fc.constantFrom('', '\ufeff', '\n \n', '\ufeff\r\n');

describe('JsonSplitter', () => {
  it('finds the lines again, wherever the chunks are cut', () => {
    fc.assert(
      fc.property(
        objects,
        places,
        mark,
        fc.constantFrom('\n', '\r\n', '\n\n \r\n'),
        (values, cuts, start, end) => {
          const lines = values.map((value) => JSON.stringify(value));
          expect(split(Buffer.from(start + lines.join(end)), cuts)).toEqual(lines);
          expect(split(Buffer.from(start + lines.map((line) => line + end).join('')), cuts)).toEqual(lines);
        },
      ),
    );
  });

  it('finds the elements of an array again, wherever the chunks are cut and however it is indented', () => {
    const anything = fc.array(fc.jsonValue());
    fc.assert(
      fc.property(anything, places, mark, fc.constantFrom(0, 1, '\t'), (values, cuts, start, indent) => {
        const text = JSON.stringify(values, null, indent);
        expect(
          split(Buffer.from(`${start}${text}\n`), cuts).map((value) => JSON.parse(value) as unknown),
        ).toEqual(JSON.parse(text));
      }),
    );
  });

  it('loses no byte of a text that is no JSON: each record is one value, or the rest, or an error', () => {
    fc.assert(
      fc.property(fc.string(), places, (text, cuts) => {
        const splitter = new JsonSplitter();
        const values: Buffer[] = [];
        const bytes = Buffer.from(`[${text}`);
        let failed = false;
        try {
          for (const chunk of cut(bytes, cuts)) splitter.push(chunk, values);
          splitter.end(values);
        } catch {
          failed = true;
        }
        const squeezed = (part: string): string => part.replace(/[\s,]/g, '');
        const found = squeezed(Buffer.concat([...values, splitter.rest()]).toString());
        if (!failed) expect(`[${found}]`).toBe(squeezed(bytes.toString()));
        else
          expect(
            squeezed(bytes.toString()).startsWith(`[${values.map((v) => squeezed(v.toString())).join('')}`),
          ).toBe(true);
      }),
    );
  });

  it('gives an element without text as something that no codec takes', () => {
    expect(split(Buffer.from('[1,,2]'))).toEqual(['1', ',', '2']);
  });

  it('refuses a line without an end before it fills the memory', () => {
    const splitter = new JsonSplitter();
    const chunk = Buffer.alloc(16 * 1024 * 1024, 'x');
    expect(() => {
      for (let i = 0; i < 5; i++) splitter.push(chunk, []);
    }).toThrow('a record does not end within 67108864 bytes');
  });
});

describe('JsonLinesSource', () => {
  const source = (path: string): JsonLinesSource => new JsonLinesSource({ path, logger: logLines().logger });

  it('reads lines and arrays, plain and gzipped, of a folder, each record with its number in its file', async () => {
    const folder = scratchFolder();
    mkdirSync(join(folder, 'sub'));
    writeFileSync(join(folder, 'a.jsonl'), '{"id":9007199254740993}\n\n{"id":2}\r\n{"broken":\n');
    writeFileSync(join(folder, 'b.json'), '[{"id":3}, {"id":[4,"],\\"["]}]\n');
    writeFileSync(join(folder, 'c.ndjson.gz'), gzipSync('{"id":5}'));
    writeFileSync(join(folder, 'sub/d.json'), '');
    writeFileSync(join(folder, 'README'), 'no');

    const messages = await readAll(source(folder), 2);

    expect(
      messages.map(({ topic, offset, value }) => [topic.slice(folder.length + 1), offset, String(value)]),
    ).toEqual([
      ['a.jsonl', 0, '{"id":9007199254740993}'],
      ['a.jsonl', 1, '{"id":2}'],
      ['a.jsonl', 2, '{"broken":'],
      ['b.json', 0, '{"id":3}'],
      ['b.json', 1, '{"id":[4,"],\\"["]}'],
      ['c.ndjson.gz', 0, '{"id":5}'],
    ]);
    expect(messages.filter(({ unreadable }) => unreadable !== undefined)).toEqual([]);
    expect(messages[0]?.timestamp).toBeGreaterThan(1_700_000_000_000);
  });

  it.each([
    [
      'cut in an element',
      '[{"id":1},{"id":2},{"i',
      2,
      '{"i',
      /the array is not closed: the file is cut short/,
    ],
    ['cut between elements', '[{"id":1},', 1, '', /the array is not closed/],
    ['with something behind it', '[{"id":1}] {"id":2}', 1, '{"id":2}', /something follows the bracket/],
  ])(
    'gives what an array %s still holds, then the rest as unreadable',
    async (_what, text, good, rest, error) => {
      const path = join(scratchFolder(), 'x.json');
      writeFileSync(path, text);
      const messages = await readAll(source(path));
      expect(messages.slice(0, good).map(textOf)).toEqual(['{"id":1}', '{"id":2}'].slice(0, good));
      expect(messages).toHaveLength(good + 1);
      expect(messages[good]?.offset).toBe(good);
      expect(messages[good]?.unreadable?.message).toMatch(error);
      expect(textOf(messages[good])).toBe(rest);
    },
  );

  it('goes on with the next file after one that breaks off', async () => {
    const folder = scratchFolder();
    const lines = Array.from({ length: 50_000 }, (_, i) => `{"i":${i},"x":"${Math.sin(i)}"}`).join('\n');
    writeFileSync(join(folder, 'a.jsonl.gz'), gzipSync(lines).subarray(0, 500_000));
    writeFileSync(join(folder, 'b.jsonl'), '{"id":1}');
    const messages = await readAll(source(folder));
    const failed = messages.findIndex(({ unreadable }) => unreadable !== undefined);
    expect(failed).toBeGreaterThan(1000);
    expect(messages[failed]?.unreadable?.message).toMatch(/its gzip data end too early/);
    expect(messages.slice(failed + 1).map(textOf)).toEqual(['{"id":1}']);
    messages.slice(0, failed).forEach(({ value, offset }, i) => {
      expect(offset).toBe(i);
      expect(JSON.parse(String(value))).toMatchObject({ i });
    });
  });

  it('reads no further than it is asked to', async () => {
    const path = join(scratchFolder(), 'large.jsonl');
    writeFileSync(path, `{"x":"${'y'.repeat(1000)}"}\n`.repeat(50_000));
    const before = process.memoryUsage().arrayBuffers;
    const reader = source(path);
    await reader.open();
    expect(await reader.poll(10, new AbortController().signal)).toHaveLength(10);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(10_000_000);
    await reader.close();
  });

  it('refuses a path that is missing, with the remedy', async () => {
    await expect(source('/nowhere/x.jsonl').open()).rejects.toThrow(
      /no file or folder '\/nowhere\/x.jsonl'.*check the path/,
    );
  });
});
