import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { FatalError, PoisonError, type DeadLetter, type RawMessage } from '@apf/core';
import { deadLetterName } from '../../src/files/dead-letter-name.js';
import { FolderDeadLetterSink } from '../../src/files/folder-dead-letter-sink.js';
import { outgoing } from './outgoing.js';
import { scratchFolder } from './scratch-folder.js';

function letter(message: Partial<RawMessage> = {}, error: Error = new PoisonError('no Avro')): DeadLetter {
  return {
    message: { topic: 'ztf', partition: 3, offset: 42, value: Buffer.from([0, 255, 1]), ...message },
    error,
    code: 'APF_DECODE',
    stage: 'decode',
    step: 'sn_process',
    when: Date.parse('2026-01-02T03:04:05.678Z'),
  };
}

async function write(path: string, ...letters: DeadLetter[]): Promise<void> {
  const sink = new FolderDeadLetterSink({ path });
  await sink.open();
  await sink.write(outgoing(...letters));
  await sink.flush();
  await sink.close();
}

const descriptions = (folder: string): Record<string, unknown>[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as Record<string, unknown>);

describe('FolderDeadLetterSink', () => {
  it('keeps the bytes as they came, and beside them where they came from and why they are here', async () => {
    const folder = join(scratchFolder(), 'dead/letters');
    await write(
      folder,
      letter({
        key: Buffer.from([1, 2]),
        headers: [{ step: Buffer.from([255]) }, { step: 'again' }],
        timestamp: 1_700_000_000_000,
      }),
    );
    const name = deadLetterName(letter().message);
    expect(readdirSync(folder).sort()).toEqual([`${name}.bin`, `${name}.json`]);
    expect(readFileSync(join(folder, `${name}.bin`))).toEqual(Buffer.from([0, 255, 1]));
    expect(descriptions(folder)).toEqual([
      {
        error: 'no Avro',
        code: 'APF_DECODE',
        stage: 'decode',
        step: 'sn_process',
        time: '2026-01-02T03:04:05.678Z',
        topic: 'ztf',
        partition: 3,
        offset: 42,
        timestamp: 1_700_000_000_000,
        bytes: 3,
        key: 'AQI=',
        headers: [
          { name: 'step', value: '/w==' },
          { name: 'step', value: 'YWdhaW4=' },
        ],
        stack: expect.stringContaining('no Avro'),
      },
    ]);
  });

  it('replaces its own twin when the same position comes again', async () => {
    const folder = scratchFolder();
    await write(folder, letter(), letter({ offset: 43 }));
    await write(folder, letter({}, new PoisonError('another reason')));
    expect(readdirSync(folder)).toHaveLength(4);
    expect(descriptions(folder).map(({ error }) => error)).toEqual(['another reason', 'no Avro']);
  });

  it('has no file of bytes for a tombstone, and an empty one for an empty message', async () => {
    const folder = scratchFolder();
    await write(folder, letter({ value: null }), letter({ offset: 43, value: Buffer.alloc(0) }));
    const files = readdirSync(folder).sort();
    expect(files).toHaveLength(3);
    expect(descriptions(folder).map(({ bytes }) => bytes)).toEqual([null, 0]);
  });

  it('writes into its folder alone, a pair of files a position, whatever the topics are', async () => {
    const parts = fc.constantFrom(
      '..',
      '/',
      '\\',
      '.',
      '\0',
      '\n',
      'a',
      'A',
      '~',
      '#',
      'é',
      ' ',
      '-',
      'x'.repeat(300),
    );
    const topic = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(parts).map((all) => all.join('')),
    );
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(topic, { minLength: 1, maxLength: 10 }), async (topics) => {
        const folder = scratchFolder();
        await write(
          join(folder, 'in'),
          ...topics.map((name) => letter({ topic: name, value: Buffer.from(name) })),
        );
        expect(readdirSync(folder)).toEqual(['in']);
        expect(readdirSync(join(folder, 'in'))).toHaveLength(2 * topics.length);
        for (const name of topics) {
          const file = deadLetterName({ topic: name, partition: 3, offset: 42 });
          expect(file).toMatch(/^[A-Za-z0-9_][A-Za-z0-9._-]*$/);
          expect(file.length).toBeLessThan(150);
          expect(readFileSync(join(folder, 'in', `${file}.bin`))).toEqual(Buffer.from(name));
        }
      }),
      { numRuns: 50 },
    );
  });

  it('gives every position a name of its own', () => {
    const position = fc.record({ topic: fc.string(), partition: fc.nat(300), offset: fc.nat() });
    fc.assert(
      fc.property(position, position, (a, b) => {
        const same = a.topic === b.topic && a.partition === b.partition && a.offset === b.offset;
        expect(deadLetterName(a) === deadLetterName(b)).toBe(same);
      }),
    );
    expect(deadLetterName({ topic: 'a/b', partition: 0, offset: 0 })).not.toBe(
      deadLetterName({ topic: 'a_b', partition: 0, offset: 0 }),
    );
  });

  it('shares its folder with others of the same process number, as containers have', async () => {
    const folder = scratchFolder();
    const sinks = Array.from({ length: 20 }, () => new FolderDeadLetterSink({ path: folder }));
    await Promise.all(sinks.map((sink) => sink.open()));
    await Promise.all(sinks.map((sink) => sink.write(outgoing(letter()))));
    expect(readdirSync(folder)).toHaveLength(2);
  });

  it('finds out at the start that its folder cannot be written', async () => {
    const path = join(scratchFolder(), 'dead-letters');
    writeFileSync(path, 'a file');
    const opened = new FolderDeadLetterSink({ path }).open();
    await expect(opened).rejects.toBeInstanceOf(FatalError);
    await expect(opened).rejects.toMatchObject({
      code: 'APF_DEAD_LETTER',
      message: `dead letters cannot be written to '${path}': it exists already and is not a folder (EEXIST); check the path, then start again`,
    });
  });
});

/** A file system of 1 MB, or why there is none. */
function smallDisk(): string | Error {
  const folder = scratchFolder();
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder], { stdio: 'pipe' });
    return folder;
  } catch (error) {
    return error as Error;
  }
}

describe('FolderDeadLetterSink on a small disk', () => {
  const disk = smallDisk();
  const mounted = typeof disk === 'string';
  if (!mounted)
    console.warn(`no file system can be mounted here, so a full and a read-only one are not tried`);
  const onDisk = mounted ? it : it.skip;
  afterAll(() => {
    if (mounted) execFileSync('umount', [disk]);
  });

  onDisk('stops when the disk is full, and leaves no half file', async () => {
    const path = join(disk as string, 'dead-letters');
    mkdirSync(path);
    const sink = new FolderDeadLetterSink({ path });
    await sink.open();
    await sink.write(outgoing(letter({ offset: 1, value: Buffer.alloc(400_000) })));
    await sink.flush();
    const failed = sink.write(outgoing(letter({ offset: 2, value: Buffer.alloc(900_000) })));
    await expect(failed).rejects.toMatchObject({
      name: 'FatalError',
      code: 'APF_DEAD_LETTER',
      message: expect.stringMatching(
        /^dead letters cannot be written to '.*dead-letters': the disk is full \(ENOSPC\); free some space/,
      ),
    });
    expect(readdirSync(path)).toHaveLength(2);
    expect(statSync(join(path, `${deadLetterName(letter({ offset: 1 }).message)}.bin`)).size).toBe(400_000);
  });

  onDisk('finds out at the start that the disk is read-only', async () => {
    execFileSync('mount', ['-o', 'remount,ro', disk as string]);
    const opened = new FolderDeadLetterSink({ path: join(disk as string, 'other') }).open();
    await expect(opened).rejects.toThrow(
      /the file system is read-only \(EROFS\); make it writable for this user \(uid \d+\)/,
    );
  });
});
