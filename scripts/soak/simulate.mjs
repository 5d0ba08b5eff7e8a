// 100,000 alerts in one tar.gz, in no order, played earliest first: memory, completeness and order.
import { spawn } from 'node:child_process';
import { createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createGzip } from 'node:zlib';
import { startCluster } from '@apf/connectors';
import { ContainerWriter, parseSchema } from '@apf/core';
import { pack } from 'tar-stream';
import { readTopic } from '../read-topic.mjs';

const apf = fileURLToPath(new URL('../../packages/cli/bin/apf.js', import.meta.url));
const SIZE = 12_000;
const MOST_MEMORY = 1_000_000_000;
const schema = parseSchema({
  type: 'record',
  name: 'alert',
  fields: [
    {
      name: 'diaSource',
      type: {
        type: 'record',
        name: 'diaSource',
        fields: [
          { name: 'diaSourceId', type: 'long' },
          { name: 'midPointTai', type: 'double' },
        ],
      },
    },
    { name: 'cutoutDifference', type: 'bytes' },
  ],
});

/** Times come in no order, two alerts at each. */
async function writeArchive(path, count) {
  const archive = pack();
  const written = new Promise((resolve, reject) => {
    const file = archive.pipe(createGzip({ level: 1 })).pipe(createWriteStream(path));
    file.on('finish', resolve).on('error', reject);
  });
  const writer = new ContainerWriter(schema);
  for (let i = 0; i < count; i++) {
    const place = (i * 61_813) % count;
    const bytes = writer.write([
      {
        diaSource: {
          diaSourceId: BigInt(2 * count - place),
          midPointTai: 60_000 + Math.floor(place / 2) / 1e5,
        },
        cutoutDifference: Buffer.alloc(SIZE, i),
      },
    ]);
    await new Promise((resolve) => {
      if (archive.entry({ name: `NITE/${i}.avro` }, bytes)) resolve();
      else archive.once('drain', resolve);
    });
  }
  archive.finalize();
  await written;
}

/** Runs apf simulate and tells how much memory it took at most, in bytes. */
async function simulate(args) {
  // getrusage's maximum would be that of this process, from which the child was forked.
  const tell =
    "data:text/javascript,import{readFileSync}from'node:fs';" +
    "process.on('exit',()=>console.error(/VmHWM:.*/.exec(readFileSync('/proc/self/status','utf8'))[0]))";
  const child = spawn(process.execPath, ['--import', tell, apf, 'simulate', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (text) => (stdout += text));
  child.stderr.on('data', (text) => (stderr += text));
  const code = await new Promise((resolve) => child.on('close', resolve));
  if (code !== 0) throw new Error(`apf simulate ended with ${code}: ${stderr}`);
  const summary = JSON.parse(stdout.trim().split('\n').at(-1));
  return { summary, memory: 1024 * Number(/VmHWM:\s*(\d+)/.exec(stderr)[1]) };
}

export async function soak({ short }) {
  const count = short ? 10_000 : 100_000;
  const folder = mkdtempSync(join(tmpdir(), 'apf-soak-simulate-'));
  const cluster = await startCluster({
    dir: join(folder, 'kafka'),
    onProgress: (line) => console.error(line),
  });
  try {
    const archive = join(folder, 'night.tar.gz');
    await writeArchive(archive, count);
    await cluster.createTopic('night');
    const began = performance.now();
    const { summary, memory } = await simulate([
      ...['--framing', 'schemaless'],
      archive,
      ...['--servers', cluster.bootstrapServers, '--topic', 'night'],
      ...['--interval', '0', '--nalerts-per-obs', '10000', '--json'],
    ]);
    const seconds = (performance.now() - began) / 1000;
    const decoder = schema.decoder({ fields: ['diaSource'] });
    const moments = (await readTopic(cluster.bootstrapServers, 'night')).map(
      ({ value }) => decoder.decode(value).diaSource,
    );
    const late = moments.filter(({ midPointTai, diaSourceId }, i) => {
      const before = moments[i - 1];
      return (
        before !== undefined &&
        (before.midPointTai > midPointTai ||
          (before.midPointTai === midPointTai && before.diaSourceId >= diaSourceId))
      );
    });
    return {
      good: moments.length === count && late.length === 0 && memory < MOST_MEMORY,
      alerts: count,
      delivered: summary.delivered,
      onTopic: moments.length,
      outOfOrder: late.length,
      maxRssMB: Math.round(memory / 1e6),
      seconds: Math.round(seconds),
    };
  } finally {
    await cluster.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}
