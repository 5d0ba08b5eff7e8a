import {
  correctDetection,
  type DetectionRow,
  lightCurveModel,
  lightCurveRows,
  type NonDetectionRow,
  objectRow,
  syntheticZtf,
  ZTF_ALERT_SCHEMA,
  type ZtfAlert,
} from '@apf/alerts';
import { databaseAt, migrate, openDatabase } from '@apf/connectors';
import { parseSchema, toJson } from '@apf/core';

const schema = parseSchema(ZTF_ALERT_SCHEMA);

/** The alerts of that night, in the order of their times. */
export const skyAlerts = (): ZtfAlert[] =>
  [...syntheticZtf({ seed: 9, objects: 60, now: new Date('2026-10-01T18:00:00Z'), cutouts: false })].map(
    ({ alert }) => alert,
  );

/** What a night of the synthetic sky leaves in a light-curve database, by table. */
export function skyRows(): {
  objects: ReturnType<typeof objectRow>[];
  detections: DetectionRow[];
  nonDetections: NonDetectionRow[];
} {
  const detections = new Map<bigint, DetectionRow>();
  const nonDetections = new Map<string, NonDetectionRow>();
  for (const alert of skyAlerts()) {
    const rows = lightCurveRows(alert);
    for (const row of [...rows.earlier, rows.detection]) detections.set(row.candid, correctDetection(row));
    for (const row of rows.nonDetections) nonDetections.set(`${row.oid} ${row.band} ${row.mjd}`, row);
  }
  const byObject = new Map<string, DetectionRow[]>();
  for (const row of detections.values()) byObject.set(row.oid, [...(byObject.get(row.oid) ?? []), row]);
  return {
    objects: [...byObject.values()].map((rows) => objectRow('ztf', rows)),
    detections: [...detections.values()],
    nonDetections: [...nonDetections.values()],
  };
}

/** Makes the tables at an address and fills them. */
export async function fill(address: string): Promise<void> {
  const database = await openDatabase(databaseAt(address));
  await migrate(database, lightCurveModel(), 'light-curve');
  const { objects, detections, nonDetections } = skyRows();
  await database.kysely.insertInto('object').values(objects).execute();
  const json = detections.map((row) => ({ ...row, extra_fields: toJson(row.extra_fields) }));
  await database.kysely.insertInto('detection').values(json).execute();
  await database.kysely.insertInto('non_detection').values(nonDetections).execute();
  await database.kysely.insertInto('schema').values({ id: schema.fingerprint, text: schema.json }).execute();
  const alerts = skyAlerts().map((alert, offset) => ({
    candid: alert.candid,
    oid: alert.objectId,
    survey: 'ztf',
    mjd: alert.candidate.jd - 2_400_000.5,
    time: null,
    topic: 'ztf',
    partition: 0,
    offset: BigInt(offset),
    schema_id: schema.fingerprint,
    payload: schema.encode(alert),
  }));
  await database.kysely.insertInto('alert').values(alerts).execute();
  await database.close();
}
