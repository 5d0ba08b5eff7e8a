import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lightCurveModel, syntheticZtf, ZTF_ALERT_SCHEMA } from '@apf/alerts';
import { databaseAt, migrate, openDatabase, type SqlDatabase } from '@apf/connectors';
import { parseSchema } from '@apf/core';
import { DatabaseFeed } from '../../src/alerts/database-feed';
import type { AlertsView, AlertView } from '../../src/page-api';
import { eventually, get, served } from '../served';

const schema = parseSchema(ZTF_ALERT_SCHEMA);
const alerts = [...syntheticZtf({ seed: 4, objects: 8, now: new Date('2026-11-20'), cutouts: false })].map(
  ({ alert }) => alert,
);

async function insert(database: SqlDatabase, from: number, to: number): Promise<void> {
  for (const [offset, alert] of [...alerts.entries()].slice(from, to)) {
    const row = {
      candid: alert.candid,
      oid: alert.objectId,
      survey: 'ztf',
      mjd: alert.candidate.jd - 2_400_000.5,
      time: new Date(1_790_000_000_000),
      topic: 'night',
      partition: 0,
      offset: BigInt(offset),
      schema_id: schema.fingerprint,
      payload: schema.encode(alert),
    };
    await database.kysely.insertInto('alert').values(row).execute();
  }
}

describe('a light-curve database', () => {
  it('shows its last alerts, what is written meanwhile, and any by its id', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'apf-database-test-'));
    const path = join(folder, 'alerts.sqlite');
    const writer = await openDatabase(databaseAt(path));
    try {
      await migrate(writer, lightCurveModel(), 'light-curve');
      await writer.kysely
        .insertInto('schema')
        .values({ id: schema.fingerprint, text: schema.json })
        .execute();
      await insert(writer, 0, 4);
      const database = await openDatabase(databaseAt(path));
      const dashboard = await served({
        source: 'database',
        alerts: (store, listener) => new DatabaseFeed({ database, name: 'alert' }, store, listener),
      });
      const asked = (): Promise<AlertsView> => get<AlertsView>(dashboard, '/api/alerts');
      await eventually(asked, ({ rows }) => rows.length === 4);
      await insert(writer, 4, 6);
      const { rows } = await eventually(asked, (view) => view.rows.length === 6);
      expect(rows.map(({ alertId }) => alertId).sort()).toEqual(
        alerts
          .slice(0, 6)
          .map(({ candid }) => String(candid))
          .sort(),
      );
      const { at, lightCurve, timestamp } = await get<AlertView>(
        dashboard,
        `/api/alert?id=${alerts[5]!.candid}`,
      );
      expect(at).toEqual({ topic: 'night', partition: 0, offset: 5, record: 0 });
      expect(timestamp).toBe(1_790_000_000_000);
      expect(lightCurve!.curve.objectId).toBe(alerts[5]!.objectId);
    } finally {
      await writer.close();
      await rm(folder, { recursive: true });
    }
  });
});
