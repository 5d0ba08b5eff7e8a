import { END, newStats, type RawMessage, systemClock } from '@apf/core';
import { KafkaRangeSource } from '../../src/kafka/kafka-range-source.js';
import { OffsetLookup } from '../../src/kafka/offset-lookup.js';
import { type RangeRequest, resolveRanges } from '../../src/kafka/resolve-ranges.js';
import { onRealKafka, uniqueName } from '../cluster/test-cluster.js';
import { LogBook, outgoing, testSink, testSource, textOf } from './kafka-fixture.js';
import { Reader } from './reader.js';

onRealKafka('times', 'parts of a topic', (kafka) => {
  const topic = uniqueName('parts');
  const servers = kafka.bootstrapServers;
  const T0 = Date.UTC(2021, 2, 15);
  let lookup: OffsetLookup;

  beforeAll(async () => {
    await kafka.createTopic(topic, { partitions: 2 });
    const sink = testSink(servers, topic);
    await sink.open();
    // One message a second, by their keys now to one partition, now to the other.
    for (let i = 0; i < 20; i++)
      await sink.write([outgoing(String(i), { key: `key ${i}`, timestamp: T0 + i * 1000 })]);
    await sink.flush(new AbortController().signal);
    await sink.close();
    lookup = await OffsetLookup.open({ params: { 'bootstrap.servers': servers } });
  });
  afterAll(() => lookup.close());

  const resolve = async (request: Partial<RangeRequest>) =>
    resolveRanges(lookup, await lookup.bounds((await lookup.topics()).get(topic)!), {
      now: Date.now(),
      ...request,
    });

  const read = async (request: Partial<RangeRequest>): Promise<string[]> => {
    const source = new KafkaRangeSource({
      params: { 'bootstrap.servers': servers },
      ranges: await resolve(request),
      logger: new LogBook(),
      clock: systemClock,
      stats: newStats(),
    });
    const messages: RawMessage[] = [];
    await source.open();
    for (;;) {
      const polled = await source.poll(100, new AbortController().signal);
      if (polled === END) break;
      messages.push(...polled);
    }
    await source.close();
    return messages.map(textOf).sort((a, b) => Number(a) - Number(b));
  };
  const numbers = (from: number, to: number): string[] =>
    Array.from({ length: to - from }, (_, i) => String(from + i));

  it.each<[string, Partial<RangeRequest>, string[]]>([
    ['to its end', { untilEnd: true }, numbers(0, 20)],
    ['between two times, the second excluded', { since: T0 + 5000, until: T0 + 9000 }, numbers(5, 9)],
    ['the last five', { tail: 5, untilEnd: true }, numbers(15, 20)],
    ['nothing, where nothing is so young', { since: T0 + 3_600_000, untilEnd: true }, []],
  ])('without a group: %s', async (_what, request, expected) => {
    expect(await read(request)).toEqual(expected);
  });

  it('a group begins where its part does, and goes on where it has committed', async () => {
    const group = uniqueName('group');
    const ranges = await resolve({ since: T0 + 5000, until: T0 + 15_000 });
    const first = testSource(servers, topic, { group, ranges });
    const reader = await new Reader(first.source).start();
    await reader.until(() => reader.messages.length === 10);
    expect(reader.messages.map(textOf).sort((a, b) => Number(a) - Number(b))).toEqual(numbers(5, 15));
    await reader.commit([{ topic, partition: 0 }]);
    await reader.close();
    const kept = reader.messages.filter((message) => message.partition !== 0).map(textOf);

    const again = testSource(servers, topic, { group, ranges });
    const second = await new Reader(again.source).start();
    expect(kept.length).toBeGreaterThan(0);
    expect(kept.length).toBeLessThan(10);
    await second.until(() => second.messages.length >= kept.length);
    expect(second.messages.map(textOf)).toEqual(kept);
    await second.close();
  });

  it('a group that has committed before the part begins jumps to it', async () => {
    const group = uniqueName('group');
    const early = await new Reader(testSource(servers, topic, { group }).source).start();
    await early.until(() => early.messages.length === 20);
    await early.source.commit([0, 1].map((partition) => ({ topic, partition, offset: 1 })));
    await early.close();
    const ranges = await resolve({ since: T0 + 18_000, untilEnd: true });
    const late = await new Reader(testSource(servers, topic, { group, ranges }).source).start();
    await late.until(() => late.messages.length === 2);
    expect(late.messages.map(textOf).sort()).toEqual(['18', '19']);
    await late.close();
  });
});
