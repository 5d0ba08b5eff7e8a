import {
  type DeadLetter,
  END,
  type Outgoing,
  PoisonError,
  type RawMessage,
  silent,
  systemClock,
} from '@apf/core';
import { KafkaLetters } from '../../src/dead-letters/kafka-letters.js';
import { replayToSource } from '../../src/dead-letters/replay-to-source.js';
import { KafkaDeadLetterSink } from '../../src/kafka/kafka-dead-letter-sink.js';
import { onEachBroker, uniqueName } from '../cluster/test-cluster.js';
import { testSource } from '../kafka/kafka-fixture.js';

function letter(topic: string, offset: number, value: Buffer | null): Outgoing<DeadLetter> {
  const raw: RawMessage = {
    topic,
    partition: 0,
    offset,
    value,
    key: Buffer.from([0xff, offset]),
    headers: [{ survey: Buffer.from('ztf') }, { binary: Buffer.from([0xfe, 0x00]) }],
  };
  const error = new PoisonError(`bad ${offset}`);
  return {
    origin: raw,
    value: { message: raw, error, code: 'APF_DECODE', stage: 'decode', step: 'sn', when: 0 },
  };
}

onEachBroker('the dead letters of a topic', (broker) => {
  it('are listed, sent again to where they came from as they were, and marked; a repeated one counts once', async () => {
    const [source, topic] = [await broker().newTopic(), await broker().newTopic()];
    const params = { 'bootstrap.servers': broker().bootstrapServers };
    const sink = new KafkaDeadLetterSink({ params, topic, logger: silent, clock: systemClock });
    await sink.open();
    const letters = [
      letter(source, 5, Buffer.from([0, 1, 2])),
      letter(source, 7, null),
      letter(source, 9, Buffer.from('c')),
    ];
    // After a crash the first comes again.
    await sink.write([...letters, letters[0]!]);
    await sink.flush(new AbortController().signal);
    await sink.close();

    const store = new KafkaLetters({ params, topic, logger: silent });
    const listed = await store.list();
    expect(listed.map(({ id }) => id)).toEqual([5, 7, 9].map((offset) => `${source}-0-${offset}`));
    expect(listed[0]).toMatchObject({
      code: 'APF_DECODE',
      error: 'bad 5',
      stage: 'decode',
      step: 'sn',
      key: Buffer.from([0xff, 5]),
      headers: [{ survey: Buffer.from('ztf') }, { binary: Buffer.from([0xfe, 0x00]) }],
    });

    await replayToSource({ store, letters: listed.slice(0, 2), params, logger: silent });
    expect((await store.list()).map(({ offset }) => offset)).toEqual([9]);
    const tested = testSource(broker().bootstrapServers, source, { group: uniqueName('group') });
    await tested.source.open({ revoked: () => Promise.resolve(), lost: () => undefined });
    const seen: RawMessage[] = [];
    while (seen.length < 2) {
      const polled = await tested.source.poll(100, new AbortController().signal);
      if (polled !== END) seen.push(...polled);
    }
    await tested.source.close();
    const byKey = seen.toSorted((a, b) => Buffer.compare(a.key as Buffer, b.key as Buffer));
    expect(byKey.map(({ key, value }) => [key, value])).toEqual([
      [Buffer.from([0xff, 5]), Buffer.from([0, 1, 2])],
      [Buffer.from([0xff, 7]), null],
    ]);
    expect(byKey[0]!.headers).toEqual([
      { survey: Buffer.from('ztf') },
      { 'apf-base64-binary': Buffer.from(Buffer.from([0xfe, 0x00]).toString('base64')) },
    ]);

    await store.done(await store.list(), 'dropped');
    expect(await store.list()).toEqual([]);
  });

  it('are none where the topic is not there', async () => {
    const params = { 'bootstrap.servers': broker().bootstrapServers };
    expect(await new KafkaLetters({ params, topic: uniqueName('none'), logger: silent }).list()).toEqual([]);
  });
});
