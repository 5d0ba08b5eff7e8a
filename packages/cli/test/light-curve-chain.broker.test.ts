import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  correctDetection,
  type DetectionRow,
  LC_CLASSIFIER_SCHEMA,
  type LcClassification,
  lightCurveModel,
  lightCurveRows,
  markDubious,
  objectRow,
  syntheticZtf,
  ZTF_ALERT_SCHEMA,
  type ZtfAlert,
} from '@apf/alerts';
import { buildRun, migrate, openDatabase, type StepClass, StoredAlerts } from '@apf/connectors';
import {
  type DatabaseSettings,
  loadSchema,
  parseSchema,
  readContainer,
  type RunStats,
  type Settings,
  silent,
  writeContainer,
} from '@apf/core';
import classifierSettings from '../../../templates/examples/light-curve-chain/classifier/settings.js';
import Classifier from '../../../templates/examples/light-curve-chain/classifier/step.js';
import correctionSettings from '../../../templates/examples/light-curve-chain/correction/settings.js';
import Correction from '../../../templates/examples/light-curve-chain/correction/step.js';
import lightCurveSettings from '../../../templates/examples/light-curve-chain/light-curve/settings.js';
import LightCurveWriter from '../../../templates/examples/light-curve-chain/light-curve/step.js';
import sortingHatSettings from '../../../templates/examples/light-curve-chain/sorting-hat/settings.js';
import SortingHat from '../../../templates/examples/light-curve-chain/sorting-hat/step.js';
import { onEachBroker, type TestBroker, uniqueName } from '../../connectors/test/cluster/test-cluster.js';
import { outgoing, testSink, testSource } from '../../connectors/test/kafka/kafka-fixture.js';
import { Reader } from '../../connectors/test/kafka/reader.js';
import { freshDatabase } from '../../connectors/test/sql/both-databases.js';

const example = fileURLToPath(new URL('../../../templates/examples/light-curve-chain/', import.meta.url));
const schema = parseSchema(ZTF_ALERT_SCHEMA);

const STEPS: readonly [name: string, settings: Settings, step: StepClass<never, unknown>][] = [
  ['sorting-hat', sortingHatSettings, SortingHat as StepClass<never, unknown>],
  ['correction', correctionSettings, Correction as StepClass<never, unknown>],
  ['light-curve', lightCurveSettings, LightCurveWriter as StepClass<never, unknown>],
  ['classifier', classifierSettings, Classifier as StepClass<never, unknown>],
];

interface Chain {
  readonly stats: RunStats[];
  readonly classifications: LcClassification[];
}

/** Runs the four steps of the example, one after the other, on alerts in a topic. */
async function runChain(
  broker: TestBroker,
  database: DatabaseSettings,
  messages: readonly { key: string; value: Buffer }[],
): Promise<Chain> {
  const { bootstrapServers } = broker;
  const topics = await Promise.all([...STEPS, 0].map(() => broker.newTopic()));
  const sink = testSink(bootstrapServers, topics[0]!);
  await sink.open();
  await sink.write(messages.map(({ key, value }) => outgoing(value, { key })));
  await sink.flush(new AbortController().signal);
  await sink.close();
  const stats: RunStats[] = [];
  for (const [i, [name, settings, step]] of STEPS.entries()) {
    const { CONSUMER_CONFIG, PRODUCER_CONFIG, DB_CONFIG } = settings;
    const { TOPIC_STRATEGY: _, ...producer } = PRODUCER_CONFIG!;
    const client = { 'bootstrap.servers': bootstrapServers };
    const { runner } = await buildRun<never, unknown>(
      {
        CONSUMER_CONFIG: {
          ...CONSUMER_CONFIG,
          PARAMS: {
            ...CONSUMER_CONFIG.PARAMS,
            ...client,
            'group.id': uniqueName(name),
            'session.timeout.ms': 6000,
          },
          TOPICS: topics[i]!,
          STOP_AT_END: true,
        },
        PRODUCER_CONFIG: { ...producer, PARAMS: client, TOPIC: topics[i + 1]! },
        ...(DB_CONFIG && { DB_CONFIG: database }),
      },
      step,
      { folder: join(example, name), env: {}, logger: silent },
    );
    stats.push((await runner.run()).stats);
  }
  const reader = await new Reader(
    testSource(bootstrapServers, topics.at(-1)!, { stopAtEnd: true }).source,
  ).start();
  await reader.end();
  await reader.close();
  const classifications = reader.messages.flatMap(
    ({ value }) => readContainer<LcClassification>(value!).records,
  );
  return { stats, classifications };
}

const byTime = (a: DetectionRow, b: DetectionRow): number => a.mjd - b.mjd || byId(a, b);
const byId = (a: DetectionRow, b: DetectionRow): number => (a.candid < b.candid ? -1 : 1);

const count = (rows: readonly DetectionRow[], band: string): number =>
  rows.filter((row) => row.band === band).length;

/** What the chain must leave of alerts: the detections of each object, told best by their own alerts. */
function expected(alerts: readonly object[]): Map<string, DetectionRow[]> {
  const rows = alerts.map(lightCurveRows);
  const found = new Map<string, Map<bigint, DetectionRow>>();
  for (const { oid, detection, earlier } of rows) {
    const own = found.get(oid) ?? new Map<bigint, DetectionRow>();
    for (const row of earlier) if (!own.has(row.candid)) own.set(row.candid, correctDetection(row));
    found.set(oid, own.set(detection.candid, correctDetection(detection)));
  }
  return new Map(
    [...found].map(([oid, own]) => [oid, markDubious([...own.values()].sort(byTime)).sort(byId)]),
  );
}

async function check(
  config: DatabaseSettings,
  alerts: readonly object[],
  { classifications }: Chain,
): Promise<void> {
  const database = await openDatabase(config);
  try {
    const objects = expected(alerts);
    const { kysely } = database;
    const rows = (await kysely
      .selectFrom('detection')
      .selectAll()
      .orderBy('mjd')
      .orderBy('candid')
      .execute()) as DetectionRow[];
    for (const [oid, wanted] of objects) {
      expect(rows.filter((row) => row.oid === oid).sort(byId)).toEqual(wanted);
      const object: unknown = await kysely
        .selectFrom('object')
        .selectAll()
        .where('oid', '=', oid)
        .executeTakeFirst();
      const row = objectRow('ztf', wanted);
      expect(object).toEqual({ ...row, healpix: BigInt(row.healpix) });
    }
    expect(rows).toHaveLength([...objects.values()].flat().length);
    const stored = new StoredAlerts(database);
    for (const alert of alerts) {
      const { candid } = lightCurveRows(alert);
      const found = await stored.find(candid);
      expect(found!.schema.encode(found!.alert).equals(found!.schema.encode(alert))).toBe(true);
    }
    const long = [...objects]
      .filter(([, own]) => count(own, 'g') >= 6 && count(own, 'r') >= 6)
      .map(([oid]) => oid);
    expect([...new Set(classifications.map(({ oid }) => oid))].sort()).toEqual(long.sort());
    const classified: unknown[] = await kysely.selectFrom('probability').select('oid').distinct().execute();
    expect(classified).toHaveLength(long.length);
  } finally {
    await database.close();
  }
}

/** Alerts of the synthetic sky, earliest first, and one of an object that was found five times in g and nine in r. */
function syntheticAlerts(): ZtfAlert[] {
  const now = new Date('2026-10-01T18:00:00Z');
  const alerts = [...syntheticZtf({ seed: 11, objects: 25, now, cutouts: true })].map(({ alert }) => alert);
  const long = alerts.find(({ prv_candidates, candidate }) => {
    const found = prv_candidates?.filter(({ candid }) => candid !== null) ?? [];
    return (
      candidate.fid === 2 && [1, 2].every((fid) => found.filter((epoch) => epoch.fid === fid).length >= 8)
    );
  })!;
  let [g, r] = [5, 8];
  const history = long.prv_candidates!.filter(
    ({ fid, candid }) => candid !== null && (fid === 1 ? g-- : r--) > 0,
  );
  const id = (candid: bigint): bigint => candid - 1_000_000_000_000_000_000n;
  return [
    ...alerts,
    {
      ...long,
      objectId: 'ZTF26fivnine',
      candid: id(long.candid),
      candidate: { ...long.candidate, candid: id(long.candid) },
      prv_candidates: history.map((epoch) => ({ ...epoch, candid: id(epoch.candid!) })),
    },
  ];
}

onEachBroker('the chain of steps in the example', (broker) => {
  it('takes ZTF alerts into a light-curve database, and classifies long light curves', async () => {
    const database = await freshDatabase(broker().kind === 'real' ? 'postgres' : 'sqlite');
    const opened = await openDatabase(database);
    await migrate(opened, lightCurveModel(), 'light-curve');
    await opened.close();
    const alerts = syntheticAlerts();
    const messages = alerts.map((alert) => ({
      key: alert.objectId,
      value: writeContainer(schema, [alert]),
    }));
    // Some twice, as after a crash, and one that is no alert.
    const all = [...messages, ...messages.slice(0, 5), { key: 'x', value: Buffer.from('no alert') }];
    const chain = await runChain(broker(), database, all);
    expect(chain.stats.map(({ deadLetters }) => deadLetters)).toEqual([1, 0, 0, 0]);
    await check(database, alerts, chain);
    const fiveNine = expected(alerts).get('ZTF26fivnine')!;
    expect([count(fiveNine, 'g'), count(fiveNine, 'r')]).toEqual([5, 9]);
    expect(chain.classifications.length).toBeGreaterThan(5);
    for (const { features, lc_classification } of chain.classifications) {
      expect(Object.keys(features)).toHaveLength(178);
      expect(features.n_det_1).toBeGreaterThanOrEqual(6);
      const { probabilities, class: best } = lc_classification;
      const sum = Object.values(probabilities).reduce((total, value) => total + value, 0);
      expect(sum).toBeCloseTo(1, 5);
      expect(probabilities[best]).toBe(Math.max(...Object.values(probabilities)));
    }
  });
});

it('has the published schema of the light-curve classifier', () => {
  const { json } = loadSchema(join(example, 'schemas/lc_classifier.avsc'));
  expect(JSON.parse(json)).toEqual(LC_CLASSIFIER_SCHEMA);
});

const alertsFolder = process.env.APF_ALERTS;
if (!alertsFolder) console.warn('APF_ALERTS is not set: no real alert goes through the chain');
if (alertsFolder) {
  onEachBroker('the chain of steps on real alerts', (broker) => {
    it('takes them into a light-curve database', async () => {
      const folder = join(alertsFolder, 'fink-alert-simulator/datasim');
      const files = readdirSync(folder).filter((name) => name.endsWith('.avro'));
      const messages = files.map((name) => readFileSync(join(folder, name)));
      const read = messages.map((value) => ({ value, alert: readContainer<ZtfAlert>(value).records[0]! }));
      read.sort((a, b) => a.alert.candidate.jd - b.alert.candidate.jd);
      const database = await freshDatabase('sqlite');
      const opened = await openDatabase(database);
      await migrate(opened, lightCurveModel(), 'light-curve');
      await opened.close();
      const chain = await runChain(
        broker(),
        database,
        read.map(({ value, alert }) => ({ key: alert.objectId, value })),
      );
      expect(chain.stats.map(({ deadLetters }) => deadLetters)).toEqual([0, 0, 0, 0]);
      await check(
        database,
        read.map(({ alert }) => alert),
        chain,
      );
    });
  });
}
