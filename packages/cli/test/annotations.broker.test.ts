import { annotationModel } from '@apf/alerts';
import { buildRun, migrate, openDatabase } from '@apf/connectors';
import { type DatabaseSettings, type Settings, silent, Step } from '@apf/core';
import { onRealKafka, uniqueName } from '../../connectors/test/cluster/test-cluster.js';
import { readAs } from '../../connectors/test/cluster/try-access.js';
import { ENGINES, freshDatabase } from '../../connectors/test/sql/both-databases.js';
import { temporaryFolder } from '../../connectors/test/wiring/temporary-folder.js';

interface Said {
  readonly objectId: bigint | string;
  readonly type?: string;
  readonly p: number;
}

class Annotate extends Step<Said, object> {
  execute({ objectId, type, p }: Said): object {
    return { objectId, topic: 'finder', classification: type, classdict: { p }, explanation: `p = ${p}` };
  }
}

const ALERTS = [
  '{"objectId":169760235333878021,"type":"SN","p":0.5}',
  '{"objectId":"ZTF20aafpmek","type":"AGN","p":0.25}',
  '{"objectId":169760235333878022,"p":1}',
  // Said again: the last counts.
  '{"objectId":169760235333878021,"type":"SN Ia","p":0.75}',
].join('\n');

async function annotated(config: DatabaseSettings): Promise<object[]> {
  const database = await openDatabase(config);
  try {
    return await database.kysely.selectFrom('annotation').selectAll().orderBy('objectId').execute();
  } finally {
    await database.close();
  }
}

const EXPECTED = [
  {
    objectId: '169760235333878021',
    classification: 'SN Ia',
    classdict: { p: 0.75 },
    explanation: 'p = 0.75',
  },
  { objectId: 'ZTF20aafpmek', classification: 'AGN', classdict: { p: 0.25 }, explanation: 'p = 0.25' },
].map((row) => ({ ...row, topic: 'finder', version: null, url: null }));

describe.each(ENGINES)("annotations as Lasair's, in %s", (engine) => {
  const fresh = async (): Promise<DatabaseSettings> => {
    const config = await freshDatabase(engine);
    const database = await openDatabase(config);
    await migrate(database, annotationModel(), 'annotations');
    await database.close();
    return config;
  };
  const CONSUMER_CONFIG = { CLASS: 'JsonConsumer', FILE_PATH: 'alerts.jsonl' };

  it('are kept one for each object and annotator; what is none is a dead letter', async () => {
    const config = await fresh();
    const settings: Settings = { CONSUMER_CONFIG, DB_CONFIG: { ...config, TABLE: 'annotation' } };
    const folder = temporaryFolder({ 'alerts.jsonl': ALERTS });
    const { runner } = await buildRun(settings, Annotate, { folder, env: {}, logger: silent });
    expect((await runner.run()).stats).toMatchObject({ written: 3, deadLetters: 1, committed: 4 });
    expect(await annotated(config)).toEqual(EXPECTED);
  });

  onRealKafka('admin', 'beside their topic', (kafka) => {
    it('are the same in both', async () => {
      const config = await fresh();
      const topic = uniqueName('annotations');
      await kafka.createTopic(topic);
      const settings: Settings = {
        CONSUMER_CONFIG,
        PRODUCER_CONFIG: {
          CLASS: 'AnnotationProducer',
          PARAMS: { 'bootstrap.servers': kafka.bootstrapServers },
          TOPIC: topic,
        },
        DB_CONFIG: { ...config, TABLE: 'annotation' },
      };
      const folder = temporaryFolder({ 'alerts.jsonl': ALERTS });
      const { runner } = await buildRun(settings, Annotate, { folder, env: {}, logger: silent });
      expect((await runner.run()).stats).toMatchObject({ deadLetters: 1, committed: 4 });
      expect(await annotated(config)).toEqual(EXPECTED);
      const first = await readAs({ servers: kafka.bootstrapServers }, topic, uniqueName('group'));
      expect(first).toContain('"objectId":169760235333878021,"topic":"finder"');
    });
  });
});
