// A hundred filters over visits of 10,000 alerts in one process: how long after its first alert each visit is done, that
// is forwarded, confirmed and committed, and what a further filter costs of one full decode. ZTF's own alerts where
// APF_ALERTS says where they are, and alerts of LSST's size. The producer and the broker share the machine.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FilterSet, filterOf, syntheticSky } from '@apf/alerts';
import { KafkaSink, OffsetLookup, startCluster } from '@apf/connectors';
import { parseSchema, readContainer, silent, StreamCodec, systemClock, writeContainer } from '@apf/core';
import { outputTopics } from '../../packages/cli/dist/filters/output-topics.js';
import { runFilters } from '../../packages/cli/dist/filters/run-filters.js';
import { alertBytes } from '../alert-bytes.mjs';

const FILTERS = 100;
/** LSST's cap. */
const CAP = 20;
/** Bytes of an LSST alert: DMTN-102 has 82 kB at most. */
const LSST_BYTES = 80_000;
/** Of one of its three stamps. */
const STAMP_BYTES = 18_000;
/** What stands in front of a message of LSST's: Confluent's framing, with the id of schema 10.0. */
const CONFLUENT = Buffer.from([0, 0, 0, 1000 >> 8, 1000 & 255]);
/** How often each case goes over the alerts in a round. */
const TIMES = 5;
const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

export async function bench({ short }) {
  const size = short ? 1_000 : 10_000;
  const visits = short ? 1 : 5;
  const dir = mkdtempSync(join(tmpdir(), 'apf-bench-'));
  const cluster = await startCluster({ dir, heap: '1g', onProgress: (line) => console.error(line) });
  try {
    const figures = {};
    for (const survey of [ztf(), lsst()]) {
      figures[survey.name] = {
        input: survey.what,
        bytes: survey.messages(0)[0].length,
        ...cost(survey, short),
        ...(await latency(cluster, survey, { size, visits, folder: dir })),
      };
    }
    return { filters: FILTERS, visitAlerts: size, visits, ...figures };
  } finally {
    await cluster.stop();
    rmSync(dir, { recursive: true, force: true });
  }
}

/** ZTF's alerts, given the time of a visit, and a hundred filters of which no two are the same. */
function ztf() {
  const { alerts, what } = alertBytes();
  const decoded = alerts.slice(0, 500).map((bytes) => readContainer(bytes));
  const expression = (i) =>
    `candidate.rb > ${0.5 + i / 500} and candidate.nbad == 0 and candidate.fwhm < ${5 - i / 100} and ` +
    `snr > ${5 + i / 50} and mag < ${20 - i / 200} and positive and not cone(${i}, ${i / 2}, 3600) and ` +
    '(candidate.ssdistnr is missing or candidate.ssdistnr >= 5)';
  return {
    name: 'ztf',
    what,
    filters: filters('z', expression),
    messages: (visit) =>
      decoded.map(({ schema, records: [alert] }) =>
        writeContainer(schema, [
          { ...alert, candidate: { ...alert.candidate, jd: 2461000.5 + visit / 1000 } },
        ]),
      ),
  };
}

/** Synthetic alerts of LSST, with history until they are large enough. */
function lsst() {
  const sky = syntheticSky({
    survey: 'lsst',
    seed: 1,
    objects: 200,
    start: new Date(Date.UTC(2026, 0, 1)),
    nights: 1,
  });
  const schema = parseSchema(sky.schema);
  const decoded = [];
  for (const { alert } of sky.alerts()) {
    const [forced] = alert.prvDiaForcedSources ?? [];
    if (!forced) continue;
    decoded.push(ofSize(schema, alert, forced));
    if (decoded.length === 200) break;
  }
  const expression = (i) =>
    `diaSource.reliability > ${0.3 + i / 500} and snr > ${5 + i / 50} and flux > ${3000 + 10 * i} and ` +
    `diaSource.isDipole != true and diaSource.extendedness < ${1 - i / 500} and not cone(${i}, ${i / 2}, 3600) and ` +
    '(diaSource.ssObjectId is missing or ndet > 3)';
  return {
    name: 'lsst',
    what: 'synthetic LSST alerts',
    filters: filters('l', expression),
    schema,
    messages: (visit) =>
      decoded.map((alert) => {
        const diaSource = { ...alert.diaSource, visit: BigInt(2026000000 + visit) };
        return Buffer.concat([CONFLUENT, schema.encode({ ...alert, diaSource })]);
      }),
  };
}

/** An alert with stamps of DMTN-102's least size, and history for the rest. */
function ofSize(schema, alert, forced) {
  const stamps = Object.fromEntries(
    Object.entries(alert)
      .filter(([name, value]) => name.startsWith('cutout') && value)
      .map(([name, value]) => [name, value.subarray(0, STAMP_BYTES)]),
  );
  const small = { ...alert, ...stamps, prvDiaForcedSources: [forced] };
  const least = schema.encode(small).length;
  const each = schema.encode({ ...small, prvDiaForcedSources: [forced, forced] }).length - least;
  const count = Math.max(1, Math.round((LSST_BYTES - least) / each));
  return { ...small, prvDiaForcedSources: Array.from({ length: count }, () => forced) };
}

function filters(prefix, expression) {
  return Array.from({ length: FILTERS }, (_, i) => {
    const name = `${prefix}${String(i + 1).padStart(3, '0')}`;
    return filterOf({ expression: expression(i), cap: CAP }, name, name);
  });
}

/** Of this process: what others do at the same time does not count. */
function cpuMicros() {
  const { user, system } = process.cpuUsage();
  return user + system;
}

/** Reads a message as apf filter does. */
function reader(schema, fields) {
  const codec = new StreamCodec({ schema, framing: schema ? 'confluent' : 'container', fields });
  return (bytes) => codec.decode(bytes)[0];
}

/** Microseconds that an alert takes to be decoded, whole and as the filters read it, and that one more filter takes. */
function cost({ filters: all, messages, schema }, short) {
  const alerts = messages(0);
  const rounds = short ? 5 : 15;
  const full = reader(schema);
  const sets = [FILTERS / 2, FILTERS].map((count) => new FilterSet({ filters: all.slice(0, count) }));
  const projected = reader(schema, (of) => sets[1].fields(of));
  const read = alerts.map(projected);
  const times = { full: [], projected: [], half: [], all: [] };
  const cases = {
    full: () => alerts.forEach((bytes) => full(bytes)),
    projected: () => alerts.forEach((bytes) => projected(bytes)),
    half: () => read.forEach((alert) => sets[0].ask(alert.value, alert.schema, () => undefined)),
    all: () => read.forEach((alert) => sets[1].ask(alert.value, alert.schema, () => undefined)),
  };
  for (let round = 0; round <= rounds; round++) {
    for (const [name, act] of Object.entries(cases)) {
      const began = cpuMicros();
      for (let time = 0; time < TIMES; time++) act();
      // The first round lets the compiler do its work.
      if (round > 0) times[name].push((cpuMicros() - began) / alerts.length / TIMES);
    }
  }
  // The least of the rounds: what else the machine does only adds.
  const micros = Object.fromEntries(Object.entries(times).map(([name, list]) => [name, Math.min(...list)]));
  const one = (micros.all - micros.half) / (FILTERS / 2);
  const rounded = (value, digits) => Number(value.toFixed(digits));
  return {
    fullDecodeMicros: rounded(micros.full, 1),
    filterDecodeMicros: rounded(micros.projected, 1),
    allFiltersMicros: rounded(micros.all, 1),
    filterPercent: rounded((100 * one) / micros.full, 3),
  };
}

/** Seconds from the first alert of a visit being sent until the visit is committed. */
async function latency(cluster, { name, filters: all, messages, schema }, { size, visits, folder }) {
  const servers = cluster.bootstrapServers;
  const params = { 'bootstrap.servers': servers };
  const topic = `visits-${name}`;
  const group = `bench-${name}`;
  await cluster.createTopic(topic, { config: { 'max.message.bytes': '16000000' } });
  const sink = new KafkaSink({
    params: { ...params, 'linger.ms': 20, 'message.max.bytes': 16_000_000 },
    topics: [topic],
    encode: (bytes) => bytes,
    logger: silent,
    clock: systemClock,
  });
  await sink.open();
  const send = async (alerts, count) => {
    const origin = { topic, partition: 0, offset: 0, value: null };
    await sink.write(Array.from({ length: count }, (_, i) => ({ value: alerts[i % alerts.length], origin })));
    await sink.flush(new AbortController().signal);
  };
  await send(messages(0), 100);
  const connection = { servers, username: undefined, params, secrets: [], name: undefined, profile: {} };
  const stop = new AbortController();
  const schemaFile = join(folder, 'schema.avsc');
  if (schema) writeFileSync(schemaFile, schema.json);
  const running = runFilters(
    {
      filters: all,
      topics: outputTopics(
        all.map((filter) => filter.name),
        {},
        [topic],
      ),
      lenient: false,
      plan: { topics: [topic], group, from: 'earliest', untilEnd: false, byObservation: false },
      from: connection,
      to: connection,
      schemas: schema ? { schema: schemaFile } : {},
      framing: schema ? 'confluent' : undefined,
      dryRun: false,
      partitions: 1,
      deadLetters: join(folder, 'dead-letters'),
      say: (line) => console.error(line),
    },
    stop.signal,
  );
  running.catch(() => undefined);
  const lookup = await OffsetLookup.open({ params: { ...params, 'group.id': group } });
  const place = [{ topic, partition: 0 }];
  const committed = async (wanted) => {
    for (;;) {
      // A broker that is busy may not know yet who coordinates the group.
      const asked = lookup.committed(place).catch(() => [0]);
      const [next = 0] = await Promise.race([asked, running.then(() => [Infinity])]);
      if (next >= wanted) return;
      await systemClock.sleep(20);
    }
  };
  await committed(100);
  const seconds = [];
  const lags = [];
  const cpu = process.cpuUsage();
  for (let visit = 1; visit <= visits; visit++) {
    const alerts = messages(visit);
    const began = performance.now();
    await send(alerts, size);
    const sent = (performance.now() - began) / 1000;
    await committed(100 + visit * size);
    seconds.push(Number(((performance.now() - began) / 1000).toFixed(2)));
    lags.push(Number((seconds.at(-1) - sent).toFixed(2)));
    console.error(`${name} visit ${visit}: sent in ${sent.toFixed(2)} s, done after ${seconds.at(-1)} s`);
  }
  const { user, system } = process.cpuUsage(cpu);
  stop.abort();
  const { counts } = await running;
  await lookup.close();
  await sink.close();
  return {
    visitSeconds: Math.max(...seconds),
    visitSecondsMedian: median(seconds),
    secondsAfterLastAlert: Math.max(...lags),
    forwarded: counts.reduce((sum, { passed }) => sum + passed, 0),
    cpuMicros: Math.round((user + system) / (visits * size)),
    rssMB: Math.round(process.resourceUsage().maxRSS / 1024),
  };
}
