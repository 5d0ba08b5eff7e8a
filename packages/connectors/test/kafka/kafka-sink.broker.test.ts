import {
  FatalError,
  PoisonError,
  type RawMessage,
  RetryableError,
  systemClock,
  type DeadLetter,
} from '@apf/core';
import { startEmbeddedBroker } from '../../src/kafka/embedded-broker.js';
import { KafkaDeadLetterSink } from '../../src/kafka/kafka-dead-letter-sink.js';
import { KafkaSink } from '../../src/kafka/kafka-sink.js';
import { onEachBroker, onRealKafka, uniqueName } from '../cluster/test-cluster.js';
import { LogBook, closeSinks, outgoing, testSink, testSource, textOf } from './kafka-fixture.js';
import { Reader } from './reader.js';

const { signal } = new AbortController();

async function readAll(servers: string, topics: string | string[]): Promise<readonly RawMessage[]> {
  const reader = await new Reader(testSource(servers, topics, { stopAtEnd: true }).source).start();
  await reader.end();
  await reader.close();
  return reader.messages;
}

const headersOf = (message: RawMessage | undefined): Record<string, string> =>
  Object.fromEntries(
    (message?.headers ?? []).flatMap((header) => Object.entries(header).map(([k, v]) => [k, String(v)])),
  );

afterEach(closeSinks);

onEachBroker('KafkaSink', (broker) => {
  it('has every output confirmed once flush resolves, with its key, time and headers', async () => {
    const { bootstrapServers } = broker();
    const topic = await broker().newTopic();
    const sink = testSink(bootstrapServers, topic);
    await sink.open();
    const key = Buffer.from([0xff, 0x00, 0x01]);
    await sink.write([
      outgoing('a', { key: 'ZTF18abc', timestamp: 1_700_000_000_000, headers: { survey: 'ztf' } }),
      outgoing('b', { key }),
    ]);
    expect(await sink.flush(signal)).toEqual([]);
    await sink.close();

    const messages = await readAll(bootstrapServers, topic);
    const a = messages.find((message) => textOf(message) === 'a');
    const b = messages.find((message) => textOf(message) === 'b');
    expect(a).toMatchObject({ key: Buffer.from('ZTF18abc'), timestamp: 1_700_000_000_000 });
    expect(headersOf(a)).toEqual({
      survey: 'ztf',
      'apf-step': 'test',
      'apf-version': '1.2.3',
      'apf-source': 'ztf-3-17',
    });
    expect(b?.key).toEqual(key);
  });

  it('writes an output to the topics that a function finds for it, or to none', async () => {
    const { bootstrapServers } = broker();
    const [bright = '', faint = ''] = [await broker().newTopic(), await broker().newTopic()];
    const routes: Record<string, string[]> = { a: [bright, faint], b: [faint], c: [] };
    const sink = new KafkaSink<string>({
      params: { 'bootstrap.servers': bootstrapServers },
      topics: (value) => routes[value]!,
      encode: (value) => Buffer.from(value),
      logger: new LogBook(),
      clock: systemClock,
    });
    await sink.open();
    await sink.write([outgoing('a'), outgoing('b'), outgoing('c')]);
    await sink.flush(signal);
    await sink.close();
    const messages = await readAll(bootstrapServers, [bright, faint]);
    expect(messages.map((message) => `${message.topic} ${textOf(message)}`).sort()).toEqual(
      [`${bright} a`, `${faint} a`, `${faint} b`].sort(),
    );
  });

  it('writes every output to every topic of its list', async () => {
    const { bootstrapServers } = broker();
    const topics = [await broker().newTopic(), await broker().newTopic()];
    const sink = new KafkaSink<string>({
      params: { 'bootstrap.servers': bootstrapServers },
      topics,
      encode: (value) => Buffer.from(value),
      keyOf: (value) => value.toUpperCase(),
      step: 'test',
      version: '1',
      logger: new LogBook(),
      clock: systemClock,
    });
    await sink.open();
    await sink.write([outgoing('a'), outgoing('b')]);
    await sink.flush(signal);
    await sink.close();
    const messages = await readAll(bootstrapServers, topics);
    expect(
      messages.map((message) => `${message.topic} ${String(message.key)} ${textOf(message)}`).sort(),
    ).toEqual(topics.flatMap((topic) => [`${topic} A a`, `${topic} B b`]).sort());
  });

  it('waits for room in its queue, and still writes everything', async () => {
    const { bootstrapServers } = broker();
    const topic = await broker().newTopic();
    const sink = testSink(bootstrapServers, topic, { 'queue.buffering.max.messages': 50 });
    await sink.open();
    await sink.write(Array.from({ length: 1000 }, (_, i) => outgoing(String(i))));
    await sink.flush(signal);
    await sink.close();
    expect(await readAll(bootstrapServers, topic)).toHaveLength(1000);
  });

  it('names an output that is too large for the client or cannot be encoded, and writes the others', async () => {
    const { bootstrapServers } = broker();
    const topic = await broker().newTopic();
    const encode = (value: string): Buffer => {
      if (value === 'odd') throw new PoisonError('this does not fit the schema', { code: 'APF_ENCODE' });
      return Buffer.alloc(Number(value), 'x');
    };
    const sink = new KafkaSink<string>({
      params: { 'bootstrap.servers': bootstrapServers, 'message.max.bytes': 10_000 },
      topics: [topic],
      encode,
      step: 'test',
      version: '1',
      logger: new LogBook(),
      clock: systemClock,
    });
    await sink.open();
    const [small, large, odd] = [outgoing('10'), outgoing('20000'), outgoing('odd')];
    await sink.write([large, small, odd]);
    const refused = await sink.flush(signal);
    expect(refused.map((one) => one.outgoing)).toEqual([large, odd]);
    expect(refused.map(({ error }) => (error as PoisonError).code)).toEqual(['APF_REFUSED', 'APF_ENCODE']);
    expect(await sink.flush(signal)).toEqual([]);
    await sink.close();
    expect(await readAll(bootstrapServers, topic)).toHaveLength(1);
  });
});

onRealKafka('absentTopic', 'KafkaSink', (kafka) => {
  it('names an output that is too large for the topic, and writes the others', async () => {
    const topic = uniqueName('topic');
    await kafka.createTopic(topic, { config: { 'max.message.bytes': '5000' } });
    const sink = testSink(kafka.bootstrapServers, topic);
    await sink.open();
    const large = outgoing(Buffer.alloc(6000));
    await sink.write([outgoing('a'), large]);
    const refused = await sink.flush(signal);
    expect(refused.map((one) => one.outgoing)).toEqual([large]);
    await sink.write([outgoing('b')]);
    expect(await sink.flush(signal)).toEqual([]);
    await sink.close();
    expect((await readAll(kafka.bootstrapServers, topic)).map(textOf)).toEqual(['a', 'b']);
  });

  it('is fatal where the topic does not exist', async () => {
    const sink = testSink(kafka.bootstrapServers, 'no-such-topic', {
      'topic.metadata.propagation.max.ms': 500,
    });
    await sink.open();
    const writing = sink.write([outgoing('a')]).then(() => sink.flush(signal));
    await expect(writing).rejects.toMatchObject({
      name: 'FatalError',
      code: 'APF_TOPIC',
      message: expect.stringContaining("'no-such-topic' is not on the broker"),
    });
    await sink.close();
  });
});

describe('A KafkaSink whose broker is gone', () => {
  const written = async (params: Record<string, unknown>): Promise<KafkaSink<string | Buffer>> => {
    const broker = await startEmbeddedBroker();
    const sink = testSink(broker.bootstrapServers, uniqueName('topic'), params);
    await sink.open();
    await broker.close();
    await sink.write([outgoing('a')]);
    return sink;
  };

  it('asks to repeat what was not acknowledged in time', async () => {
    const sink = await written({ 'message.timeout.ms': 1500 });
    await expect(sink.flush(signal)).rejects.toBeInstanceOf(RetryableError);
    await sink.close();
  });

  it('gives up waiting when it is told to', async () => {
    const sink = await written({});
    const stop = new AbortController();
    const flushing = sink.flush(stop.signal);
    stop.abort();
    await expect(flushing).rejects.toThrow('1 messages were not acknowledged');
    await sink.close();
  });
});

onRealKafka('largeMessages', 'KafkaDeadLetterSink', (kafka) => {
  const letter = (message: RawMessage): DeadLetter => ({
    message,
    error: new Error('the bytes end before the value does'),
    code: 'APF_TRUNCATED',
    stage: 'decode',
    step: 'sn_process',
    when: Date.UTC(2026, 10, 20, 23, 59),
  });
  const deadLetters = (topic: string): KafkaDeadLetterSink =>
    new KafkaDeadLetterSink({
      params: { 'bootstrap.servers': kafka.bootstrapServers },
      topic,
      logger: new LogBook(),
      clock: systemClock,
    });

  it('passes a 10 MB alert, and its dead letter with the original bytes, key and headers', async () => {
    const [topic, dead] = [uniqueName('topic'), uniqueName('dead')];
    const config = { 'max.message.bytes': '16777216' };
    await kafka.createTopic(topic, { config });
    await kafka.createTopic(dead, { config });
    const alert = Buffer.alloc(10 * 1024 * 1024, 'alert ');
    const sink = testSink(kafka.bootstrapServers, topic);
    await sink.open();
    await sink.write([outgoing(alert, { key: Buffer.from([1, 0xfe]), headers: { survey: 'lsst' } })]);
    expect(await sink.flush(signal)).toEqual([]);
    await sink.close();
    const [original] = await readAll(kafka.bootstrapServers, topic);

    const letters = deadLetters(dead);
    await letters.open();
    await letters.write([{ value: letter(original as RawMessage), origin: original as RawMessage }]);
    await letters.flush(signal);
    await letters.close();
    const [read] = await readAll(kafka.bootstrapServers, dead);
    expect(read?.value?.equals(alert)).toBe(true);
    expect(read?.key).toEqual(Buffer.from([1, 0xfe]));
    expect(headersOf(read)).toEqual({
      survey: 'lsst',
      'apf-version': '1.2.3',
      'apf-error': 'the bytes end before the value does',
      'apf-error-code': 'APF_TRUNCATED',
      'apf-stage': 'decode',
      'apf-source': `${topic}-0-0`,
      'apf-step': 'sn_process',
      'apf-time': '2026-11-20T23:59:00.000Z',
    });
  });

  it('keeps a tombstone and a header that is not text', async () => {
    const dead = uniqueName('dead');
    await kafka.createTopic(dead);
    const origin: RawMessage = {
      topic: 'ztf',
      partition: 0,
      offset: 5,
      value: null,
      headers: [{ trace: Buffer.from([0xff, 0xfe]) }, { name: Buffer.from('é') }],
    };
    const letters = deadLetters(dead);
    await letters.open();
    await letters.write([{ value: letter(origin), origin }]);
    await letters.flush(signal);
    await letters.close();
    const [read] = await readAll(kafka.bootstrapServers, dead);
    expect(read?.value).toBeNull();
    expect(headersOf(read)).toMatchObject({ 'apf-base64-trace': '//4=', name: 'é' });
  });

  it('is fatal where the topic refuses the letter', async () => {
    const dead = uniqueName('dead');
    await kafka.createTopic(dead, { config: { 'max.message.bytes': '1000' } });
    const origin: RawMessage = { topic: 'ztf', partition: 0, offset: 5, value: Buffer.alloc(2000) };
    const letters = deadLetters(dead);
    await letters.open();
    await letters.write([{ value: letter(origin), origin }]);
    await expect(letters.flush(signal)).rejects.toThrow(FatalError);
    await letters.close();
  });
});
