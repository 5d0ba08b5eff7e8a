import {
  createCodec,
  type DeadLetter,
  FatalError,
  PoisonError,
  type RawMessage,
  Runner,
  Step,
  systemClock,
} from '@apf/core';
import { MemorySink } from '@apf/core/testing';
import { KafkaSink } from '../../src/kafka/kafka-sink.js';
import { onRealKafka, uniqueName } from '../cluster/test-cluster.js';
import { LogBook, closeSinks, produce, testSource, textOf } from './kafka-fixture.js';
import { Reader } from './reader.js';

async function readAll(servers: string, topic: string): Promise<readonly RawMessage[]> {
  const reader = await new Reader(testSource(servers, topic, { stopAtEnd: true }).source).start();
  await reader.end();
  await reader.close();
  return reader.messages;
}

interface Alert {
  readonly n: number;
}

class Double extends Step<Alert, Alert> {
  execute({ n }: Alert): Alert {
    if (n === 70) throw new PoisonError('bad');
    return { n: n * 2 };
  }
}

afterEach(closeSinks);

onRealKafka('transactions', 'a Kafka transaction', (kafka) => {
  const servers = kafka.bootstrapServers;
  const newTopic = async (): Promise<string> => {
    const name = uniqueName('topic');
    await kafka.createTopic(name, { partitions: 4 });
    return name;
  };

  it('shows outputs and offsets together or not at all', async () => {
    const [from, to] = [await newTopic(), await newTopic()];
    await produce(
      servers,
      from,
      Array.from({ length: 100 }, (_, n) => JSON.stringify({ n })),
    );
    const id = uniqueName('producer');
    const group = uniqueName('group');
    const run = (deadLetters: MemorySink<DeadLetter>): Promise<unknown> => {
      const { source, stats } = testSource(servers, from, { group, stopAtEnd: true });
      const codec = createCodec<Alert>({ framing: 'json' });
      return new Runner<Alert, Alert>({
        step: new Double(),
        source,
        codec,
        producer: new KafkaSink<Alert>({
          params: { 'bootstrap.servers': servers, 'transactional.id': id },
          topics: [to],
          encode: (value) => codec.encode(value),
          source,
          step: 'double',
          version: '1',
          logger: new LogBook(),
          clock: systemClock,
        }),
        deadLetters,
        name: 'double',
        messages: 100,
        stats,
      }).run();
    };
    // What was produced is confirmed when the dead letter cannot be kept: the transaction is undone.
    const broken = new MemorySink<DeadLetter>(undefined, () => {
      throw new Error('no room');
    });
    await expect(run(broken)).rejects.toThrow(FatalError);
    const before = (await readAll(servers, to)).length;
    const deadLetters = new MemorySink<DeadLetter>();
    await run(deadLetters);
    const numbers = (await readAll(servers, to)).map((message) => (JSON.parse(textOf(message)) as Alert).n);
    const wanted = Array.from({ length: 100 }, (_, n) => n * 2).filter((n) => n !== 140);
    expect(numbers.sort((a, b) => a - b)).toEqual(wanted);
    expect(before).toBeLessThan(99);
    expect(deadLetters.values.map(({ error }) => error.message)).toEqual(['bad']);
    // Nothing is left to do.
    const again = new MemorySink<DeadLetter>();
    await run(again);
    expect((await readAll(servers, to)).length).toBe(99);
  });

  it('shuts out the older of two processes with one id', async () => {
    const topic = await newTopic();
    const make = (): KafkaSink<string> =>
      new KafkaSink<string>({
        params: { 'bootstrap.servers': servers, 'transactional.id': topic },
        topics: [topic],
        encode: (value) => Buffer.from(value),
        step: 's',
        version: '1',
        logger: new LogBook(),
        clock: systemClock,
      });
    const [old, heir] = [make(), make()];
    await old.open();
    await heir.open();
    const work = async (sink: KafkaSink<string>, value: string): Promise<void> => {
      await sink.transaction!.begin();
      await sink.write([{ value, origin: { topic, partition: 0, offset: 0, value: null } }]);
      await sink.flush(new AbortController().signal);
      await sink.transaction!.commit([]);
    };
    await work(heir, 'new');
    await expect(work(old, 'old')).rejects.toThrow(FatalError);
    await old.transaction!.abort();
    await old.close();
    await heir.close();
    expect((await readAll(servers, topic)).map(textOf)).toEqual(['new']);
  });
});
