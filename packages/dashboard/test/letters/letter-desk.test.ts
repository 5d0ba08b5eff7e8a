import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FolderDeadLetterSink, FolderLetters } from '@apf/connectors';
import { PoisonError } from '@apf/core';
import type { LettersView, LetterView } from '../../src/page-api';
import { memoryFeed } from '../memory-feed';
import { get, served } from '../served';

describe('dead letters', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'apf-letters-test-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const set = async (
    offset: number,
    value: Buffer | null,
    error: string,
    code = 'APF_DECODE',
  ): Promise<void> => {
    const sink = new FolderDeadLetterSink({ path: folder });
    await sink.open();
    const message = {
      topic: 'night',
      partition: 1,
      offset,
      value,
      key: Buffer.from('k'),
      headers: [{ h: 'v' }],
    };
    const letter = {
      message,
      error: new PoisonError(error),
      code,
      stage: 'decode' as const,
      step: 'sn',
      when: offset * 1_000,
    };
    await sink.write([{ value: letter, origin: message }]);
    await sink.flush();
    await sink.close();
  };

  it('are listed by their reason, the latest first, and shown with their bytes and what they decode to', async () => {
    await set(1, Buffer.from('{"candid": 123456789012345678901}'), 'no <b>number</b>');
    await set(2, Buffer.from([0, 255, 65]), 'no framing');
    await set(3, null, 'too late', 'APF_EXECUTE');
    const store = new FolderLetters(folder);
    const dashboard = await served({ alerts: memoryFeed([]), letters: { store } });
    const view = await get<LettersView>(dashboard, '/api/letters');
    expect(view).toMatchObject({ where: folder, count: 3, allowReplay: false });
    expect(view.reasons).toMatchObject([
      { code: 'APF_DECODE', count: 2, error: 'no framing', topic: 'night', stage: 'decode' },
      { code: 'APF_EXECUTE', count: 1 },
    ]);
    expect(view.letters.map(({ id }) => id)).toEqual(['night-1-3', 'night-1-2', 'night-1-1']);

    const json = await get<LetterView>(dashboard, '/api/letter?id=night-1-1');
    expect(json).toMatchObject({
      error: 'no <b>number</b>',
      key: 'k',
      headers: [{ name: 'h', value: 'v' }],
      framing: 'json',
      undecodable: null,
    });
    expect(json.decoded!.children).toMatchObject([{ name: 'candid', value: '123456789012345678901' }]);
    const bytes = await get<LetterView>(dashboard, '/api/letter?id=night-1-2');
    expect(bytes).toMatchObject({ size: 3, decoded: null });
    expect(bytes.hex).toMatch(/^0000 {2}00 ff 41 +\.\.A$/);
    expect(bytes.undecodable).toMatch(/APF_/);
    expect(await get<LetterView>(dashboard, '/api/letter?id=night-1-3')).toMatchObject({
      size: null,
      hex: '',
    });
    const raw = await fetch(new URL('/api/letter/raw?id=night-1-2', dashboard.url));
    expect(Buffer.from(await raw.arrayBuffer())).toEqual(Buffer.from([0, 255, 65]));
    expect(raw.headers.get('content-disposition')).toBe('attachment; filename="night-1-2.bin"');
  });

  it('stay where they are unless replaying was allowed', async () => {
    await set(1, Buffer.from('x'), 'bad');
    const dashboard = await served({ alerts: memoryFeed([]), letters: { store: new FolderLetters(folder) } });
    const before = await readdir(folder);
    const answer = await fetch(new URL('/api/letters/replay', dashboard.url), {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: new URL(dashboard.url).origin },
      body: JSON.stringify({ letters: 'all' }),
    });
    expect(answer.status).toBe(403);
    expect(await answer.json()).toMatchObject({ error: expect.stringContaining('--allow-replay') as string });
    expect(await readdir(folder)).toEqual(before);
  });

  it('are sent one by one or all together; one that is not there is no reason to send others', async () => {
    for (const offset of [1, 2, 3]) await set(offset, Buffer.from('x'), 'bad');
    const store = new FolderLetters(folder);
    const sent: string[] = [];
    const dashboard = await served({
      alerts: memoryFeed([]),
      letters: {
        store,
        replay: async (letters) => {
          sent.push(...letters.map(({ id }) => id));
          await store.done(letters, 'replayed');
          return letters.length;
        },
      },
    });
    const replay = async (letters: unknown): Promise<{ status: number; body: unknown }> => {
      const answer = await fetch(new URL('/api/letters/replay', dashboard.url), {
        method: 'POST',
        headers: { 'content-type': 'application/json', origin: new URL(dashboard.url).origin },
        body: JSON.stringify({ letters }),
      });
      return { status: answer.status, body: await answer.json() };
    };
    expect((await replay(['night-1-2', 'night-1-9'])).status).toBe(400);
    expect(sent).toEqual([]);
    expect(await replay(['night-1-2', 'night-1-2'])).toEqual({ status: 200, body: { replayed: 1 } });
    expect(await replay('all')).toEqual({ status: 200, body: { replayed: 2 } });
    expect(sent).toEqual(['night-1-2', 'night-1-1', 'night-1-3']);
    expect((await get<LettersView>(dashboard, '/api/letters')).count).toBe(0);
  });
});
