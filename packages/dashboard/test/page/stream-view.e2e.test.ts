import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { syntheticZtf, ZTF_ALERT_SCHEMA } from '@apf/alerts';
import { buildRun, FolderLetters } from '@apf/connectors';
import { ContainerWriter, parseSchema, type Settings, silent, Step } from '@apf/core';
import { exposition } from '../../../connectors/src/metrics/families';
import { onRealKafka, uniqueName } from '../../../connectors/test/cluster/test-cluster';
import { inBrowser } from '../browser';
import { eventually, produce, servedBroker } from '../served';
import { inaccessible, picture, tooWide } from './inspected';

const writer = new ContainerWriter(parseSchema(ZTF_ALERT_SCHEMA));
const messages = [...syntheticZtf({ seed: 4, objects: 60, now: new Date('2026-11-20'), cutouts: false })].map(
  ({ alert }) => writer.write([alert]),
);

/** A picture is made on a broker of its own: its names need not differ from those of other tests. */
const named = (stem: string): string => (process.env['APF_PICTURES'] ? stem : uniqueName(stem));

class Look extends Step<unknown> {
  execute(): undefined {
    return undefined;
  }
}

interface Reader {
  /** Of its /metrics. */
  readonly url: URL;
  end(): Promise<void>;
}

/** A step that reads a topic, and tells of itself. */
async function startReader(servers: string, topic: string, group: string, letters: string): Promise<Reader> {
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
    DEAD_LETTERS: { CLASS: 'FolderDeadLetters', DIRECTORY_PATH: letters },
    PROMETHEUS: true,
  };
  const { runner, metrics } = await buildRun(settings, Look, { env: {}, name: group, logger: silent });
  const stop = new AbortController();
  const running = runner.run(stop.signal);
  const server = createServer((_, response) => {
    void exposition([metrics!.report().families]).then((text) => response.end(text));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/metrics`),
    end: async () => {
      stop.abort();
      server.closeAllConnections();
      server.close();
      await running;
    },
  };
}

onRealKafka('groups', 'the view of the stream', (kafka) => {
  const servers = kafka.bootstrapServers;
  const readers = new Set<Reader>();
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'apf-dashboard-stream-'));
  });
  afterEach(async () => {
    for (const reader of readers) await reader.end();
    readers.clear();
    await rm(folder, { recursive: true });
  });

  inBrowser('in a browser', (visit) => {
    it('tells of topics, groups and steps in words, by day and by night, on a phone too', async () => {
      const [topic, finder, archive] = [
        named('ztf_20261119_programid1'),
        named('sn-finder'),
        named('lc-archive'),
      ];
      await kafka.createTopic(topic, { partitions: 4 });
      const start = async (group: string): Promise<Reader> => {
        const reader = await startReader(servers, topic, group, folder);
        readers.add(reader);
        return reader;
      };
      const [good, bad] = [await start(finder), await start(archive)];
      await produce(servers, topic, messages.slice(0, 20));
      const dashboard = await servedBroker(servers, [topic], {
        groups: [finder, archive],
        metrics: [good.url, bad.url],
        letters: { store: new FolderLetters(folder) },
      });
      const { page, problems } = await visit(`${dashboard.url}#/stream`);
      const row = (table: string, name: string): ReturnType<typeof page.getByRole> =>
        page
          .getByRole('table', { name: table })
          .getByRole('row')
          .filter({ has: page.getByRole('rowheader', { name: new RegExp(`^${name}`) }) });
      await row('Groups', archive).getByText('up to date').waitFor();
      await row('Steps', finder).getByText('running').waitFor();
      expect(await inaccessible(page)).toEqual([]);

      await bad.end();
      readers.delete(bad);
      // Some more for a picture, in which graphs have something to show.
      for (let i = 0; i < (process.env['APF_PICTURES'] ? 40 : 1); i++) {
        await produce(servers, topic, messages.slice(20, 24 + Math.round(12 * Math.sin(i / 5) ** 2)));
        if (process.env['APF_PICTURES']) await pause(250);
      }
      await row('Groups', archive)
        .getByText(/^stalled for/)
        .waitFor();
      await page.getByRole('status').getByText(`Group ${archive} stands still`).waitFor();
      await row('Steps', archive).getByText('does not answer').waitFor();
      await row('Groups', finder).getByText('up to date').waitFor();
      await row('Groups', archive)
        .getByRole('button', { name: `4 partitions of ${archive}` })
        .click();
      expect(await page.getByRole('table', { name: 'Groups' }).locator('tr.part').count()).toBe(4);
      await picture(page, 'stream');
      expect(await inaccessible(page)).toEqual([]);
      await page.emulateMedia({ colorScheme: 'dark' });
      await picture(page, 'stream-dark');
      expect(await inaccessible(page)).toEqual([]);
      await page.setViewportSize({ width: 360, height: 740 });
      await eventually(
        () => tooWide(page),
        (by) => by === 0,
      );
      await picture(page, 'stream-phone');
      expect(problems).toEqual([]);
    });
  });
});
