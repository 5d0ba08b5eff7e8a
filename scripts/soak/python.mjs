// Whether Python's readers (fastavro, pyarrow, pandas, astropy) give the very values of the alerts that `apf consume --save`
// writes in each format, and open the stamps of `--stamps`. The alerts come from a real broker.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { syntheticSky } from '@apf/alerts';
import { kafkaAdmin, startCluster } from '@apf/connectors';
import { parseSchema, writeContainer } from '@apf/core';
import RdKafka from 'node-rdkafka';
import { pythonEnvironment } from '../python-environment.mjs';

const apf = fileURLToPath(new URL('../../packages/cli/bin/apf.js', import.meta.url));
const check = fileURLToPath(new URL('python-check.py', import.meta.url));
const SURVEYS = ['ztf', 'lsst'];
/** What each format is asked for with; `avro` is a file for each alert. */
const FORMATS = {
  avro: ['--stamps'],
  bundle: ['--format', 'avro', '--bundle'],
  csv: ['--format', 'csv'],
  json: ['--format', 'json', '--nan', 'literal'],
  parquet: ['--format', 'parquet'],
};

export async function soak({ short }) {
  const count = short ? 40 : 400;
  const python = pythonEnvironment();
  const dir = mkdtempSync(join(tmpdir(), 'apf-python-'));
  const cluster = await startCluster({ dir: join(dir, 'kafka'), onProgress: (line) => console.error(line) });
  try {
    for (const survey of SURVEYS) {
      await kafkaAdmin({ servers: cluster.bootstrapServers }).createTopic(survey);
      await produce(cluster.bootstrapServers, survey, count);
      for (const [name, format] of Object.entries(FORMATS))
        consume(cluster.bootstrapServers, survey, dir, name, format);
    }
    const args = [check, dir, String(count), ...SURVEYS];
    const said = execFileSync(python, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 2] });
    return JSON.parse(said.trim().split('\n').at(-1));
  } finally {
    await cluster.stop();
    rmSync(dir, { recursive: true, force: true });
  }
}

function consume(servers, survey, dir, name, format) {
  const args = ['consume', '--servers', servers, '--topics', survey, '--no-group', '--until-eos'];
  const given = format[0] === '--stamps' ? [...format, join(dir, survey, 'stamps')] : format;
  const command = [apf, ...args, '--save', join(dir, survey, name), ...given];
  execFileSync(process.execPath, command, { stdio: ['ignore', 'ignore', 2] });
}

async function produce(servers, survey, count) {
  const sky = syntheticSky({
    survey,
    seed: 1,
    objects: 300,
    start: new Date('2026-03-14T12:00:00Z'),
    nights: 1,
  });
  const schema = parseSchema(sky.schema);
  const producer = new RdKafka.HighLevelProducer({ 'bootstrap.servers': servers });
  await new Promise((resolve, reject) =>
    producer.connect({}, (error) => (error ? reject(error) : resolve())),
  );
  let left = count;
  for (const { alert } of sky.alerts()) {
    if (left-- === 0) break;
    producer.produce(survey, 0, writeContainer(schema, [alert]), null, Date.now(), () => undefined);
  }
  if (left > 0) throw new Error(`the sky of ${survey} has ${left} alerts too few`);
  await new Promise((resolve, reject) =>
    producer.flush(60_000, (error) => (error ? reject(error) : resolve())),
  );
  await new Promise((resolve) => producer.disconnect(resolve));
}
