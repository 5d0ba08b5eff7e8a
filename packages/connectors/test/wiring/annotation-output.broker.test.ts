import { type Settings, silent, Step } from '@apf/core';
import { buildRun } from '@apf/connectors';
import { onRealKafka, uniqueName } from '../cluster/test-cluster.js';
import { readAs } from '../cluster/try-access.js';
import { temporaryFolder } from './temporary-folder.js';

class Annotate extends Step<{ objectId: bigint; type: string }, object> {
  execute({ objectId, type }: { objectId: bigint; type: string }): object {
    return { objectId, topic: 'finder', classification: type, classdict: { p: 0.5 } };
  }
}

onRealKafka('admin', 'annotations', (kafka) => {
  it('reach their topic as Lasair reads them, ids exact; what is none is a dead letter', async () => {
    const topic = uniqueName('annotations');
    await kafka.createTopic(topic);
    const settings: Settings = {
      CONSUMER_CONFIG: { CLASS: 'JsonConsumer', FILE_PATH: 'alerts.jsonl' },
      PRODUCER_CONFIG: {
        CLASS: 'AnnotationProducer',
        PARAMS: { 'bootstrap.servers': kafka.bootstrapServers },
        TOPIC: topic,
        KEY_FIELD: 'objectId',
      },
    };
    const folder = temporaryFolder({
      'alerts.jsonl':
        '{"objectId":169760235333878021,"type":"SN"}\n{"objectId":169760235333878022,"type":""}',
    });
    const { runner } = await buildRun(settings, Annotate, { folder, env: {}, logger: silent });
    expect((await runner.run()).stats).toMatchObject({ produced: 1, deadLetters: 1, committed: 2 });
    expect(await readAs({ servers: kafka.bootstrapServers }, topic, uniqueName('group'))).toBe(
      '{"objectId":169760235333878021,"topic":"finder","classification":"SN","classdict":{"p":0.5}}',
    );
  });
});
