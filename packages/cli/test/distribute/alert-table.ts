import { lightCurveModel, lightCurveRows, syntheticZtf, ZTF_ALERT_SCHEMA, type ZtfAlert } from '@apf/alerts';
import { migrate, openDatabase } from '@apf/connectors';
import { type DatabaseSettings, parseSchema } from '@apf/core';

export const ztfSchema = parseSchema(ZTF_ALERT_SCHEMA);

/** What the cross-match found at the alerts, by turns. */
export const CLASSES = ['RRLyr', 'EB*WUMa', 'Unknown'] as const;

/** A light-curve database as steps leave it, with columns for the class and for what was distributed. */
export async function makeAlertTable(config: DatabaseSettings): Promise<void> {
  const database = await openDatabase(config);
  const enrichment = [
    { name: 'cdsxmatch', type: 'text' as const },
    { name: 'status', type: 'text' as const },
  ];
  await migrate(database, lightCurveModel({ enrichment }), 'light-curve');
  await database.kysely
    .insertInto('schema')
    .values({ id: ztfSchema.fingerprint, text: ztfSchema.json })
    .execute();
  await database.close();
}

const alerts = [...syntheticZtf({ seed: 5, objects: 40, now: new Date('2026-10-01T18:00:00Z') })].map(
  ({ alert }) => alert,
);

/** The alert that stands in row `n`, and its class. */
export function alertOf(n: number): { readonly alert: ZtfAlert; readonly type: string } {
  return { alert: alerts[n]!, type: CLASSES[n % CLASSES.length]! };
}

/** Inserts the rows `from` to `to` - 1. */
export async function insertAlerts(config: DatabaseSettings, from: number, to: number): Promise<void> {
  const database = await openDatabase(config);
  for (let n = from; n < to; n++) {
    const { alert, type } = alertOf(n);
    const { candid, oid, survey, mjd } = lightCurveRows(alert);
    const place = { topic: 'synthetic', partition: 0, offset: BigInt(n), time: new Date() };
    await database.kysely
      .insertInto('alert')
      .values({
        ...{ candid, oid, survey, mjd, cdsxmatch: type, ...place },
        schema_id: ztfSchema.fingerprint,
        payload: ztfSchema.encode(alert),
      })
      .execute();
  }
  await database.close();
}

/** The ids of the rows `from` to `to` - 1 of a class, sorted. */
export function idsOf(from: number, to: number, type?: string): string[] {
  const ids: string[] = [];
  for (let n = from; n < to; n++)
    if (type === undefined || alertOf(n).type === type) ids.push(String(alertOf(n).alert.candid));
  return ids.sort();
}
