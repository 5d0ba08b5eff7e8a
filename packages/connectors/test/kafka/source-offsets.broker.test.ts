import RdKafka from 'node-rdkafka';
import { type RunStats, toError } from '@apf/core';
import { onRealKafka, uniqueName } from '../cluster/test-cluster.js';
import { type LogBook, outgoing, produce, testSink, testSource, textOf } from './kafka-fixture.js';
import { Reader } from './reader.js';

const numbers = (count: number, from = 0): string[] =>
  Array.from({ length: count }, (_, i) => String(from + i));
const sorted = (texts: readonly string[]): string[] => [...texts].sort((a, b) => Number(a) - Number(b));
const NOON = Date.UTC(2026, 10, 20, 12);

onRealKafka('times', 'Where a KafkaSource begins and ends', (kafka) => {
  const readers: Reader[] = [];
  afterEach(async () => {
    await Promise.all(readers.splice(0).map((reader) => reader.close()));
  });
  type Options = Parameters<typeof testSource>[2];
  const open = async (
    topic: string | string[],
    options: Options = {},
  ): Promise<Reader & { log: LogBook; stats: RunStats }> => {
    const { source, log, stats } = testSource(kafka.bootstrapServers, topic, options);
    const reader = Object.assign(new Reader(source), { log, stats });
    readers.push(reader);
    await reader.start();
    return reader;
  };
  const newTopic = async (partitions = 1): Promise<string> => {
    const topic = uniqueName('topic');
    await kafka.createTopic(topic, { partitions });
    return topic;
  };
  /** Message i at minute i. */
  const produceByMinute = async (topic: string, count: number): Promise<void> => {
    const sink = testSink(kafka.bootstrapServers, topic);
    await sink.open();
    await sink.write(numbers(count).map((text, i) => outgoing(text, { timestamp: NOON + i * 60_000 })));
    await sink.flush(new AbortController().signal);
    await sink.close();
  };

  it('is offsets.start where there is no commit', async () => {
    const topic = await newTopic(3);
    await produceByMinute(topic, 60);
    const reader = await open(topic, { offsets: { start: NOON + 45 * 60_000 }, stopAtEnd: true });
    await reader.end();
    expect(sorted(reader.messages.map(textOf))).toEqual(numbers(15, 45));
  });

  it('is the commit where there is one, whatever offsets.start says', async () => {
    const [topic, group] = [await newTopic(), uniqueName('group')];
    await produceByMinute(topic, 10);
    const first = await open(topic, { group });
    await first.count(10);
    await first.source.commit([{ topic, partition: 0, offset: 2 }]);
    await first.close();
    const second = await open(topic, { group, offsets: { start: NOON + 8 * 60_000 }, stopAtEnd: true });
    await second.end();
    expect(second.messages.map(textOf)).toEqual(numbers(8, 2));
  });

  it('is after the last message when none is as young as offsets.start', async () => {
    const topic = await newTopic();
    await produceByMinute(topic, 5);
    const reader = await open(topic, { offsets: { start: NOON + 3_600_000 } });
    await reader.until(() => reader.log.matching(/partitions assigned/).length > 0);
    await produce(kafka.bootstrapServers, topic, ['new']);
    await reader.count(1);
    expect(reader.messages.map(textOf)).toEqual(['new']);
  });

  it("is the end with auto.offset.reset 'latest', and the beginning with 'beginning'", async () => {
    const topic = await newTopic();
    await produce(kafka.bootstrapServers, topic, ['old']);
    const latest = await open(topic, { params: { 'auto.offset.reset': 'latest' } });
    const beginning = await open(topic, { params: { 'auto.offset.reset': 'beginning' } });
    await latest.until(() => latest.log.matching(/partitions assigned/).length > 0);
    await produce(kafka.bootstrapServers, topic, ['new']);
    await Promise.all([latest.count(1), beginning.count(2)]);
    expect(latest.messages.map(textOf)).toEqual(['new']);
    expect(beginning.messages.map(textOf)).toEqual(['old', 'new']);
  });

  it("is an error with auto.offset.reset 'error'", async () => {
    const topic = await newTopic();
    const reader = await open(topic, { params: { 'auto.offset.reset': 'error' } });
    await expect(reader.end()).rejects.toThrow(`${topic}[0] has no committed offset`);
  });

  it('ends in each partition before the first message at offsets.end, also in an empty one', async () => {
    const topic = await newTopic(3);
    const sparse = await newTopic(2);
    await produceByMinute(topic, 60);
    const end = NOON + 30 * 60_000;
    const reader = await open([topic, sparse], { offsets: { end } });
    await reader.end();
    expect(sorted(reader.messages.map(textOf))).toEqual(numbers(30));
    expect(reader.ended).toBe(true);
  });

  it('gives the rest of the window to the next run: nothing beyond offsets.end is committed', async () => {
    const [topic, group] = [await newTopic(), uniqueName('group')];
    await produceByMinute(topic, 20);
    const first = await open(topic, { group, offsets: { end: NOON + 8 * 60_000 } });
    await first.end();
    await first.commit();
    await first.close();
    const second = await open(topic, { group, stopAtEnd: true });
    await second.end();
    expect(second.messages.map(textOf)).toEqual(numbers(12, 8));
  });

  it('waits for an offsets.end that is to come', async () => {
    const topic = await newTopic();
    const reader = await open(topic, { offsets: { end: Date.now() + 3_000 } });
    await produce(kafka.bootstrapServers, topic, ['in time']);
    await reader.end();
    expect(reader.messages.map(textOf)).toEqual(['in time']);
  });

  it("ends with offsets.end 'latest' for empty partitions, and behind transaction markers", async () => {
    const [topic, empty] = [await newTopic(), await newTopic(3)];
    await transaction(topic, ['kept'], 'commit');
    await transaction(topic, ['dropped', 'dropped too'], 'abort');
    const reader = await open([topic, empty], { offsets: { end: 'latest' } });
    await reader.end();
    expect(reader.messages.map(textOf)).toEqual(['kept']);
  });

  it('ends at once where everything is read already', async () => {
    const [topic, group] = [await newTopic(2), uniqueName('group')];
    await produce(kafka.bootstrapServers, topic, numbers(10));
    const first = await open(topic, { group, stopAtEnd: true });
    await first.end();
    await first.commit();
    await first.close();
    for (const options of [{ stopAtEnd: true }, { offsets: { end: 'latest' } }] as const) {
      const again = await open(topic, { group, ...options });
      await again.end();
      expect(again.messages).toEqual([]);
      await again.close();
    }
  });

  it('goes on at the oldest message, with one error and a count, where a committed offset has expired', async () => {
    const [topic, group] = [await newTopic(), uniqueName('group')];
    await produce(kafka.bootstrapServers, topic, numbers(50));
    const first = await open(topic, { group });
    await first.count(50);
    await first.source.commit([{ topic, partition: 0, offset: 10 }]);
    await first.close();
    await kafka.deleteRecords(topic, 0, 30);
    const second = await open(topic, { group, params: { 'auto.offset.reset': 'latest' } });
    await second.count(20);
    expect(second.messages.map(textOf)).toEqual(numbers(20, 30));
    expect(second.stats.expired).toBe(20);
    const errors = second.log.lines.filter(({ level }) => level === 'error');
    expect(errors).toHaveLength(1);
    expect(errors[0]?.fields).toMatchObject({ code: 'APF_OFFSET_EXPIRED', topic, partition: 0, lost: 20 });
    expect(errors[0]?.message).toContain(`20 alerts of ${topic}[0] were lost`);
  });

  it('counts what expires while it is paused', async () => {
    const topic = await newTopic();
    await produce(kafka.bootstrapServers, topic, numbers(10));
    const reader = await open(topic, { params: { 'auto.offset.reset': 'latest' }, offsets: { start: 1 } });
    await reader.count(10);
    reader.source.pause();
    await produce(kafka.bootstrapServers, topic, numbers(40, 10));
    await kafka.deleteRecords(topic, 0, 25);
    reader.source.resume();
    await reader.until(() => reader.messages.some((message) => textOf(message) === '49'));
    const read = reader.messages.length;
    expect(reader.stats.expired).toBe(50 - read);
    expect(reader.messages.slice(-25).map(textOf)).toEqual(numbers(25, 25));
  });

  async function transaction(topic: string, values: string[], outcome: 'commit' | 'abort'): Promise<void> {
    const producer = new RdKafka.Producer({
      'bootstrap.servers': kafka.bootstrapServers,
      'transactional.id': uniqueName('transaction'),
    });
    const done = (act: (cb: (error: unknown) => void) => void): Promise<void> =>
      new Promise((resolve, reject) => act((error) => (error ? reject(toError(error)) : resolve())));
    await done((cb) => producer.connect({}, cb));
    await done((cb) => producer.initTransactions(10_000, cb));
    await done((cb) => producer.beginTransaction(cb));
    for (const value of values) producer.produce(topic, 0, Buffer.from(value));
    await done((cb) => producer.flush(10_000, cb));
    await done((cb) =>
      outcome === 'commit' ? producer.commitTransaction(10_000, cb) : producer.abortTransaction(10_000, cb),
    );
    await done((cb) => producer.disconnect(1_000, cb));
  }
});
