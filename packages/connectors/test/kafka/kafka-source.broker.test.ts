import type { RawMessage } from '@apf/core';
import { onEachBroker, uniqueName } from '../cluster/test-cluster.js';
import { produce, testSource, textOf } from './kafka-fixture.js';
import { Reader } from './reader.js';

const numbers = (count: number, from = 0): string[] =>
  Array.from({ length: count }, (_, i) => String(from + i));
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const sorted = (texts: readonly string[]): string[] => [...texts].sort((a, b) => Number(a) - Number(b));

onEachBroker('KafkaSource', (broker) => {
  const readers: Reader[] = [];
  const start = (source: Reader['source']): Promise<Reader> => {
    const reader = new Reader(source);
    readers.push(reader);
    return reader.start();
  };
  afterEach(async () => {
    await Promise.all(readers.splice(0).map((reader) => reader.close()));
  });

  it('gives every message once, in order within its partition, with key, headers and time', async () => {
    const { bootstrapServers } = broker();
    const topic = await broker().newTopic();
    await produce(bootstrapServers, topic, numbers(300));
    const reader = await (await start(testSource(bootstrapServers, topic).source)).count(300);
    expect(sorted(reader.messages.map(textOf))).toEqual(numbers(300));
    for (const partition of [0, 1, 2, 3]) {
      const offsets = reader.messages
        .filter((message) => message.partition === partition)
        .map(({ offset }) => offset);
      expect(offsets).toEqual(offsets.map((_, i) => i));
    }
    const [message] = reader.messages;
    expect(message?.timestamp).toBeGreaterThan(Date.UTC(2020, 0));
    expect(
      message?.headers?.map((header) => Object.entries(header).map(([name, value]) => [name, String(value)])),
    ).toEqual([[['apf-step', 'test']], [['apf-version', '1.2.3']], [['apf-source', 'ztf-3-17']]]);
  });

  it('goes on after a restart at what was committed, and repeats the rest', async () => {
    const { bootstrapServers } = broker();
    const [topic, group] = [await broker().newTopic(), uniqueName('group')];
    await produce(bootstrapServers, topic, numbers(100));
    const first = await (await start(testSource(bootstrapServers, topic, { group }).source)).count(100);
    await first.commit();
    await produce(bootstrapServers, topic, numbers(50, 100));
    await first.count(150);
    await first.close();

    const second = await (await start(testSource(bootstrapServers, topic, { group }).source)).count(50);
    expect(sorted(second.messages.map(textOf))).toEqual(numbers(50, 100));
  });

  it('confirms a commit though nobody polls, and loses nothing by it', async () => {
    const { bootstrapServers } = broker();
    const topic = await broker().newTopic();
    await produce(bootstrapServers, topic, numbers(20));
    const reader = await (await start(testSource(bootstrapServers, topic).source)).count(20);
    await reader.stopPolling();
    await produce(bootstrapServers, topic, numbers(20, 20));
    await reader.commit();

    const { signal } = new AbortController();
    while (reader.messages.length < 40)
      reader.messages.push(...((await reader.source.poll(500, signal)) as []));
    expect(sorted(reader.messages.map(textOf))).toEqual(numbers(40));
  });

  it('gives nothing while paused, though a poll was under way, and afterwards all of it once', async () => {
    const { bootstrapServers } = broker();
    const topic = await broker().newTopic();
    await produce(bootstrapServers, topic, numbers(200));
    const reader = await start(testSource(bootstrapServers, topic).source);
    const { source, messages } = await reader.count(1);
    await reader.stopPolling();
    await produce(bootstrapServers, topic, numbers(50, 200));
    const { signal } = new AbortController();
    while (messages.length < 250) {
      let over = false;
      const polling = source.poll(50, signal).finally(() => (over = true));
      // Into the midst of its wait, where it is not over by then.
      await turn();
      if (!over) {
        source.pause();
        expect(await polling).toEqual([]);
      }
      messages.push(...((await polling) as RawMessage[]));
      source.resume();
      messages.push(...((await source.poll(50, signal)) as RawMessage[]));
    }
    expect(sorted(messages.map(textOf))).toEqual(numbers(250));
  });

  it('keeps the order of a partition though commits and polls take turns at random', async () => {
    const { bootstrapServers } = broker();
    const topic = await broker().newTopic();
    await produce(bootstrapServers, topic, numbers(2000));
    const reader = await start(testSource(bootstrapServers, topic).source);
    const { source, messages } = await reader.count(1);
    await reader.stopPolling();
    const { signal } = new AbortController();
    const commits: Promise<void>[] = [];
    while (messages.length < 2000) {
      commits.push(reader.commit());
      for (let turns = messages.length % 4; turns > 0; turns--) await turn();
      messages.push(...((await source.poll(9, signal)) as RawMessage[]));
    }
    await Promise.all(commits);
    expect(sorted(messages.map(textOf))).toEqual(numbers(2000));
    for (const partition of [0, 1, 2, 3]) {
      const offsets = messages
        .filter((message) => message.partition === partition)
        .map(({ offset }) => offset);
      expect(offsets).toEqual(offsets.map((_, i) => i));
    }
  });

  it('ends once every partition is at its end, not the first', async () => {
    const { bootstrapServers } = broker();
    const topic = await broker().newTopic();
    await produce(bootstrapServers, topic, numbers(3000));
    const reader = await start(testSource(bootstrapServers, topic, { stopAtEnd: true }).source);
    await reader.end();
    expect(sorted(reader.messages.map(textOf))).toEqual(numbers(3000));
  });

  it("ends where the partitions ended at the start with offsets.end 'latest', whatever comes later", async () => {
    const { bootstrapServers } = broker();
    const topic = await broker().newTopic();
    await produce(bootstrapServers, topic, numbers(2));
    const reader = new Reader(testSource(bootstrapServers, topic, { offsets: { end: 'latest' } }).source);
    readers.push(reader);
    const opened = reader.start();
    await opened;
    await produce(bootstrapServers, topic, numbers(10, 2));
    await reader.end();
    expect(sorted(reader.messages.map(textOf))).toEqual(numbers(2));
  });
});
