import { type DetectionRow, markDubious, objectRow } from '@apf/alerts';
import { type BatchContext, BatchStep } from '@apf/core';
import type { Epochs, LightCurveMessage } from '../messages.js';

/** Two detections may be of one exposure. */
const byTime = (a: DetectionRow, b: DetectionRow): number => a.mjd - b.mjd || (a.candid < b.candid ? -1 : 1);

/** Writes the rows of a batch of alerts, and passes on what is now known of their objects. */
export default class LightCurveWriter extends BatchStep<Epochs, LightCurveMessage> {
  async execute(messages: readonly Epochs[], contexts: BatchContext): Promise<LightCurveMessage[]> {
    const curves = await this.known(messages, contexts);
    return messages.map((message, i) => {
      const { survey, oid, candid, mjd, detection, earlier, non_detections } = message;
      const { db } = contexts.at(i);
      const before = curves.get(oid)!;
      // A detection that was an alert itself is told best by that alert, whichever comes first.
      const added = earlier.filter((row) => !before.has(row.candid));
      const rows = new Map([...before.values(), ...added, detection].map((row) => [row.candid, row]));
      const detections = markDubious([...rows.values()].sort(byTime));
      curves.set(oid, new Map(detections.map((row) => [row.candid, row])));
      const fresh = new Set([detection, ...added].map((row) => row.candid));
      for (const row of detections) {
        if (fresh.has(row.candid)) db.upsert('detection', row);
        else if (row.dubious !== before.get(row.candid)!.dubious) {
          db.update('detection', { candid: row.candid, dubious: row.dubious });
        }
      }
      db.insert('non_detection', non_detections);
      db.upsert('object', objectRow(survey, detections));
      return { oid, candid, mjd, detections };
    });
  }

  /** The detections that the database has of the objects of a batch. */
  private async known(
    messages: readonly Epochs[],
    { db }: BatchContext,
  ): Promise<Map<string, Map<bigint, DetectionRow>>> {
    const curves = new Map(messages.map(({ oid }) => [oid, new Map<bigint, DetectionRow>()]));
    const oids = [...curves.keys()];
    const places = oids.map((_, i) => `$${i + 1}`).join(', ');
    const rows = await db.query(`select * from detection where oid in (${places})`, oids);
    for (const row of rows as unknown as DetectionRow[]) curves.get(row.oid)!.set(row.candid, row);
    return curves;
  }
}
