import { KafkaSource, OffsetLookup, partitionsOf } from '@apf/connectors';
import { END, FixedTopics, newStats, type Position, systemClock } from '@apf/core';
import { commandLogger } from '../consume/command-logger.js';
import { defineDocumented } from './documented.js';
import { lsstParams } from './lsst-stream.js';
import { untilInterrupted } from './until-interrupted.js';

const HELP = `usage: monitorStream.py [-h] [--group GROUP] broker topic

Consumes stream for printing status of the stream.

positional arguments:
  broker         Hostname or IP and port of Kafka broker.
  topic          Name of Kafka topic to listen to.

optional arguments:
  -h, --help     show this help message and exit
  --group GROUP  Globally unique name of the consumer group. Consumers in the
                 same group will share messages (i.e., only one consumer will
                 receive a message, as in a queue). Default is value of
                 $HOSTNAME.`;

/** How often the stream's own figures are shown, in ms, and where each partition ends is asked. */
const EVERY = 1_000;

export const command = defineDocumented({
  help: HELP,
  positionals: { broker: { kind: 'text' }, topic: { kind: 'text' } },
  options: { group: { names: ['--group'], kind: 'text' } },
  async run({ broker, topic, group }) {
    const params = lsstParams(broker, group);
    const source = new KafkaSource({
      params,
      topics: new FixedTopics(topic),
      logger: commandLogger(),
      clock: systemClock,
      stats: newStats(),
    });
    const lookup = await OffsetLookup.open({ params });
    const status = new Status();
    await source.open({ revoked: async () => undefined, lost: () => undefined });
    const stop = new AbortController();
    let asked = 0;
    await untilInterrupted(
      async () => {
        const messages = await source.poll(500, stop.signal);
        if (messages === END) return false;
        status.read(messages);
        await source.commit(status.next());
        if (systemClock.now() - asked >= EVERY) {
          asked = systemClock.now();
          const partitions = partitionsOf([topic], await lookup.topics());
          for (const line of status.ended(await lookup.bounds(partitions))) console.error(line);
        }
        return true;
      },
      async () => {
        await source.close();
        await lookup.close();
      },
    );
  },
});

/** How far each partition is read, and which have been at their end since. */
class Status {
  private readonly positions = new Map<number, Position>();
  private readonly said = new Map<number, number>();
  private count = 0;
  private counted = 0;
  private since = systemClock.now();
  private latency: number | undefined;

  read(messages: readonly (Position & { readonly timestamp?: number | undefined })[]): void {
    for (const { topic, partition, offset, timestamp } of messages) {
      this.positions.set(partition, { topic, partition, offset: offset + 1 });
      if (timestamp !== undefined) this.latency = systemClock.now() - timestamp;
    }
    this.count += messages.length;
  }

  next(): Position[] {
    return [...this.positions.values()];
  }

  /** LSST's line for each partition that was read to its end since the last time, and a line with the figures. */
  ended(
    bounds: readonly {
      readonly topic: string;
      readonly partition: number;
      readonly low: number;
      readonly high: number;
    }[],
  ): string[] {
    const now = systemClock.now();
    const lines: string[] = [];
    let lag = 0;
    for (const { topic, partition, low, high } of bounds) {
      const position =
        this.positions.get(partition)?.offset ?? (this.count === 0 && low === high ? high : low);
      lag += Math.max(0, high - position);
      if (position < high || this.said.get(partition) === high) continue;
      this.said.set(partition, high);
      lines.push(
        `topic:${topic}, partition:${partition}, status:end, offset:${high}, key:None, time:${(now / 1000).toFixed(3)}`,
      );
    }
    if (this.count !== this.counted) {
      const rate = Math.round(((this.count - this.counted) * 1000) / Math.max(1, now - this.since));
      const latency = this.latency === undefined ? '' : `, latency ${(this.latency / 1000).toFixed(1)} s`;
      lines.push(`alerts:${this.count}, rate:${rate}/s, lag:${lag}${latency}`);
    }
    this.counted = this.count;
    this.since = now;
    return lines;
  }
}
