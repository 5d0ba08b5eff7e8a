import { type AlertContext, loadSchema, silent, Step } from '@apf/core';
import { buildRun } from '@apf/connectors';
import { join } from 'node:path';
import { onEachBroker, uniqueName } from '../cluster/test-cluster.js';
import { produce, testSource } from '../kafka/kafka-fixture.js';
import { Reader } from '../kafka/reader.js';
import { temporaryFolder } from './temporary-folder.js';

interface Alert {
  readonly objectId: string;
  readonly candid: bigint;
}

class Copy extends Step<Alert, object> {
  execute({ objectId, candid }: Alert, context: AlertContext): object {
    if (objectId === 'bad') throw new Error('cannot do this one');
    context.produce('ids', { objectId });
    // A field too many, for the schema to refuse.
    return objectId === 'more' ? { objectId, candid, extra: 1 } : { objectId, candid };
  }
}

const SCHEMA = JSON.stringify({
  type: 'record',
  name: 'Result',
  fields: [
    { name: 'objectId', type: 'string' },
    { name: 'candid', type: 'long' },
  ],
});

onEachBroker('buildRun with Kafka', (broker) => {
  it('reads topics to their end, and writes results by a strategy of its own, side outputs and dead letters, keyed', async () => {
    const { bootstrapServers } = broker();
    const [input, ids, letters] = [
      await broker().newTopic(),
      await broker().newTopic(),
      await broker().newTopic(),
    ];
    await produce(bootstrapServers, input, [
      '{"objectId":"ZTF1","candid":1234567890123456789}',
      '{"objectId":"bad","candid":2}',
      '{"objectId":"more","candid":3}',
      'no JSON',
    ]);
    const folder = temporaryFolder({
      'result.avsc': SCHEMA,
      'one.mjs': `
        export class One {
          constructor({ topic }) { this.topic = topic; }
          topics() { return [this.topic]; }
          nextChange() { return null; }
        }`,
    });
    const output = await broker().newTopic();
    const client = { 'bootstrap.servers': bootstrapServers };
    const { runner } = await buildRun<Alert, object>(
      {
        CONSUMER_CONFIG: {
          CLASS: 'KafkaJsonConsumer',
          PARAMS: { ...client, 'group.id': uniqueName('group'), 'session.timeout.ms': 6000 },
          TOPICS: input,
          STOP_AT_END: true,
        },
        PRODUCER_CONFIG: {
          CLASS: 'apf.producers.KafkaSchemalessProducer',
          PARAMS: client,
          TOPIC_STRATEGY: { CLASS: './one.mjs#One', PARAMS: { topic: output } },
          SCHEMA_PATH: 'result.avsc',
          KEY_FIELD: 'candid',
        },
        SIDE_OUTPUTS: {
          ids: { CLASS: 'KafkaJsonProducer', PARAMS: client, TOPIC: ids, KEY_FIELD: 'objectId' },
        },
        DEAD_LETTERS: { CLASS: 'KafkaDeadLetters', PARAMS: client, TOPIC: letters },
      },
      Copy,
      { folder, env: {}, logger: silent },
    );
    const { reason, stats } = await runner.run();
    expect(reason).toBe('end');
    expect(stats).toMatchObject({ read: 4, deadLetters: 3, committed: 4 });

    const read = async (topic: string): Promise<[string, string][]> => {
      const reader = await new Reader(
        testSource(bootstrapServers, topic, { stopAtEnd: true }).source,
      ).start();
      await reader.end();
      await reader.close();
      const pairs = reader.messages.map(({ key, value }): [string, string] => [
        String(key),
        value!.toString('latin1'),
      ]);
      return pairs.sort();
    };
    const schema = loadSchema(join(folder, 'result.avsc'));
    const result = schema.encode({ objectId: 'ZTF1', candid: 1234567890123456789n }).toString('latin1');
    expect(await read(output)).toEqual([['1234567890123456789', result]]);
    expect(await read(ids)).toEqual(expect.arrayContaining([['ZTF1', '{"objectId":"ZTF1"}']]));
    expect((await read(letters)).map(([, value]) => value).sort()).toEqual([
      'no JSON',
      '{"objectId":"bad","candid":2}',
      '{"objectId":"more","candid":3}',
    ]);
  });
});
