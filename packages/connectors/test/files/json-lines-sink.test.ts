import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { FatalError } from '@apf/core';
import { JsonLinesSink } from '../../src/files/json-lines-sink.js';
import { JsonLinesSource } from '../../src/files/json-lines-source.js';
import { logLines } from './log-lines.js';
import { outgoing } from './outgoing.js';
import { readAll, textOf } from './read-all.js';
import { scratchFolder } from './scratch-folder.js';

async function write(
  path: string,
  ...batches: unknown[][]
): Promise<{ refused: unknown[]; lines: string[] }> {
  const { logger, lines } = logLines();
  const sink = new JsonLinesSink({ path, logger });
  const refused: unknown[] = [];
  await sink.open();
  try {
    for (const batch of batches) {
      refused.push(...(await sink.write(outgoing(...batch))).map(({ outgoing: { value } }) => value));
      await sink.flush();
    }
  } finally {
    await sink.close();
  }
  return { refused, lines };
}

describe('JsonLinesSink', () => {
  it('writes a line for each output, 64-bit integers as digits and bytes in base64', async () => {
    const path = join(scratchFolder(), 'new/folder/x.jsonl');
    await write(path, [{ candid: 1234567890123456789n, stamp: Buffer.from('ab') }], [{ text: 'a\nb' }, [1]]);
    expect(readFileSync(path, 'utf8')).toBe(
      '{"candid":1234567890123456789,"stamp":"YWI="}\n{"text":"a\\nb"}\n[1]\n',
    );
  });

  it('has everything in the file when flush has resolved', async () => {
    const path = join(scratchFolder(), 'x.jsonl');
    const sink = new JsonLinesSink({ path, logger: logLines().logger });
    await sink.open();
    await sink.write(outgoing({ a: 1 }, { a: 2 }));
    await sink.flush();
    expect(readFileSync(path, 'utf8')).toBe('{"a":1}\n{"a":2}\n');
    await sink.close();
  });

  it('continues a file that exists', async () => {
    const path = join(scratchFolder(), 'x.jsonl');
    await write(path, [{ a: 1 }]);
    await write(path, [{ a: 2 }]);
    expect(readFileSync(path, 'utf8')).toBe('{"a":1}\n{"a":2}\n');
  });

  it('sets a record that a crash has cut aside, and throws nothing away', async () => {
    const path = join(scratchFolder(), 'x.jsonl');
    writeFileSync(path, '{"a":1}\n{"a":');
    const { lines } = await write(path, [{ a: 2 }]);
    expect(readFileSync(path, 'utf8')).toBe('{"a":1}\n{"a":2}\n');
    expect(readFileSync(`${path}.torn`, 'utf8')).toBe('{"a":');
    expect(lines).toEqual([
      expect.stringMatching(/^warn the last record had no end; it was moved .*"bytes":5/),
    ]);
    await write(path, [{ a: 3 }]);
    expect(readFileSync(`${path}.torn`, 'utf8')).toBe('{"a":');
  });

  it('refuses what is no JSON, and writes the rest', async () => {
    const path = join(scratchFolder(), 'x.jsonl');
    const circle: Record<string, unknown> = {};
    circle['self'] = circle;
    expect((await write(path, [{ a: 1 }, circle, { a: 2 }])).refused).toEqual([circle]);
    expect(readFileSync(path, 'utf8')).toBe('{"a":1}\n{"a":2}\n');
  });

  it('is read back by JsonLinesSource, record by record', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(fc.dictionary(fc.string(), fc.jsonValue()))), async (batches) => {
        const path = join(scratchFolder(), 'x.jsonl');
        await write(path, ...batches);
        const messages = await readAll(new JsonLinesSource({ path, logger: logLines().logger }));
        // Not through JSON.stringify, which would make 0 of a -0.
        expect(messages.map((message) => JSON.parse(textOf(message) as string) as unknown)).toEqual(
          batches.flat(),
        );
      }),
      { numRuns: 30 },
    );
  });

  it('stops in one line when the file cannot be written', async () => {
    const folder = scratchFolder();
    mkdirSync(join(folder, 'x.jsonl'));
    const opened = write(join(folder, 'x.jsonl'));
    await expect(opened).rejects.toBeInstanceOf(FatalError);
    await expect(opened).rejects.toThrow(
      /^outputs cannot be written to '.*x\.jsonl': it is a folder \(EISDIR\); check the path/,
    );
  });

  (existsSync('/dev/full') ? it : it.skip)('stops when the disk is full', async () => {
    const written = write('/dev/full', [{ a: 1 }]);
    await expect(written).rejects.toThrow(/'\/dev\/full': the disk is full \(ENOSPC\); free some space/);
    await expect(written).rejects.toMatchObject({ code: 'APF_SINK' });
  });
});
