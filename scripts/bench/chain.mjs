// The chain of templates/examples/light-curve-chain: ZTF alerts through four steps, each a process, into PostgreSQL and a topic of
// classes, all at once, on a real broker. The rate is that of the last alert through the last step.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { lightCurveModel, syntheticZtf, ZTF_ALERT_SCHEMA } from '@apf/alerts';
import { migrate, openDatabase, startCluster } from '@apf/connectors';
import { ContainerWriter, parseSchema } from '@apf/core';
import { createJiti } from 'jiti';
import { fill } from './step.mjs';

const child = fileURLToPath(new URL('./chain-child.mjs', import.meta.url));
const STEPS = ['sorting-hat', 'correction', 'light-curve', 'classifier'];

export async function bench({ short }) {
  const objects = short ? 600 : 6_000;
  const dir = mkdtempSync(join(tmpdir(), 'apf-bench-'));
  const { startPostgres } = await createJiti(import.meta.url).import('../test/postgres-for-tests.ts');
  const cluster = await startCluster({ dir, heap: '1g', onProgress: (line) => console.error(line) });
  const server = await startPostgres();
  try {
    const DB_CONFIG = { ENGINE: 'postgres', PARAMS: await server.createDatabase() };
    const database = await openDatabase(DB_CONFIG);
    await migrate(database, lightCurveModel(), 'light-curve');
    const messages = alertsOf(objects);
    for (const topic of ['ztf', ...STEPS]) await cluster.createTopic(topic, {});
    await fill(cluster.bootstrapServers, 'ztf', messages, messages.length);
    console.error(
      `${messages.length} alerts of ${Math.round(messages[0].length / 1024)} kB through ${STEPS.length} steps`,
    );
    const began = performance.now();
    const figures = await Promise.all(
      STEPS.map((step, i) =>
        run(step, ['ztf', ...STEPS][i], cluster.bootstrapServers, DB_CONFIG, messages.length),
      ),
    );
    const seconds = (performance.now() - began) / 1_000;
    const rows = await database.kysely.selectFrom('alert').select('candid').execute();
    await database.close();
    if (rows.length !== messages.length)
      throw new Error(`${rows.length} of ${messages.length} alerts were stored`);
    return {
      alerts: messages.length,
      chainAlertsPerSecond: Math.round(messages.length / seconds),
      stepAlertsPerSecond: Object.fromEntries(STEPS.map((step, i) => [step, figures[i].rate])),
    };
  } finally {
    await server.stop();
    await cluster.stop();
    rmSync(dir, { recursive: true, force: true });
  }
}

/** Of the size that ZTF's have. The images are of one alert: making them would take most of the time. */
function alertsOf(objects) {
  const now = new Date('2026-10-01T18:00:00Z');
  const writer = new ContainerWriter(parseSchema(ZTF_ALERT_SCHEMA));
  const [{ alert: pattern }] = syntheticZtf({ seed: 7, objects: 3, now });
  const { cutoutScience, cutoutTemplate, cutoutDifference } = pattern;
  const sky = syntheticZtf({ seed: 7, objects, now, cutouts: false });
  return [...sky].map(({ alert }) =>
    writer.write([{ ...alert, cutoutScience, cutoutTemplate, cutoutDifference }]),
  );
}

function run(step, input, servers, database, count) {
  const started = spawn(
    process.execPath,
    [child, step, input, servers, JSON.stringify(database), String(count)],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  let said = '';
  started.stdout.on('data', (chunk) => (said += chunk));
  return new Promise((resolve, reject) => {
    started.on('close', (code) => {
      if (code === 0) resolve(JSON.parse(said.trim().split('\n').at(-1)));
      else reject(new Error(`${step} ended with ${code}: ${said}`));
    });
  });
}
