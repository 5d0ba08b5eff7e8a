import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type DeadLetter, type Outgoing, PoisonError, type Settings, silent, Step } from '@apf/core';
import { message } from '@apf/core/testing';
import { FolderLetters } from '../../src/dead-letters/folder-letters.js';
import { replayThrough } from '../../src/dead-letters/replay-through.js';
import { FolderDeadLetterSink } from '../../src/files/folder-dead-letter-sink.js';
import { temporaryFolder } from '../wiring/temporary-folder.js';

function letter(offset: number, value: Buffer | null): Outgoing<DeadLetter> {
  const raw = message(value, {
    topic: 'ztf',
    partition: 1,
    offset,
    key: Buffer.from([0xff, offset]),
    headers: [{ id: Buffer.from([0xfe]) }],
    timestamp: 1_000 + offset,
  });
  return {
    origin: raw,
    value: {
      message: raw,
      error: new PoisonError('bad bytes'),
      code: 'APF_DECODE',
      stage: 'decode',
      step: 'sn',
      when: Date.parse('2026-03-15T00:00:00Z'),
    },
  };
}

async function folderOf(...letters: Outgoing<DeadLetter>[]): Promise<string> {
  const path = join(temporaryFolder(), 'dead');
  const sink = new FolderDeadLetterSink({ path });
  await sink.open();
  await sink.write(letters);
  await sink.flush();
  return path;
}

describe('the dead letters of a folder', () => {
  it('are given as they came, in the order of their positions', async () => {
    const path = await folderOf(letter(11, null), letter(2, Buffer.from('{"objectId":"ZTF1"}')));
    writeFileSync(join(path, 'notes.json'), '{"mine":true}');
    const letters = await new FolderLetters(path).list();
    expect(letters.map(({ id }) => id)).toEqual(['ztf-1-2', 'ztf-1-11']);
    expect(letters[0]).toMatchObject({
      topic: 'ztf',
      partition: 1,
      offset: 2,
      code: 'APF_DECODE',
      error: 'bad bytes',
      stage: 'decode',
      step: 'sn',
      time: '2026-03-15T00:00:00.000Z',
      timestamp: 1_002,
      key: Buffer.from([0xff, 2]),
      headers: [{ id: Buffer.from([0xfe]) }],
    });
    expect(await letters[0]!.bytes()).toEqual(Buffer.from('{"objectId":"ZTF1"}'));
    expect(await letters[1]!.bytes()).toBeNull();
  });

  it('move away when they are replayed, and are gone when they are dropped; a folder that is not there has none', async () => {
    const path = await folderOf(letter(1, Buffer.from('a')), letter(2, Buffer.from('b')), letter(3, null));
    const store = new FolderLetters(path);
    const [first, second, third] = await store.list();
    await store.done([first!], 'replayed');
    await store.done([second!, third!], 'dropped');
    expect(await store.list()).toEqual([]);
    expect(readdirSync(path)).toEqual(['replayed']);
    expect(readdirSync(join(path, 'replayed'))).toHaveLength(2);
    expect(await new FolderLetters(join(path, 'none')).list()).toEqual([]);
  });

  it('run through a step: what succeeds is marked, what fails again stays with its reason', async () => {
    class Sn extends Step<{ objectId: string }, object> {
      execute({ objectId }: { objectId: string }): object {
        if (objectId === 'ZTF2') throw new PoisonError('still no good');
        return { objectId };
      }
    }
    const path = await folderOf(
      ...['ZTF1', 'ZTF2', 'ZTF3'].map((objectId, i) => letter(i, Buffer.from(JSON.stringify({ objectId })))),
    );
    const store = new FolderLetters(path);
    const settings: Settings = {
      CONSUMER_CONFIG: {
        CLASS: 'KafkaJsonConsumer',
        PARAMS: { 'bootstrap.servers': '127.0.0.1:1', 'group.id': 'sn' },
        TOPICS: 'ztf',
      },
      PRODUCER_CONFIG: { CLASS: 'JsonProducer', FILE_PATH: 'out.jsonl' },
    };
    const folder = temporaryFolder();
    const result = await replayThrough(store, await store.list(), settings, Sn, {
      folder,
      env: {},
      logger: silent,
    });
    expect(result).toEqual({ replayed: 2, failed: [{ id: 'ztf-1-1', error: 'still no good' }] });
    expect((await store.list()).map(({ id }) => id)).toEqual(['ztf-1-1']);
    expect(readdirSync(folder)).toEqual(['out.jsonl']);
  });
});
