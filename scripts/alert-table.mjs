// A light-curve database with synthetic ZTF alerts, as steps would have left it.
import { lightCurveModel, lightCurveRows, syntheticZtf, ZTF_ALERT_SCHEMA } from '@apf/alerts';
import { migrate, openDatabase } from '@apf/connectors';
import { parseSchema } from '@apf/core';

const CLASSES = ['RRLyr', 'EB*WUMa', 'Unknown', null];
const schema = parseSchema(ZTF_ALERT_SCHEMA);

/** Makes the tables, with columns for the class of a catalogue's nearest source and for what was distributed. */
export async function makeAlertTable(config) {
  const database = await openDatabase(config);
  const enrichment = [
    { name: 'cdsxmatch', type: 'text' },
    { name: 'status', type: 'text' },
  ];
  await migrate(database, lightCurveModel({ enrichment }), 'light-curve');
  await database.kysely.insertInto('schema').values({ id: schema.fingerprint, text: schema.json }).execute();
  return database;
}

/** Rows of alerts, so many as are asked for; classes come by turns, none among them. */
export function* alertRowsOf(seed = 1) {
  let n = 0;
  for (let round = 0; ; round++) {
    const now = new Date('2026-10-01T18:00:00Z');
    for (const { alert } of syntheticZtf({ seed: seed + round, objects: 200, now, cutouts: false })) {
      const candid = 3_000_000_000_000_000_000n + BigInt(n);
      const own = { ...alert, candid, candidate: { ...alert.candidate, candid } };
      const { oid, survey, mjd } = lightCurveRows(own);
      yield {
        ...{
          candid,
          oid,
          survey,
          mjd,
          time: new Date(),
          topic: 'synthetic',
          partition: 0,
          offset: BigInt(n),
        },
        schema_id: schema.fingerprint,
        payload: schema.encode(own),
        cdsxmatch: CLASSES[n % CLASSES.length],
      };
      n++;
    }
  }
}

/** Inserts the next rows, in one transaction. */
export async function insertAlerts({ kysely }, rows, count) {
  const taken = [];
  while (taken.length < count) taken.push(rows.next().value);
  await kysely.transaction().execute(async (transaction) => {
    for (let i = 0; i < taken.length; i += 50) {
      await transaction
        .insertInto('alert')
        .values(taken.slice(i, i + 50))
        .execute();
    }
  });
  return taken;
}
