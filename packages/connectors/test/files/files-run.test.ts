import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { createCodec, parseSchema, Runner, Step, writeContainer, type RunnerOptions } from '@apf/core';
import { AvroFileSink } from '../../src/files/avro-file-sink.js';
import { AvroFileSource } from '../../src/files/avro-file-source.js';
import { CsvSource } from '../../src/files/csv-source.js';
import { FolderDeadLetterSink } from '../../src/files/folder-dead-letter-sink.js';
import { JsonLinesSink } from '../../src/files/json-lines-sink.js';
import { JsonLinesSource } from '../../src/files/json-lines-source.js';
import { logLines } from './log-lines.js';
import { scratchFolder } from './scratch-folder.js';

const { logger } = logLines();
const schema = parseSchema({
  type: 'record',
  name: 'Candidate',
  fields: [
    { name: 'candid', type: 'long' },
    { name: 'mag', type: ['null', 'double'] },
  ],
});

class Pass extends Step<unknown, unknown> {
  override execute(alert: unknown): unknown {
    return alert;
  }
}

/** Runs a step that passes everything on from `source` to a JSON lines file; gives its lines and the run's figures. */
async function passThrough(
  options: Pick<RunnerOptions<unknown, unknown>, 'source' | 'codec'>,
  folder: string,
): Promise<{ lines: string[]; deadLetters: Record<string, unknown>[]; counted: number }> {
  const producer = new JsonLinesSink({ path: join(folder, 'out.jsonl'), logger });
  const deadLetters = new FolderDeadLetterSink({ path: join(folder, 'dead') });
  const runner = new Runner({
    ...options,
    step: new Pass(),
    producer,
    deadLetters,
    name: 'pass',
    messages: 7,
  });
  const { stats } = await runner.run();
  return {
    lines: readFileSync(join(folder, 'out.jsonl'), 'utf8').trim().split('\n'),
    deadLetters: readdirSync(join(folder, 'dead'))
      .filter((name) => name.endsWith('.json'))
      .map((name) => JSON.parse(readFileSync(join(folder, 'dead', name), 'utf8')) as Record<string, unknown>),
    counted: stats.deadLetters,
  };
}

describe('a run on files', () => {
  it('takes good alerts through, and counts and keeps each file that cannot be read', async () => {
    const folder = scratchFolder();
    mkdirSync(join(folder, 'in'));
    const container = writeContainer(schema, [
      { candid: 1234567890123456789n, mag: 18.5 },
      { candid: 2n, mag: null },
    ]);
    const archive = gzipSync(Buffer.alloc(5000, 'no tar'));
    writeFileSync(join(folder, 'in/a.avro'), container);
    writeFileSync(join(folder, 'in/b.tar.gz'), archive);
    writeFileSync(join(folder, 'in/c.avro'), container.subarray(0, -5));
    writeFileSync(
      join(folder, 'in/d.avro'),
      'version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n',
    );
    writeFileSync(join(folder, 'in/e.avro.gz'), gzipSync(container));

    const source = new AvroFileSource({ path: join(folder, 'in'), logger });
    const run = await passThrough({ source, codec: createCodec({ framing: 'container' }) }, folder);

    const both = ['{"candid":1234567890123456789,"mag":18.5}', '{"candid":2,"mag":null}'];
    expect(run.lines).toEqual([...both, ...both]);
    expect(run.counted).toBe(3);
    expect(run.deadLetters.map(({ topic, code }) => [String(topic).slice(-8), code]).sort()).toEqual([
      ['b.tar.gz', 'APF_FILE'],
      ['n/c.avro', 'APF_TRUNCATED'],
      ['n/d.avro', 'APF_LFS_POINTER'],
    ]);
    const kept = readdirSync(join(folder, 'dead')).find(
      (name) => name.endsWith('.bin') && name.includes('b.tar.gz'),
    );
    expect(readFileSync(join(folder, 'dead', kept as string)).equals(archive)).toBe(true);
  });

  it.each([
    ['CSV', 'x.csv', 'candid,mag\n1234567890123456789,18.5\n2,\n3\n'],
    [
      'JSON lines',
      'x.jsonl',
      '{"candid":1234567890123456789,"mag":18.5}\n{"candid":2,"mag":null}\n{"candid":\n',
    ],
    [
      'a JSON array',
      'x.json',
      '[{"candid":1234567890123456789,"mag":18.5},{"candid":2,"mag":null},{"candid"',
    ],
  ])('reads %s to the last digit, and dead-letters the bad record', async (_what, name, content) => {
    const folder = scratchFolder();
    const path = join(folder, name);
    writeFileSync(path, content);
    const source = name.endsWith('.csv')
      ? new CsvSource({ path, numbers: true, logger })
      : new JsonLinesSource({ path, logger });
    const run = await passThrough({ source, codec: createCodec({ framing: 'json' }) }, folder);
    expect(run.lines).toEqual(['{"candid":1234567890123456789,"mag":18.5}', '{"candid":2,"mag":null}']);
    expect(run.deadLetters).toMatchObject([{ topic: path, offset: 2 }]);
    expect(run.counted).toBe(1);
  });

  it('writes containers that it can read again', async () => {
    const folder = scratchFolder();
    writeFileSync(
      join(folder, 'in.avro'),
      writeContainer(schema, [{ candid: 1234567890123456789n, mag: 1 }]),
    );
    const codec = createCodec({ framing: 'container' });
    const runner = new Runner({
      step: new Pass(),
      source: new AvroFileSource({ path: join(folder, 'in.avro'), logger }),
      codec,
      producer: new AvroFileSink({ path: join(folder, 'out'), schema, codec: 'deflate', logger }),
      deadLetters: new FolderDeadLetterSink({ path: join(folder, 'dead') }),
      name: 'pass',
    });
    await runner.run();
    expect(readdirSync(join(folder, 'out'))).toEqual(['alerts-000000.avro']);
    expect(codec.decode(readFileSync(join(folder, 'out/alerts-000000.avro')))).toEqual([
      { candid: 1234567890123456789n, mag: 1 },
    ]);
  });
});
