// What `apf simulate` reaches: forwarding container files against librdkafka's own rdkafka_performance with the same
// sizes and settings, a visit of 10,000 alerts, and the error of its pace.
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startCluster } from '@apf/connectors';
import { ContainerWriter, parseSchema } from '@apf/core';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));
const apf = join(root, 'packages/cli/bin/apf.js');
const rdkafka = join(root, 'node_modules/node-rdkafka');

/** The settings of both producers: apf's own. */
const SETTINGS = {
  'enable.idempotence': 'true',
  'linger.ms': '5',
  'message.max.bytes': '16777216',
  'queue.buffering.max.kbytes': '65536',
  'message.timeout.ms': '60000',
};
const PARTITIONS = 4;

const schema = parseSchema({
  type: 'record',
  name: 'alert',
  namespace: 'lsst.v7_2',
  fields: [
    {
      name: 'diaSource',
      type: {
        type: 'record',
        name: 'diaSource',
        fields: [
          { name: 'diaSourceId', type: 'long' },
          { name: 'midpointMjdTai', type: 'double' },
        ],
      },
    },
    { name: 'cutoutDifference', type: 'bytes' },
  ],
});

const alert = (i, size) => ({
  diaSource: { diaSourceId: BigInt(i), midpointMjdTai: 60_000 + ((i * 7919) % 10_007) / 1e4 },
  cutoutDifference: Buffer.alloc(size - 20, i),
});

/** As far as the header of the examples asks for what `configure` finds out, where it was not run here. */
const CONFIG = `
#define SOLIB_EXT ".so"
#define HAVE_ATOMICS_32 1
#define HAVE_ATOMICS_64 1
#define HAVE_ATOMICS_32_ATOMIC 1
#define HAVE_ATOMICS_64_ATOMIC 1
#define ATOMIC_OP32(OP1,OP2,PTR,VAL) __atomic_ ## OP1 ## _ ## OP2(PTR, VAL, __ATOMIC_SEQ_CST)
#define ATOMIC_OP64(OP1,OP2,PTR,VAL) __atomic_ ## OP1 ## _ ## OP2(PTR, VAL, __ATOMIC_SEQ_CST)
#define ATOMIC_OP(OP1,OP2,PTR,VAL) __atomic_ ## OP1 ## _ ## OP2(PTR, VAL, __ATOMIC_SEQ_CST)
`;

/** Compiles librdkafka's example, linked to the library that node-rdkafka was built with. */
async function compile(folder) {
  const source = join(rdkafka, 'deps/librdkafka');
  const library = join(rdkafka, 'build/deps');
  mkdirSync(join(folder, 'include'));
  writeFileSync(join(folder, 'config.h'), CONFIG);
  const program = join(folder, 'rdkafka_performance');
  const includes = ['-I', join(folder, 'include'), '-I', join(source, 'src')];
  const main = join(source, 'examples/rdkafka_performance.c');
  const links = [join(library, 'librdkafka.so.1'), `-Wl,-rpath,${library}`, '-lpthread', '-lz', '-lm'];
  await run('gcc', ['-w', '-O2', ...includes, main, '-o', program, ...links]);
  return program;
}

/** Messages per second that rdkafka_performance reaches. */
async function theirs(program, servers, topic, size, count) {
  const settings = Object.entries(SETTINGS).flatMap(([name, value]) => ['-X', `${name}=${value}`]);
  const args = [
    '-P',
    '-q',
    '-t',
    topic,
    '-b',
    servers,
    '-s',
    `${size}`,
    '-c',
    `${count}`,
    '-a',
    '-1',
    ...settings,
  ];
  const { stdout, stderr } = await run(program, args, { maxBuffer: 1e8 });
  const found = /(\d+) delivered .* in (\d+)ms/.exec(stdout + stderr);
  if (Number(found?.[1]) !== count)
    throw new Error(`rdkafka_performance delivered ${found?.[1]} of ${count}`);
  return (1000 * count) / Number(found[2]);
}

/** The events of a run of apf simulate, and its whole time in seconds. */
async function simulate(servers, topic, ...args) {
  const began = performance.now();
  const all = [apf, 'simulate', ...args, '--servers', servers, '--topic', topic, '--json'];
  const { stdout } = await run(process.execPath, all, { maxBuffer: 1e8 });
  const events = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  return { events, summary: events.at(-1), whole: (performance.now() - began) / 1000 };
}

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
const rounded = (value, digits = 2) => Number(value.toFixed(digits));

async function forward(program, cluster, folder, size, count, rounds) {
  const files = join(folder, `files-${size}`);
  mkdirSync(files);
  const writer = new ContainerWriter(schema);
  for (let i = 0; i < count; i++) writeFileSync(join(files, `${i}.avro`), writer.write([alert(i, size)]));
  const ratios = [];
  const whole = [];
  let [ours, best] = [0, 0];
  // The first round warms the broker up.
  for (let round = 0; round <= rounds; round++) {
    const topics = [`theirs-${size}-${round}`, `ours-${size}-${round}`];
    for (const topic of topics) await cluster.createTopic(topic, { partitions: PARTITIONS });
    const reference = await theirs(program, cluster.bootstrapServers, topics[0], size, count);
    const { summary, whole: seconds } = await simulate(
      cluster.bootstrapServers,
      topics[1],
      files,
      ...['--framing', 'schemaless', '--interval', '0', '--nalerts-per-obs', `${count}`],
    );
    if (summary.delivered !== count)
      throw new Error(`${summary.delivered} of ${count} alerts were delivered`);
    const rate = count / summary.seconds;
    if (round > 0) {
      ratios.push(rate / reference);
      whole.push(seconds);
      [ours, best] = [Math.max(ours, rate), Math.max(best, reference)];
    }
    console.error(`${size} bytes: ${Math.round(rate)}/s, rdkafka_performance ${Math.round(reference)}/s`);
    for (const topic of topics) await cluster.deleteTopic(topic);
  }
  rmSync(files, { recursive: true });
  return {
    ratio: rounded(median(ratios)),
    perSecond: Math.round(ours),
    rdkafkaPerSecond: Math.round(best),
    wholeCommandSeconds: rounded(median(whole)),
  };
}

/** Seconds in which a visit leaves: from its first alert until the broker has all of it. */
async function visit(cluster, folder, alerts, size) {
  const file = join(folder, 'alerts_11574.avro');
  const writer = new ContainerWriter(schema);
  const head = writer.write([]);
  const blocks = Array.from({ length: alerts }, (_, i) =>
    writer.write([alert(i, size)]).subarray(head.length),
  );
  writeFileSync(file, Buffer.concat([head, ...blocks]));
  await cluster.createTopic('visit', { partitions: PARTITIONS });
  const { events } = await simulate(cluster.bootstrapServers, 'visit', file, '--visits', '--interval', '1');
  const time = (name) => events.find(({ event }) => event === name).time;
  return rounded(time('done') - time('start'));
}

/** The largest distance of a visit's start from the grid of the clock, in ms. */
async function pace(cluster, folder, visits, interval) {
  const files = join(folder, 'visits');
  mkdirSync(files);
  const writer = new ContainerWriter(schema);
  for (let i = 0; i < visits; i++)
    writeFileSync(join(files, `alerts_${1000 + i}.avro`), writer.write([alert(i, 1000)]));
  await cluster.createTopic('pace');
  const { events } = await simulate(
    cluster.bootstrapServers,
    'pace',
    files,
    ...['--visits', '--interval', `${interval}`],
  );
  const starts = events.filter(({ event }) => event === 'start').map(({ time }) => time);
  if (starts.length !== visits) throw new Error(`${starts.length} of ${visits} visits began`);
  const errors = starts.map((time) => Math.abs(time - Math.round(time / interval) * interval) * 1000);
  return rounded(Math.max(...errors), 1);
}

export async function bench({ short }) {
  const folder = mkdtempSync(join(tmpdir(), 'apf-bench-simulate-'));
  const cluster = await startCluster({
    dir: join(folder, 'kafka'),
    onProgress: (line) => console.error(line),
  });
  try {
    const program = await compile(folder);
    const [count, rounds] = short ? [2_000, 1] : [10_000, 5];
    const figures = await forward(program, cluster, folder, 24_000, count, rounds);
    return {
      forwardRatio: figures.ratio,
      forward24kB: figures,
      ...(short ? {} : { forward1400B: await forward(program, cluster, folder, 1_400, 50_000, 3) }),
      visitSeconds: await visit(cluster, folder, short ? 2_000 : 10_000, 24_000),
      paceErrorMs: await pace(cluster, folder, 20, short ? 0.25 : 1),
      librdkafka: JSON.parse(readFileSync(join(rdkafka, 'package.json'), 'utf8')).librdkafka,
    };
  } finally {
    await cluster.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}
