import { END, type RawMessage, type SourceProgress } from '@apf/core';
import { onEachBroker, uniqueName } from '../cluster/test-cluster.js';
import { startEmbeddedBroker } from '../../src/kafka/embedded-broker.js';
import { closeSinks, produce, testSource, type TestSource } from './kafka-fixture.js';

const SIGNAL = new AbortController().signal;
const EVENTS = { revoked: () => Promise.resolve(), lost: () => undefined };

afterEach(closeSinks);

async function read({ source }: TestSource, enough: () => boolean): Promise<RawMessage[]> {
  const all: RawMessage[] = [];
  while (!enough()) {
    const polled = await source.poll(100, SIGNAL);
    if (polled !== END) all.push(...polled);
  }
  return all;
}

const lag = ({ source }: TestSource): number | undefined => {
  const lags = source.progress().partitions.map((partition) => partition.lag);
  return lags.includes(undefined) ? undefined : lags.reduce<number>((sum, one) => sum + (one ?? 0), 0);
};

onEachBroker('what a source knows of its progress', (broker) => {
  it('is nothing before it is open, then its partitions, and how far each is read and committed', async () => {
    const topic = await broker().newTopic();
    await produce(broker().bootstrapServers, topic, ['a', 'b', 'c', 'd', 'e']);
    const tested = testSource(broker().bootstrapServers, topic);
    const { source } = tested;
    const nothing: SourceProgress = { assigned: false, failures: 0, partitions: [] };
    expect(source.progress()).toEqual(nothing);
    await source.open(EVENTS);
    try {
      const messages: RawMessage[] = [];
      messages.push(...(await read(tested, () => source.progress().partitions.length === 4)));
      expect(source.progress().assigned).toBe(true);
      while (messages.length < 5) {
        const polled = await source.poll(100, SIGNAL);
        if (polled !== END) messages.push(...polled);
      }
      // Delivered, but not done: it would all be read again.
      expect(lag(tested)).toBe(5);
      const last = new Map(messages.map(({ partition, offset }) => [partition, offset + 1]));
      const positions = [...last].map(([partition, offset]) => ({ topic, partition, offset }));
      await source.commit(positions.slice(0, 1));
      expect(lag(tested)).toBe(5 - positions[0]!.offset);
      await source.commit(positions.slice(1));
      expect(lag(tested)).toBe(0);

      await produce(broker().bootstrapServers, topic, ['f', 'g']);
      const more: RawMessage[] = [];
      await read(tested, () => lag(tested) === 2).then((polled) => more.push(...polled));
      expect(lag(tested)).toBe(2);
    } finally {
      await source.close();
    }
    expect(source.progress()).toEqual(nothing);
  });

  it('counts what is delivered as done where nothing is ever committed', async () => {
    const topic = await broker().newTopic();
    await produce(broker().bootstrapServers, topic, ['a', 'b', 'c']);
    const tested = testSource(broker().bootstrapServers, topic, { commits: false });
    await tested.source.open(EVENTS);
    try {
      let seen = 0;
      while (seen < 3) {
        const polled = await tested.source.poll(100, SIGNAL);
        if (polled !== END) seen += polled.length;
      }
      expect(lag(tested)).toBe(0);
    } finally {
      await tested.source.close();
    }
  });
});

it('a source counts the connections that fail, so that a broker that is away is no quiet night', async () => {
  const broker = await startEmbeddedBroker();
  const topic = uniqueName('topic');
  await produce(broker.bootstrapServers, topic, ['a']);
  const tested = testSource(broker.bootstrapServers, topic);
  await tested.source.open(EVENTS);
  try {
    await read(tested, () => tested.source.progress().assigned);
    expect(tested.source.progress().failures).toBe(0);
    await broker.close();
    await read(tested, () => tested.source.progress().failures > 0);
    expect(tested.source.progress().failures).toBeGreaterThan(0);
  } finally {
    await tested.source.close();
  }
});
