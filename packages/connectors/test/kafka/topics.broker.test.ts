import { FakeClock } from '@apf/core/testing';
import { systemClock, type TopicStrategy } from '@apf/core';
import { onRealKafka, uniqueName } from '../cluster/test-cluster.js';
import { type LogBook, produce, testSource, textOf } from './kafka-fixture.js';
import { Reader } from './reader.js';

const numbers = (count: number, from = 0): string[] =>
  Array.from({ length: count }, (_, i) => String(from + i));

/** A strategy whose topics a test changes. */
class Window implements TopicStrategy {
  constructor(public current: string[]) {}
  topics(): string[] {
    return this.current;
  }
  nextChange(): null {
    return null;
  }
}

onRealKafka('regexLater', 'The topics of a KafkaSource', (kafka) => {
  const readers: Reader[] = [];
  afterEach(async () => {
    await Promise.all(readers.splice(0).map((reader) => reader.close()));
  });
  type Open = Reader & { log: LogBook; clock: FakeClock };
  const open = async (
    topics: string | TopicStrategy,
    options: Parameters<typeof testSource>[2] = {},
  ): Promise<Open> => {
    // The strategy and the watch over topics go by this clock, Kafka by its own.
    const clock = new FakeClock(Date.UTC(2026, 10, 20));
    const { source, log } = testSource(kafka.bootstrapServers, topics, { clock, ...options });
    const reader = Object.assign(new Reader(source), { log, clock });
    readers.push(reader);
    await reader.start();
    return reader;
  };
  const newTopic = async (stem = 'topic', partitions = 1): Promise<string> => {
    const topic = uniqueName(stem);
    await kafka.createTopic(topic, { partitions });
    return topic;
  };

  it('that match a regular expression are read, those too that appear later', async () => {
    const stem = uniqueName('ztf_2026');
    await kafka.createTopic(`${stem}_a`);
    await kafka.createTopic(`other_${stem}`);
    await produce(kafka.bootstrapServers, `${stem}_a`, ['first']);
    await produce(kafka.bootstrapServers, `other_${stem}`, ['never']);
    const reader = await open(`^${stem}_.*`);
    await reader.count(1);
    await kafka.createTopic(`${stem}_b`, { partitions: 2 });
    await produce(kafka.bootstrapServers, `${stem}_b`, ['second']);
    await reader.count(2);
    expect(reader.messages.map(textOf)).toEqual(['first', 'second']);
  });

  it('that do not exist yet are a log line a minute, and are read once they do', async () => {
    const [there, absent] = [await newTopic(), uniqueName('absent')];
    const reader = await open(`${there},${absent}`);
    await produce(kafka.bootstrapServers, there, ['first']);
    await reader.count(1);
    const said = (): number => reader.log.matching(/not on the broker yet/).length;
    await advanceUntil(reader, () => said() === 1);
    await advance(reader, 30);
    expect(said()).toBe(1);
    await advanceUntil(reader, () => said() === 2);
    expect(reader.log.matching(/not on the broker yet/)[0]).toMatchObject({
      level: 'info',
      fields: { topics: [absent] },
    });

    await kafka.createTopic(absent);
    await produce(kafka.bootstrapServers, absent, ['second']);
    await reader.count(2);
    await advance(reader, 200);
    expect(said()).toBe(2);
  });

  it('may be deleted while they are read', async () => {
    const [kept, deleted] = [await newTopic(), await newTopic()];
    // Retries of a commit that meets the deletion wait by the clock.
    const reader = await open(`${kept},${deleted}`, { clock: systemClock });
    await produce(kafka.bootstrapServers, kept, ['1']);
    await produce(kafka.bootstrapServers, deleted, ['2']);
    await reader.count(2);
    await kafka.deleteTopic(deleted);
    await reader.until(() => reader.revocations.flat().includes(`${deleted}/0`));
    await produce(kafka.bootstrapServers, kept, ['3']);
    await reader.count(3);
    await reader.commit();
    await kafka.createTopic(deleted);
    await produce(kafka.bootstrapServers, deleted, ['4']);
    await reader.count(4);
    expect(reader.messages.map(textOf).slice(2)).toEqual(['3', '4']);
  });

  it('change with the strategy, without dropping what is in hand', async () => {
    const [yesterday, today] = [await newTopic(), await newTopic()];
    const window = new Window([yesterday]);
    const reader = await open(window);
    await produce(kafka.bootstrapServers, yesterday, numbers(5));
    await reader.count(5);
    window.current = [yesterday, today];
    await produce(kafka.bootstrapServers, today, numbers(5, 5));
    await advanceUntil(reader, () => reader.messages.length === 10);
    expect(reader.messages.map(textOf)).toEqual(numbers(10));
    expect(reader.revocations).toEqual([]);
  });

  it('that leave the window are kept until they are read to their end and committed', async () => {
    const [leaving, today] = [await newTopic('leaving', 2), await newTopic()];
    const window = new Window([leaving, today]);
    const reader = await open(window);
    await produce(kafka.bootstrapServers, leaving, numbers(7));
    await reader.count(7);
    window.current = [today];
    await advanceUntil(reader, () => reader.log.matching(/7 alerts remain/).length > 0);
    await produce(kafka.bootstrapServers, leaving, ['late']);
    await reader.count(8);
    await reader.commit();
    await advanceUntil(reader, () => reader.log.matching(/is dropped: it is read to its end/).length > 0);
    await reader.until(() => reader.revocations.flat().length === 2);
    await produce(kafka.bootstrapServers, leaving, ['too late']);
    await produce(kafka.bootstrapServers, today, ['today']);
    await reader.count(9);
    expect(textOf(reader.messages[8] as never)).toBe('today');
  });

  it('that leave the window and the broker are dropped', async () => {
    const [leaving, today] = [await newTopic(), await newTopic()];
    const window = new Window([leaving, today]);
    const reader = await open(window);
    await produce(kafka.bootstrapServers, leaving, numbers(2));
    await reader.count(2);
    window.current = [today];
    await kafka.deleteTopic(leaving);
    await advanceUntil(reader, () => reader.log.matching(/the broker has it no more/).length > 0);
  });

  it('that are not read a day after they left the window are dropped with one error that counts them', async () => {
    const [leaving, today] = [await newTopic(), await newTopic()];
    const window = new Window([leaving, today]);
    const reader = await open(window);
    await produce(kafka.bootstrapServers, leaving, numbers(3));
    await reader.count(3);
    window.current = [today];
    await advanceUntil(reader, () => reader.log.matching(/3 alerts remain/).length > 0);
    await advance(reader, 24 * 3600);
    await advanceUntil(reader, () => reader.log.matching(/with 3 alerts unread/).length > 0);
    expect(reader.log.lines.filter(({ level }) => level === 'error')).toHaveLength(1);
  });

  it('that leave the window are left at once with DROP_UNREAD', async () => {
    const [leaving, today] = [await newTopic(), await newTopic()];
    const window = new Window([leaving, today]);
    const reader = await open(window, { dropUnread: true });
    await produce(kafka.bootstrapServers, leaving, numbers(3));
    await reader.count(3);
    window.current = [today];
    await advanceUntil(reader, () => reader.revocations.length > 0);
    expect(reader.revocations).toEqual([[`${leaving}/0`]]);
  });

  it('must have legal names', async () => {
    await expect(open(new Window(['ztf alerts']))).rejects.toThrow("'ztf alerts' is not a legal topic name");
  });

  /** Lets `seconds` pass for the source, with a poll in each. */
  async function advance(reader: Open, seconds: number): Promise<void> {
    const step = Math.max(5, seconds / 40);
    for (let passed = 0; passed < seconds; passed += step) {
      await reader.clock.advance(step * 1000);
      await reader.polled();
    }
  }

  async function advanceUntil(reader: Open, reached: () => boolean): Promise<void> {
    while (!reached()) await advance(reader, 5);
  }
});
