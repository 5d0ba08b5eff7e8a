import { randomBytes } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { type Header, parseSchema, type RawMessage, silent, Step, writeContainer } from '@apf/core';
import { buildRun } from '@apf/connectors';
import { syntheticZtf, ZTF_ALERT_SCHEMA, type ZtfAlert } from '@apf/alerts';
import { alertsFolder, describeReal, readAlert, readExpected } from '../../core/test/codecs/real-data.js';
import { onRealKafka, uniqueName } from './cluster/test-cluster.js';
import { outgoing, testSink, testSource } from './kafka/kafka-fixture.js';
import { nameOf, Reader } from './kafka/reader.js';
import { avscHeader, avscRecords } from './poison/avsc-container.js';
import { mutations, shuffled } from './poison/mutations.js';
import { temporaryFolder } from './wiring/temporary-folder.js';

const SEED = 20260821;

class Copy extends Step<object, object> {
  execute(alert: object): object {
    return alert;
  }
}

/** A message that was sent, and what became of it. */
interface Fate {
  readonly sent: RawMessage;
  readonly outputs: RawMessage[];
  readonly letters: RawMessage[];
}

onRealKafka('volume', 'Poison in a stream', (kafka) => {
  const client = { 'bootstrap.servers': kafka.bootstrapServers };

  /** Sends the messages in their order, each with key and header, and copies the stream with a step. */
  async function copy(messages: readonly Buffer[], schema: string): Promise<Fate[]> {
    const [input, output, letters] = [uniqueName('alerts'), uniqueName('copies'), uniqueName('letters')];
    await kafka.createTopic(input, { partitions: 3 });
    await kafka.createTopic(output);
    await kafka.createTopic(letters);
    const sink = testSink(kafka.bootstrapServers, input);
    await sink.open();
    await sink.write(
      messages.map((bytes, i) => outgoing(bytes, { key: `key ${i}`, headers: { night: `№ ${i}` } })),
    );
    await sink.flush(new AbortController().signal);
    await sink.close();
    const { runner } = await buildRun<object, object>(
      {
        CONSUMER_CONFIG: {
          PARAMS: { ...client, 'group.id': uniqueName('group') },
          TOPICS: input,
          'consume.messages': 50,
          STOP_AT_END: true,
        },
        PRODUCER_CONFIG: { CLASS: 'KafkaProducer', PARAMS: client, TOPIC: output, SCHEMA_PATH: 'alert.avsc' },
        DEAD_LETTERS: { CLASS: 'KafkaDeadLetters', PARAMS: client, TOPIC: letters },
      },
      Copy,
      { folder: temporaryFolder({ 'alert.avsc': schema }), env: {}, logger: silent },
    );
    const { reason, stats } = await runner.run();
    expect({ reason, read: stats.read, committed: stats.committed, tombstones: stats.tombstones }).toEqual({
      reason: 'end',
      read: messages.length,
      committed: messages.length,
      tombstones: 0,
    });

    const fates = new Map(
      (await read(input)).map((sent): [string, Fate] => [
        `${nameOf(sent).replace('/', '-')}-${sent.offset}`,
        { sent, outputs: [], letters: [] },
      ]),
    );
    for (const message of await read(output)) fates.get(sourceOf(message))!.outputs.push(message);
    for (const message of await read(letters)) fates.get(sourceOf(message))!.letters.push(message);
    return [...fates.values()];
  }

  async function read(topic: string): Promise<RawMessage[]> {
    const reader = new Reader(testSource(kafka.bootstrapServers, topic, { stopAtEnd: true }).source);
    await (await reader.start()).end();
    await reader.close();
    return reader.messages;
  }

  /** Every message is copied as avsc reads it, or is a dead letter; all that avsc refuses are dead letters. */
  function check(fates: readonly Fate[], messages: readonly Buffer[], good: ReadonlySet<Buffer>): void {
    const sent = new Map(messages.map((bytes, i) => [`key ${i}`, bytes]));
    expect(fates).toHaveLength(messages.length);
    const wrong: string[] = [];
    const last = new Map<string, number>();
    for (const fate of fates) {
      const { letters, outputs } = fate;
      const key = String(fate.sent.key);
      const bytes = sent.get(key)!;
      const records = recordsOf(bytes);
      const says = (what: string): unknown => wrong.push(`${key}: ${what}`);
      if (good.has(bytes) && letters.length > 0) says('a good alert is a dead letter');
      if (!records && letters.length === 0) says('avsc refuses it, and it is no dead letter');
      if (letters.length > 1 || (letters.length > 0 && outputs.length > 0)) says('it is there twice');
      if (letters[0] && !isUnchanged(fate.sent, letters[0])) says('its dead letter is another message');
      const copies = outputs.flatMap(({ value }) => avscRecords(value!));
      if (letters.length === 0 && !isSame(copies, records)) says('its copy is another alert');
      // The reference reads on where text is not UTF-8 or a block has bytes to spare.
      if (records && letters[0] && !/TRAILING|DECODE/.test(headerOf(letters[0], 'apf-error-code')))
        says('avsc reads it');
      for (const { offset } of [...letters, ...outputs]) {
        const place = `${letters.length} ${nameOf(fate.sent)}`;
        if (offset < (last.get(place) ?? 0)) says('it comes out of its order');
        last.set(place, offset);
      }
    }
    expect(wrong).toEqual([]);
  }

  it('goes to the dead letters as it came, and every good alert goes through in its order', async () => {
    const schema = parseSchema(ZTF_ALERT_SCHEMA);
    const good = synthetic(200).map((alert) => writeContainer(schema, [alert]));
    const bad = mutations(good, 200, SEED);
    const messages = shuffled([...good, ...bad], SEED);
    const fates = await copy(messages, schema.json);
    check(fates, messages, new Set(good));
    // Most mutations do break an alert.
    expect(fates.filter(({ letters }) => letters.length > 0).length).toBeGreaterThan(150);
  });

  it('of 10 MB goes to the dead letters whole', async () => {
    const schema = parseSchema(ZTF_ALERT_SCHEMA);
    const [first, second] = synthetic(2) as [ZtfAlert, ZtfAlert];
    const large = { fileName: 'large.fits', stampData: randomBytes(10 * 1024 * 1024) };
    const alerts = [first, { ...first, cutoutScience: large }, second];
    const good = alerts.map((alert) => writeContainer(schema, [alert]));
    const messages = [...good, good[1]!.subarray(0, -1)];
    const fates = await copy(messages, schema.json);
    check(fates, messages, new Set(good));
    expect(fates.filter(({ letters }) => letters.length > 0)).toHaveLength(1);
  });

  describeReal(alertsFolder, 'APF_ALERTS')('among real alerts', () => {
    it('goes to the dead letters as it came, and every good alert goes through in its order', async () => {
      const expected = readExpected();
      const damaged = expected.filter(
        ({ framing, error, lenient }) => framing === 'lfs-pointer' || (error !== undefined && !lenient),
      );
      expect(damaged).toHaveLength(8);
      const good = expected
        .filter(({ schema_name, schema_version }) => schema_name === 'ztf.alert' && schema_version === '3.1')
        .filter(({ error, codec }) => error === undefined && codec === 'null')
        .slice(0, 100)
        .map(({ file }) => readAlert(file));
      const bad = mutations(good, 200, SEED);
      const messages = shuffled([...good, ...bad, ...damaged.map(({ file }) => readAlert(file))], SEED);
      const fates = await copy(messages, avscHeader(good[0]!).schema);
      check(fates, messages, new Set(good));
      expect(fates.filter(({ letters }) => letters.length > 0).length).toBeGreaterThan(150);
    });
  });
});

function synthetic(count: number): ZtfAlert[] {
  const sky = syntheticZtf({ seed: SEED, objects: count, now: new Date('2026-08-21T12:00:00Z') });
  return [...sky].slice(0, count).map(({ alert }) => alert);
}

function recordsOf(bytes: Buffer): unknown[] | undefined {
  try {
    return avscRecords(bytes);
  } catch {
    return undefined;
  }
}

/** Without their classes, which avsc makes of each schema anew. */
const isSame = (a: unknown, b: unknown): boolean => isDeepStrictEqual(structuredClone(a), structuredClone(b));

/** The letter begins as the message was: value, key and headers. */
function isUnchanged(sent: RawMessage, letter: RawMessage): boolean {
  const headers = letter.headers!.slice(0, sent.headers!.length);
  return isDeepStrictEqual([letter.value, letter.key, headers], [sent.value, sent.key, sent.headers]);
}

const headerOf = ({ headers }: RawMessage, name: string): string =>
  String(headers!.findLast((header: Header) => name in header)![name]);

const sourceOf = (message: RawMessage): string => headerOf(message, 'apf-source');
