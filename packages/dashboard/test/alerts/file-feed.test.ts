import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { syntheticZtf, ZTF_ALERT_SCHEMA } from '@apf/alerts';
import { parseSchema, writeContainer } from '@apf/core';
import { FileFeed } from '../../src/alerts/file-feed';
import type { AlertsView } from '../../src/page-api';
import { eventually, get, served } from '../served';

describe('files', () => {
  it('are read once, whatever is among them, and many alerts in one are told apart', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'apf-files-test-'));
    try {
      const night = syntheticZtf({ seed: 4, objects: 3, now: new Date('2026-11-20'), cutouts: false });
      const alerts = [...night].map(({ alert }) => alert);
      const schema = parseSchema(ZTF_ALERT_SCHEMA);
      await writeFile(join(folder, 'all.avro'), writeContainer(schema, alerts));
      await writeFile(join(folder, 'broken.avro'), 'no Avro');
      const dashboard = await served({
        source: 'files',
        alerts: (store, listener) => new FileFeed({ paths: [folder], name: 'a folder' }, store, listener),
      });
      const { rows, sampling } = await eventually(
        () => get<AlertsView>(dashboard, '/api/alerts'),
        (view) => view.sampling[0]!.read === 2,
      );
      expect(new Set(rows.map(({ alertId }) => alertId))).toEqual(
        new Set(alerts.map(({ candid }) => String(candid))),
      );
      expect(new Set(rows.map(({ at }) => at.record)).size).toBe(alerts.length);
      expect(sampling).toMatchObject([{ topic: 'a folder', shown: 1, oneOf: 1, undecodable: 1 }]);
      expect(sampling[0]!.lastError).toMatch(/no schema/);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
