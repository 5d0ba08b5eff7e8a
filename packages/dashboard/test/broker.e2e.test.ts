import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { syntheticZtf, ZTF_ALERT_SCHEMA } from '@apf/alerts';
import { buildRun, FolderLetters, replayToSource } from '@apf/connectors';
import { ContainerWriter, parseSchema, PoisonError, type Settings, silent, Step } from '@apf/core';
import { onRealKafka, uniqueName } from '../../connectors/test/cluster/test-cluster';
import type { AlertsView } from '../src/page-api';
import { inBrowser } from './browser';
import { eventually, get, produce, servedBroker } from './served';

const writer = new ContainerWriter(parseSchema(ZTF_ALERT_SCHEMA));
const night = [...syntheticZtf({ seed: 3, objects: 60, now: new Date('2026-11-20'), cutouts: false })].map(
  ({ alert }) => alert,
);
const messages = night.map((alert) => writer.write([alert]));

/** A step that reads a topic until it is told to stop; `reject` says what it cannot process. */
class Reader {
  private readonly stop = new AbortController();
  private constructor(private readonly running: Promise<unknown>) {}

  static async start(
    servers: string,
    topic: string,
    group: string,
    deadLetters: string,
    reject: (alert: { candid: bigint }) => boolean = () => false,
  ): Promise<Reader> {
    const settings: Settings = {
      CONSUMER_CONFIG: {
        CLASS: 'KafkaConsumer',
        PARAMS: {
          'bootstrap.servers': servers,
          'group.id': group,
          'auto.offset.reset': 'earliest',
          'session.timeout.ms': 6000,
        },
        TOPICS: topic,
      },
      DEAD_LETTERS: { CLASS: 'FolderDeadLetters', DIRECTORY_PATH: deadLetters },
    };
    class Look extends Step<{ candid: bigint }> {
      execute(alert: { candid: bigint }): undefined {
        if (reject(alert)) throw new PoisonError('a test does not like this one');
      }
    }
    const { runner } = await buildRun(settings, Look, { env: {}, name: 'reader', logger: silent });
    const stop = new AbortController();
    const reader = new Reader(runner.run(stop.signal));
    reader.stop.signal.addEventListener('abort', () => stop.abort());
    return reader;
  }

  async end(): Promise<void> {
    this.stop.abort();
    await this.running;
  }
}

onRealKafka('groups', 'the dashboard of a broker', (kafka) => {
  const servers = kafka.bootstrapServers;
  let folder: string;
  let reader: Reader | undefined;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'apf-dashboard-test-'));
  });
  afterEach(async () => {
    await reader?.end();
    reader = undefined;
    await rm(folder, { recursive: true });
  });

  const newTopic = async (partitions = 1): Promise<string> => {
    const topic = uniqueName('dash');
    await kafka.createTopic(topic, { partitions });
    return topic;
  };

  inBrowser('in a browser', (visit) => {
    it('shows alerts as they come, and says when a step stands still', async () => {
      const [topic, group] = [await newTopic(), uniqueName('step')];
      await produce(servers, topic, messages.slice(0, 10));
      reader = await Reader.start(servers, topic, group, folder);
      const dashboard = await servedBroker(servers, [topic], { groups: [group] });
      const { page, problems } = await visit(dashboard.url);
      const row = page.getByRole('row').filter({ has: page.getByRole('rowheader', { name: group }) });
      await row.getByText('up to date').waitFor();

      await reader.end();
      reader = undefined;
      await produce(servers, topic, messages.slice(10, 17));
      await row.getByText(/stalled/).waitFor();
      await page.getByText(`Group ${group} stands still`).waitFor();
      await row.getByRole('cell', { name: '7', exact: true }).waitFor();

      reader = await Reader.start(servers, topic, group, folder);
      await row.getByText('up to date').waitFor();

      await page.getByRole('link', { name: 'Alerts', exact: true }).click();
      await page.getByText(String(night[16]!.candid), { exact: true }).waitFor();
      await produce(servers, topic, messages.slice(17, 18));
      await page.getByText(String(night[17]!.candid), { exact: true }).waitFor();
      expect(problems).toEqual([]);
    });

    it('sends a dead letter to its topic again, where that is allowed', async () => {
      const [topic, group] = [await newTopic(), uniqueName('step')];
      const bad = night[2]!.candid;
      await produce(servers, topic, messages.slice(0, 4));
      reader = await Reader.start(servers, topic, group, folder, ({ candid }) => candid === bad);
      const store = new FolderLetters(folder);
      const [letter] = await eventually(
        () => store.list(),
        ({ length }) => length === 1,
      );
      await reader.end();
      const processed: bigint[] = [];
      reader = await Reader.start(servers, topic, group, folder, ({ candid }) => {
        processed.push(candid);
        return false;
      });
      const dashboard = await servedBroker(servers, [topic], {
        letters: {
          store,
          replay: async (letters) => {
            await replayToSource({
              store,
              letters,
              params: { 'bootstrap.servers': servers },
              logger: silent,
            });
            return letters.length;
          },
        },
      });
      const { page, problems } = await visit(`${dashboard.url}#/letters`);
      await page.getByRole('link', { name: letter!.id }).click();
      await page.getByText('a test does not like this one').waitFor();
      await page.getByRole('button', { name: 'Replay…' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Replay', exact: true }).click();
      await page.getByText('1 dead letter replayed').waitFor();
      await eventually(
        async () => processed,
        (all) => all.includes(bad),
      );
      expect(await store.list()).toEqual([]);
      expect(problems).toEqual([]);
    });

    it('keeps up with 500 alerts a second, of which it shows some and says so', async () => {
      const topic = await newTopic(4);
      const dashboard = await servedBroker(servers, [topic]);
      const { page, problems } = await visit(`${dashboard.url}#/alerts?topic=${topic}`);
      const second = Array.from({ length: 500 }, (_, i) => messages[i % messages.length]!);
      for (let n = 0; n < 6; n++) {
        const next = new Promise((resolve) => setTimeout(resolve, 1_000));
        await produce(servers, topic, second);
        await next;
      }
      await page.getByText(/is fast: showing 1 of/).waitFor();
      const { sampling } = await eventually(
        () => get<AlertsView>(dashboard, `/api/alerts?topic=${topic}`),
        ({ sampling: [of] }) => of?.read === 3_000,
      );
      expect(sampling[0]!.shown).toBeGreaterThan(500);
      expect(sampling[0]!.shown).toBeLessThan(2_500);
      expect(problems).toEqual([]);
    });
  });
});
