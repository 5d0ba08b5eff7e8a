import { onRealKafka, uniqueName } from '../cluster/test-cluster.js';
import { produce, testSource, textOf } from './kafka-fixture.js';
import { Reader, nameOf } from './reader.js';

const numbers = (count: number, from = 0): string[] =>
  Array.from({ length: count }, (_, i) => String(from + i));
const sorted = (texts: readonly string[]): string[] => [...texts].sort((a, b) => Number(a) - Number(b));

onRealKafka('rebalance', 'KafkaSource in a group', (kafka) => {
  const readers: Reader[] = [];
  afterEach(async () => {
    await Promise.all(readers.splice(0).map((reader) => reader.close()));
  });
  const read = async (
    topic: string,
    group: string,
    params: Record<string, unknown> = {},
  ): Promise<Reader> => {
    const reader = new Reader(testSource(kafka.bootstrapServers, topic, { group, params }).source);
    readers.push(reader);
    return reader.start();
  };

  it.each(['cooperative-sticky', 'range,roundrobin'])(
    'shares four partitions (%s) and loses or repeats nothing that was committed on revocation',
    async (strategy) => {
      const [topic, group] = [uniqueName('topic'), uniqueName('group')];
      await kafka.createTopic(topic, { partitions: 4 });
      const params = { 'partition.assignment.strategy': strategy };
      await produce(kafka.bootstrapServers, topic, numbers(1000));
      const first = await (await read(topic, group, params)).count(1000);
      const second = await read(topic, group, params);
      await first.until(() => first.revocations.flat().length > 0);

      const given = first.messages.length;
      let from = 1000;
      // Both get their share of what is written from now on.
      while (second.messages.length === 0 || first.messages.length === given) {
        await produce(kafka.bootstrapServers, topic, numbers(100, from));
        from += 100;
        await first.until(() => first.messages.length + second.messages.length >= from);
      }
      const all = [...first.messages, ...second.messages];
      expect(sorted(all.map(textOf))).toEqual(numbers(from));
    },
  );

  it('delivers nothing of a partition after it was revoked, until it is assigned again', async () => {
    const [topic, group] = [uniqueName('topic'), uniqueName('group')];
    await kafka.createTopic(topic, { partitions: 4 });
    await produce(kafka.bootstrapServers, topic, numbers(400));
    const first = await (await read(topic, group)).count(400);
    await read(topic, group);
    await first.until(() => first.revocations.flat().length > 0);
    const gone = first.revocations.flat();
    const { length } = first.messages;
    await produce(kafka.bootstrapServers, topic, numbers(400, 400));
    const second = readers[1] as Reader;
    await second.until(() => second.messages.length + first.messages.length >= 800);
    const late = first.messages.slice(length).map(nameOf);
    expect(late.filter((name) => gone.includes(name))).toEqual([]);
  });

  it('stops the older of two members of one GROUP_INSTANCE, and loses nothing', async () => {
    const [topic, group] = [uniqueName('topic'), uniqueName('group')];
    await kafka.createTopic(topic, { partitions: 1 });
    await produce(kafka.bootstrapServers, topic, numbers(10));
    const member = (): Reader => {
      const made = new Reader(
        testSource(kafka.bootstrapServers, topic, { group, groupInstance: 'telescope-1' }).source,
      );
      readers.push(made);
      return made;
    };
    const first = await (await member().start()).count(10);
    await first.source.commit([{ topic, partition: 0, offset: 4 }]);
    const second = await member().start();
    await expect(first.end()).rejects.toMatchObject({
      name: 'FatalError',
      message: expect.stringContaining('is GROUP_INSTANCE used twice?'),
    });
    await second.count(6);
    expect(second.messages.map(textOf)).toEqual(numbers(6, 4));
  });

  it('works with the protocol in which the broker assigns (group.protocol consumer)', async () => {
    const [topic, group] = [uniqueName('topic'), uniqueName('group')];
    await kafka.createTopic(topic, { partitions: 4 });
    await produce(kafka.bootstrapServers, topic, numbers(400));
    // The broker sets the session's times there, and librdkafka refuses them from the client.
    const params = {
      'group.protocol': 'consumer',
      'session.timeout.ms': undefined,
      'heartbeat.interval.ms': undefined,
    };
    const first = await (await read(topic, group, params)).count(400);
    const second = await read(topic, group, params);
    await first.until(() => first.revocations.flat().length > 0);
    await produce(kafka.bootstrapServers, topic, numbers(400, 400));
    await first.until(() => first.messages.length + second.messages.length >= 800);
    expect(sorted([...first.messages, ...second.messages].map(textOf))).toEqual(numbers(800));
  });

  it('leaves what was not committed to the next owner', async () => {
    const [topic, group] = [uniqueName('topic'), uniqueName('group')];
    await kafka.createTopic(topic, { partitions: 1 });
    await produce(kafka.bootstrapServers, topic, numbers(10));
    const first = await (await read(topic, group)).count(10);
    first.commitOnRevoke = false;
    await first.source.commit([{ topic, partition: 0, offset: 4 }]);
    await first.close();
    const second = await (await read(topic, group)).count(6);
    expect(second.messages.map(textOf)).toEqual(numbers(6, 4));
  });

  it('commits nothing of partitions that are not its own', async () => {
    const [topic, group] = [uniqueName('topic'), uniqueName('group')];
    await kafka.createTopic(topic, { partitions: 1 });
    await produce(kafka.bootstrapServers, topic, numbers(3));
    const reader = await (await read(topic, group)).count(3);
    await reader.source.commit([{ topic: uniqueName('other'), partition: 0, offset: 1 }]);
    await reader.source.commit([{ topic, partition: 7, offset: 1 }]);
    await reader.close();
    const again = await (await read(topic, group)).count(3);
    expect(again.messages.map(textOf)).toEqual(numbers(3));
  });

  it('keeps its group while paused for longer than max.poll.interval.ms', async () => {
    const [topic, group] = [uniqueName('topic'), uniqueName('group')];
    await kafka.createTopic(topic, { partitions: 2 });
    await produce(kafka.bootstrapServers, topic, numbers(10));
    const reader = await read(topic, group, { 'max.poll.interval.ms': 6000 });
    await reader.count(10);
    expect(reader.source.maxPollInterval).toBe(6000);
    reader.source.pause();
    // The broker's own clock decides: a commit that it takes afterwards is the proof.
    const paused = Date.now();
    await produce(kafka.bootstrapServers, topic, numbers(1, 10));
    while (Date.now() - paused < 8_000) await produce(kafka.bootstrapServers, topic, []);
    await reader.commit();
    expect(reader.losses).toEqual([]);
    expect(reader.revocations).toEqual([]);
    reader.source.resume();
    await reader.count(11);
    expect(sorted(reader.messages.map(textOf))).toEqual(numbers(11));
  });

  it('tells that its partitions are lost when it did not poll for max.poll.interval.ms', async () => {
    const [topic, group] = [uniqueName('topic'), uniqueName('group')];
    await kafka.createTopic(topic, { partitions: 1 });
    await produce(kafka.bootstrapServers, topic, numbers(1));
    const reader = await (await read(topic, group, { 'max.poll.interval.ms': 6000 })).count(1);
    await reader.stopPolling();
    const other = await read(topic, group);
    await other.count(1);
    const { signal } = new AbortController();
    while (reader.losses.length === 0) await reader.source.poll(500, signal);
    expect(reader.losses).toEqual([[`${topic}/0`]]);
    expect(reader.revocations).toEqual([]);
  });
});
