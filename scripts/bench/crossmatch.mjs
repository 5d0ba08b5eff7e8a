// How many alerts a second are looked up in a catalogue of a million sources: the look-up alone, checked against a search
// by brute force for some of them, and a run that reads the position of ZTF alerts, and writes the class and the distance
// of the nearest source behind them, by the longer schema.
import { angularDistance, Catalogue, CrossMatch, syntheticZtf, ZTF_ALERT_SCHEMA } from '@apf/alerts';
import { createCodec, END, parseSchema, Runner, Step } from '@apf/core';
import { MemorySink, MemorySource } from '@apf/core/testing';
import { seeded } from '../read-topic.mjs';

const SOURCES = 1_000_000;
const WANTED = 5_000;
const RADIUS = 1.5;
/** What a look-up reads of an alert. */
const FIELDS = ['candid', 'objectId', 'candidate.jd', 'candidate.ra', 'candidate.dec'];
const CLASSES = ['RRLyr', 'EB*WUMa', 'QSO', 'Star', null];

export async function bench({ short }) {
  const count = short ? 20_000 : 200_000;
  const random = seeded(7);
  const from = performance.now();
  const catalogue = syntheticCatalogue(random);
  const built = (performance.now() - from) / 1_000;
  const positions = Array.from({ length: count }, (_, i) =>
    i % 2 === 0 ? anywhere(random) : near(catalogue.positions[Math.floor(random() * SOURCES)], random),
  );
  const lookups = rateOf(positions, ({ ra, dec }) => catalogue.of.nearest({ ra, dec }, RADIUS));
  const wrong = positions.slice(0, short ? 5 : 20).filter((position) => !agrees(catalogue, position)).length;
  const alerts = await stream(catalogue.of, positions, short ? 10_000 : 100_000);
  return {
    sources: SOURCES,
    builtInSeconds: Math.round(built * 10) / 10,
    memoryMB: Math.round(process.memoryUsage().rss / 1e6),
    lookupsPerSecond: lookups.rate,
    matched: lookups.found / count,
    wrong,
    alertsPerSecond: alerts.rate,
    cpuMicrosecondsPerAlert: alerts.microseconds,
    wanted: WANTED,
    keepsUp: alerts.rate >= WANTED && wrong === 0,
  };
}

function syntheticCatalogue(random) {
  const [ra, dec] = [new Float64Array(SOURCES), new Float64Array(SOURCES)];
  const types = [];
  const positions = [];
  for (let i = 0; i < SOURCES; i++) {
    const position = anywhere(random);
    [ra[i], dec[i]] = [position.ra, position.dec];
    positions.push(position);
    types.push(CLASSES[i % CLASSES.length]);
  }
  const columns = [{ name: 'main_type', type: 'text', values: types }];
  return { of: new Catalogue(ra, dec, columns), positions };
}

const anywhere = (random) => ({
  ra: random() * 360,
  dec: (Math.asin(2 * random() - 1) * 180) / Math.PI,
});

const near = ({ ra, dec }, random) => ({
  ra: (ra + (random() - 0.5) / 3_600 / Math.max(0.01, Math.cos((dec * Math.PI) / 180)) + 360) % 360,
  dec: Math.max(-90, Math.min(90, dec + (random() - 0.5) / 3_600)),
});

function rateOf(positions, look) {
  for (const position of positions.slice(0, 2_000)) look(position);
  let found = 0;
  const from = performance.now();
  for (const position of positions) if (look(position)) found++;
  return { found, rate: Math.round((1_000 * positions.length) / (performance.now() - from)) };
}

function agrees({ of, positions }, position) {
  let best = Infinity;
  for (const source of positions) {
    if (Math.abs(source.dec - position.dec) > 1) continue;
    best = Math.min(best, angularDistance(source, position) * 3_600);
  }
  const found = of.nearest(position, RADIUS);
  return found ? Math.abs(found.separation - best) < 1e-6 : best > RADIUS;
}

/** Alerts a second of a run in which everything but the broker takes part. */
async function stream(catalogue, positions, count) {
  const match = new CrossMatch(catalogue, {
    radius: RADIUS,
    fields: { cdsxmatch: 'main_type' },
    separation: 'cdsxmatch_separation',
    unmatched: 'Unknown',
  });
  const schema = parseSchema(ZTF_ALERT_SCHEMA);
  const templates = [];
  for (const { alert } of syntheticZtf({ seed: 3, objects: 50, now: new Date('2026-10-01T18:00:00Z') })) {
    templates.push(alert);
    if (templates.length === 500) break;
  }
  const values = templates.map((alert, i) =>
    schema.encode({ ...alert, candidate: { ...alert.candidate, ...positions[i] } }),
  );
  const items = Array.from({ length: count }, (_, i) => values[i % values.length]);
  class MatchStep extends Step {
    execute(alert, context) {
      return match.extendBytes(context.avro(), match.fieldsOf(alert)).bytes;
    }
  }
  const runner = new Runner({
    source: new MemorySource([...items, END]),
    codec: createCodec({ framing: 'schemaless', schema, fields: FIELDS }),
    producer: new MemorySink(),
    deadLetters: new MemorySink(),
    step: new MatchStep(),
    name: 'bench',
    messages: 500,
    timeout: 1,
  });
  const from = performance.now();
  const cpu = process.cpuUsage();
  const { stats } = await runner.run();
  const { user, system } = process.cpuUsage(cpu);
  return {
    rate: Math.round((1_000 * stats.produced) / (performance.now() - from)),
    // What it takes of a core, whoever else uses the machine.
    microseconds: Math.round((user + system) / stats.produced),
  };
}
