import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { FolderDeadLetterSink } from '@apf/connectors';
import { PoisonError } from '@apf/core';
import { message } from '@apf/core/testing';
import { onRealKafka, uniqueName } from '../../connectors/test/cluster/test-cluster';
import { testSource, textOf } from '../../connectors/test/kafka/kafka-fixture';
import { Reader } from '../../connectors/test/kafka/reader';
import { type Running, startApf } from './apf';

const LETTERS = 1_000;
/** Sent and marked together. */
const AT_ONCE = 100;

onRealKafka('admin', 'apf dead replay', (kafka) => {
  const folder = mkdtempSync(join(tmpdir(), 'apf-replay-'));
  let running: Running | undefined;
  afterEach(() => running?.child.kill('SIGKILL'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('that is killed loses no letter, and repeats at most the hundred in hand', async () => {
    const topic = uniqueName('topic');
    await kafka.createTopic(topic);
    const letters = join(folder, 'dead-letters');
    const sink = new FolderDeadLetterSink({ path: letters });
    await sink.open();
    const error = new PoisonError('no template');
    await sink.write(
      Array.from({ length: LETTERS }, (_, offset) => {
        const raw = message(Buffer.from(String(offset)), { topic, offset });
        const value = { message: raw, error, code: 'APF_EXECUTE', stage: 'execute', step: 'sn', when: 0 };
        return { origin: raw, value } as const;
      }),
    );
    await sink.flush();

    const args = ['dead', 'replay', '--from', letters, '--servers', kafka.bootstrapServers, '--yes'];
    running = startApf(args, folder);
    const marked = (): number => {
      const place = join(letters, 'replayed');
      return existsSync(place) ? readdirSync(place).length : 0;
    };
    while (marked() === 0) await setTimeout(1);
    running.child.kill('SIGKILL');
    expect((await running.ended).signal).toBe('SIGKILL');
    const left = readdirSync(letters).filter((name) => name.endsWith('.json')).length;
    expect(left).toBeGreaterThan(0);

    running = startApf(args, folder);
    expect(await running.ended).toMatchObject({ code: 0, stdout: `${left} dead letters sent again\n` });
    const reader = await new Reader(
      testSource(kafka.bootstrapServers, topic, { stopAtEnd: true }).source,
    ).start();
    await reader.end();
    await reader.close();
    const sent = reader.messages.map(textOf);
    expect(new Set(sent).size).toBe(LETTERS);
    expect(sent.length).toBeLessThanOrEqual(LETTERS + AT_ONCE);
    expect(readdirSync(letters).filter((name) => name.endsWith('.json'))).toEqual([]);
  });
});
