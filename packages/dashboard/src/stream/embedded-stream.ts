import { OffsetLookup, partitionsOf, type PartitionBounds } from '@apf/connectors';
import { type Clock, systemClock } from '@apf/core';
import type { BrokerState, StreamSource } from './stream-source.js';

/** Over how long a rate is taken, in ms. */
const WINDOW = 5_000;

interface Look {
  readonly at: number;
  /** Next offsets by topic, and by group. */
  readonly sums: ReadonlyMap<string, number>;
}

/**
 * librdkafka's embedded broker, which cannot say which groups there are: they are named, each with the topics that it
 * reads, and asked for one by one.
 */
export function embeddedStream(
  servers: string,
  groups: readonly { readonly name: string; readonly topics: readonly string[] }[],
  clock: Clock = systemClock,
): StreamSource {
  const lookups = new Map<string, Promise<OffsetLookup>>();
  const looks: Look[] = [];
  const lookupOf = (group: string): Promise<OffsetLookup> => {
    const open =
      lookups.get(group) ??
      OffsetLookup.open({ params: { 'bootstrap.servers': servers, 'group.id': group } });
    lookups.set(group, open);
    return open;
  };
  const rateOf = (key: string): number | null => {
    const [first, last] = [looks.find(({ sums }) => sums.has(key)), looks.at(-1)];
    if (!first || !last || last.at <= first.at) return null;
    return (1_000 * ((last.sums.get(key) ?? 0) - first.sums.get(key)!)) / (last.at - first.at);
  };
  return {
    servers,
    look: async () => {
      const asking = await lookupOf('apf-dashboard');
      const bounds = await asking.bounds(partitionsOf(['^'], await asking.topics()));
      const committed = new Map<string, readonly (number | undefined)[]>();
      const partitionsRead = (topics: readonly string[]): PartitionBounds[] =>
        bounds.filter(({ topic }) => topics.includes(topic));
      for (const { name, topics } of groups)
        committed.set(name, await (await lookupOf(name)).committed(partitionsRead(topics)));
      const names = [...new Set(bounds.map(({ topic }) => topic))].sort();
      const sums = new Map<string, number>();
      for (const name of names)
        sums.set(`topic ${name}`, sum(partitionsRead([name]).map(({ high }) => high)));
      for (const [name, offsets] of committed)
        sums.set(`group ${name}`, sum(offsets.map((next) => next ?? 0)));
      const at = clock.now();
      looks.push({ at, sums });
      while (looks.length > 2 && looks[1]!.at <= at - WINDOW) looks.shift();
      return {
        unseen: [],
        topics: names.map((name) => {
          const own = partitionsRead([name]);
          return {
            name,
            messages: sum(own.map(({ low, high }) => high - low)),
            rate: rateOf(`topic ${name}`),
            newest: null,
            partitions: own.map(({ partition, low, high }) => ({ partition, begin: low, end: high })),
          };
        }),
        groups: groups.map(({ name, topics }) => {
          const read = partitionsRead(topics).map(({ topic, partition, low, high }, i) => {
            const next = committed.get(name)![i] ?? null;
            return { topic, partition, committed: next, end: high, lag: Math.max(0, high - (next ?? low)) };
          });
          return {
            name,
            state: null,
            members: null,
            lag: sum(read.map(({ lag }) => lag)),
            rate: rateOf(`group ${name}`),
            latency: null,
            partitions: read,
          } satisfies BrokerState['groups'][number];
        }),
      };
    },
    close: async () => {
      for (const open of lookups.values()) await (await open.catch(() => undefined))?.close();
    },
  };
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
