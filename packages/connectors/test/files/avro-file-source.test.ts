import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { END, type RawMessage, UsageError } from '@apf/core';
import { pack } from 'tar-stream';
import { AvroFileSource } from '../../src/files/avro-file-source.js';
import { logLines } from './log-lines.js';
import { readAll } from './read-all.js';
import { scratchFolder } from './scratch-folder.js';

/** Bytes of their own for each name, that gzip cannot shrink; what is in them is the codec's business. */
function alert(name: string, size = 3000): Buffer {
  const noise = createHash('shake256', { outputLength: size }).update(name).digest();
  return Buffer.concat([Buffer.from('Obj\x01'), noise]);
}

async function tar(entries: Record<string, Buffer>): Promise<Buffer> {
  const archive = pack();
  for (const [name, bytes] of Object.entries(entries)) {
    archive.entry({ name, mtime: new Date('2026-01-02T03:04:05Z') }, bytes);
  }
  archive.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of archive) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

const numbered = (count: number, size?: number): Record<string, Buffer> =>
  Object.fromEntries(
    Array.from({ length: count }, (_, i) => [`night/${1000 + i}.avro`, alert(`${i}`, size)]),
  );

const values = (messages: readonly RawMessage[]): unknown[] =>
  messages.map(({ topic, value }) => [topic, value?.toString('latin1')]);

describe('AvroFileSource', () => {
  it('reads the files of a folder and its subfolders in the order of their names, one message each', async () => {
    const folder = scratchFolder();
    mkdirSync(join(folder, 'b/deep'), { recursive: true });
    for (const name of ['c.avro', 'b/deep/2.avro', 'a.avro', 'b/1.AVRO'])
      writeFileSync(join(folder, name), alert(name));
    for (const name of ['README', 'b/a.txt', 'c.avsc', '.hidden.avro'])
      writeFileSync(join(folder, name), 'no alert');
    utimesSync(join(folder, 'a.avro'), 1, 1_700_000_000.5);
    const { logger, lines } = logLines();

    const messages = await readAll(new AvroFileSource({ path: folder, logger }), 3);

    expect(values(messages)).toEqual(
      ['a.avro', 'b/1.AVRO', 'b/deep/2.avro', 'c.avro'].map((name) => [
        join(folder, name),
        alert(name).toString('latin1'),
      ]),
    );
    expect(messages[0]).toMatchObject({ partition: 0, offset: 0, timestamp: 1_700_000_000_500 });
    expect(
      lines.filter((line) => line.startsWith('debug skipped')).map((line) => /[^/]*"}$/.exec(line)?.[0]),
    ).toEqual(['README"}', 'a.txt"}', 'c.avsc"}']);
  });

  it('reads globs, single files of any name, gzipped files and archives, as they are listed', async () => {
    const folder = scratchFolder();
    writeFileSync(join(folder, 'x1.avro'), alert('x1'));
    writeFileSync(join(folder, 'x2.avro'), alert('x2'));
    writeFileSync(join(folder, '[y].avro'), alert('y'));
    writeFileSync(join(folder, 'person.raw'), alert('raw'));
    writeFileSync(join(folder, 'z.avro.gz'), gzipSync(alert('z')));
    const archive = await tar({
      'README.md': Buffer.from('no'),
      'night/._1.avro': Buffer.from('twin'),
      'night/1.avro': alert('1'),
      'night/2.avro.gz': gzipSync(alert('2')),
    });
    writeFileSync(join(folder, 't.tar'), archive);
    writeFileSync(join(folder, 't.tar.gz'), gzipSync(archive));
    writeFileSync(join(folder, 't.tgz'), gzipSync(archive));
    const at = (name: string): string => join(folder, name);
    const { logger } = logLines();

    const messages = await readAll(
      new AvroFileSource({
        path: at('x*.avro'),
        paths: ['[y].avro', 'x2.avro', 'person.raw', 'z.avro.gz', 't.tar', 't.tar.gz', 't.tgz'].map(at),
        logger,
      }),
    );

    expect(values(messages)).toEqual(
      [
        ['x1.avro', 'x1'],
        ['x2.avro', 'x2'],
        ['[y].avro', 'y'],
        ['person.raw', 'raw'],
        ['z.avro.gz', 'z'],
        ['t.tar#night/1.avro', '1'],
        ['t.tar#night/2.avro.gz', '2'],
        ['t.tar.gz#night/1.avro', '1'],
        ['t.tar.gz#night/2.avro.gz', '2'],
        ['t.tgz#night/1.avro', '1'],
        ['t.tgz#night/2.avro.gz', '2'],
      ].map(([name, content]) => [at(name as string), alert(content as string).toString('latin1')]),
    );
    expect(messages[5]?.timestamp).toBe(Date.parse('2026-01-02T03:04:05Z'));
  });

  it.each([
    ['is missing', 'nowhere/alerts', /there is no file or folder '.*nowhere\/alerts'.*check the path/],
    ['matches nothing', 'nowhere/*.avro', /'.*\*\.avro' matches no file named \*\.avro, .*check the path/],
    ['holds no alert', '.', /the folder '.*' has 1 files, but none named \*\.avro, \*\.avro\.gz, \*\.tar/],
  ])('refuses a path that %s in one line', async (_what, path, message) => {
    const folder = scratchFolder();
    writeFileSync(join(folder, 'README'), 'no alert');
    const opened = new AvroFileSource({ path: join(folder, path), logger: logLines().logger }).open();
    await expect(opened).rejects.toThrow(message);
    await expect(opened).rejects.toBeInstanceOf(UsageError);
    await expect(opened).rejects.toMatchObject({
      code: 'APF_FILE',
      message: expect.not.stringContaining('\n'),
    });
  });

  it('gives a file that cannot be read as unreadable, and goes on', async () => {
    const folder = scratchFolder();
    for (const name of ['a.avro', 'z.avro']) writeFileSync(join(folder, name), alert(name));
    symlinkSync('/proc/self/mem', join(folder, 'b.avro'));
    writeFileSync(join(folder, 'c.avro.gz'), gzipSync(alert('c')).subarray(0, 30));
    writeFileSync(join(folder, 'd.avro.gz'), 'not gzip');
    const { logger, lines } = logLines();

    const messages = await readAll(new AvroFileSource({ path: folder, logger }));

    expect(messages.map((m) => [m.topic.slice(folder.length + 1), m.unreadable?.message])).toEqual([
      ['a.avro', undefined],
      ['b.avro', expect.stringMatching(/b\.avro' cannot be read: the disk reports a fault \(EIO\)/)],
      ['c.avro.gz', expect.stringMatching(/its gzip data end too early/)],
      ['d.avro.gz', expect.stringMatching(/its gzip data are damaged/)],
      ['z.avro', undefined],
    ]);
    expect(messages[3]?.value?.toString()).toBe('not gzip');
    expect(messages[1]?.value).toHaveLength(0);
    expect(lines.filter((line) => line.startsWith('error'))).toHaveLength(3);
  });

  it('gives what an archive holds before its damage, then the archive itself as unreadable', async () => {
    const folder = scratchFolder();
    const whole = await tar(numbered(50));
    const header = whole.indexOf('night/1030.avro');
    const damaged = Buffer.from(whole);
    damaged.fill(0xff, header, header + 100);
    const cases: Record<string, [Buffer, number]> = {
      'a-cut-in-an-entry.tar': [whole.subarray(0, header + 2000), 30],
      'b-cut-between-entries.tar': [whole.subarray(0, header), 30],
      'c-damaged-header.tar': [damaged, 30],
      'd-cut.tar.gz': [gzipSync(whole.subarray(0, header + 2000)).subarray(0, -9), 30],
      'e-no-gzip.tgz': [whole, 0],
      'f-empty.tar': [Buffer.alloc(0), 0],
    };
    for (const [name, [bytes]] of Object.entries(cases)) writeFileSync(join(folder, name), bytes);
    writeFileSync(join(folder, 'z.avro'), alert('z'));

    const messages = await readAll(new AvroFileSource({ path: folder, logger: logLines().logger }));

    for (const [name, [bytes, readable]] of Object.entries(cases)) {
      const path = join(folder, name);
      const entries = messages.filter(({ topic }) => topic.startsWith(`${path}#`));
      expect([name, values(entries)]).toEqual([
        name,
        Object.entries(numbered(readable)).map(([entry, value]) => [
          `${path}#${entry}`,
          value.toString('latin1'),
        ]),
      ]);
      const [rest] = messages.filter(({ topic }) => topic === path);
      expect(rest?.unreadable).toMatchObject({ code: 'APF_FILE' });
      expect(rest?.value?.equals(bytes)).toBe(true);
    }
    expect(messages.at(-1)?.topic).toBe(join(folder, 'z.avro'));
    expect(messages.at(-1)?.unreadable).toBeUndefined();
  });

  it('gives a slow reader too every whole entry of a gzipped archive that is cut short', async () => {
    const path = join(scratchFolder(), 'cut.tar.gz');
    writeFileSync(path, gzipSync(await tar(numbered(50))).subarray(0, -2000));
    const source = new AvroFileSource({ path, logger: logLines().logger });
    await source.open();
    const messages: RawMessage[] = [];
    const { signal } = new AbortController();
    for (let batch = await source.poll(1, signal); batch !== END; batch = await source.poll(1, signal)) {
      messages.push(...batch);
      // Each time the unpacking goes as far ahead as it can.
      for (let turn = 0; turn < 5; turn++) await stat(path);
    }
    await source.close();
    expect(messages).toHaveLength(50);
    expect(messages[49]).toMatchObject({ topic: path, unreadable: expect.any(Error) });
  });

  it('leaves the bytes of a damaged archive where they are when they are too many for a dead letter', async () => {
    const path = join(scratchFolder(), 'large.tar');
    writeFileSync(path, (await tar(numbered(9, 1024 * 1024))).subarray(0, -2048));
    const messages = await readAll(new AvroFileSource({ path, logger: logLines().logger }));
    expect(messages).toHaveLength(9);
    expect(messages[8]).toMatchObject({ topic: path, unreadable: expect.any(Error) });
    expect(messages[8]?.value).toHaveLength(0);
  });

  it('names a link in an archive rather than drop it', async () => {
    const path = join(scratchFolder(), 'links.tar');
    const archive = pack();
    archive.entry({ name: '1.avro' }, alert('1'));
    archive.entry({ name: '2.avro', type: 'symlink', linkname: '1.avro' });
    archive.finalize();
    const chunks: Buffer[] = [];
    for await (const chunk of archive) chunks.push(chunk as Buffer);
    writeFileSync(path, Buffer.concat(chunks));
    const messages = await readAll(new AvroFileSource({ path, logger: logLines().logger }));
    expect(messages.map((m) => m.unreadable?.message)).toEqual([
      undefined,
      `'${path}#2.avro' cannot be read: it is a symlink in the archive, not a file`,
    ]);
  });

  it('keeps hostile names out of its log lines', async () => {
    const path = join(scratchFolder(), 'x.tar');
    writeFileSync(path, await tar({ 'a\n\u001b[2Jb.avro.gz': Buffer.from('not gzip') }));
    const { logger, lines } = logLines();
    const [message] = await readAll(new AvroFileSource({ path, logger }));
    expect(message?.topic).toContain('a\n\u001b[2Jb');
    // eslint-disable-next-line no-control-regex
    for (const line of [...lines, message?.unreadable?.message]) expect(line).not.toMatch(/[\u0000-\u001f]/);
    expect(lines.at(-1)).toContain(String.raw`a\u000a\u001b[2Jb.avro.gz`);
  });

  it('streams an archive: what is held does not grow with it', async () => {
    const path = join(scratchFolder(), 'large.tar.gz');
    writeFileSync(path, gzipSync(await tar(numbered(100, 1024 * 1024)), { level: 1 }));
    const source = new AvroFileSource({ path, logger: logLines().logger });
    await source.open();
    const before = process.memoryUsage().arrayBuffers;
    let most = 0;
    let read = 0;
    const { signal } = new AbortController();
    for (let batch = await source.poll(1, signal); batch !== END; batch = await source.poll(1, signal)) {
      read += batch.length;
      most = Math.max(most, process.memoryUsage().arrayBuffers - before);
    }
    await source.close();
    expect(read).toBe(100);
    expect(most).toBeLessThan(70 * 1024 * 1024);
  });

  it('bounds a poll by bytes too, so that `max` large alerts need not fit into memory', async () => {
    const folder = scratchFolder();
    for (let i = 0; i < 8; i++) writeFileSync(join(folder, `${i}.avro`), alert(`${i}`, 5 * 1024 * 1024));
    const source = new AvroFileSource({ path: folder, logger: logLines().logger });
    await source.open();
    expect(await source.poll(100, new AbortController().signal)).not.toHaveLength(8);
    await source.close();
  });

  it('gives nothing while paused, and everything after', async () => {
    const path = join(scratchFolder(), 'a.avro');
    writeFileSync(path, alert('a'));
    const source = new AvroFileSource({ path, logger: logLines().logger });
    await source.open();
    source.pause();
    expect(await source.poll(10, new AbortController().signal)).toEqual([]);
    source.resume();
    expect(await source.poll(10, new AbortController().signal)).toHaveLength(1);
    expect(await source.poll(10, new AbortController().signal)).toBe(END);
    await source.close();
  });

  it('starts again after the last file when endless, each pass at the next offset', async () => {
    const folder = scratchFolder();
    for (const name of ['a.avro', 'b.avro']) writeFileSync(join(folder, name), alert(name));
    const source = new AvroFileSource({ path: folder, endless: true, logger: logLines().logger });
    await source.open();
    const messages = (await source.poll(5, new AbortController().signal)) as RawMessage[];
    await source.close();
    expect(messages.map(({ topic, offset }) => `${topic.slice(-6)}@${offset}`)).toEqual([
      'a.avro@0',
      'b.avro@0',
      'a.avro@1',
      'b.avro@1',
      'a.avro@2',
    ]);
  });
});

const ALERTS = process.env['APF_ALERTS'];
if (ALERTS === undefined) console.warn('APF_ALERTS is not set: the real archive is not read');

(ALERTS === undefined ? describe.skip : describe)('AvroFileSource on real alerts', () => {
  it('reads every entry of a night in a tar.gz', async () => {
    const path = join(ALERTS as string, 'elasticc-night.tar.gz');
    const messages = await readAll(new AvroFileSource({ path, logger: logLines().logger }));
    expect(messages.length).toBeGreaterThan(10);
    expect(messages.filter((m) => m.unreadable !== undefined)).toEqual([]);
    for (const { topic, value } of messages) {
      expect(topic).toMatch(/elasticc-night\.tar\.gz#.*\.avro$/);
      expect(value?.subarray(0, 4).toString('latin1')).toBe('Obj\x01');
    }
  });

  it('reads every .avro file of the set with its own bytes', async () => {
    const source = new AvroFileSource({ path: ALERTS, logger: logLines().logger });
    let files = 0;
    for (const { topic, value, timestamp } of await readAll(source)) {
      if (topic.includes('#')) continue;
      files++;
      expect(value?.equals(readFileSync(topic))).toBe(true);
      expect(timestamp).toBe(Math.floor(statSync(topic).mtimeMs));
    }
    expect(files).toBeGreaterThan(1000);
  });
});
