// What `apf consume --format none` costs over a no-op step: both read the same topic, each in a process of its own, in
// interleaved rounds. The command's start and its look at the broker are not counted: its rate is that of the longer of
// two runs less the shorter.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { kafkaAdmin, startCluster } from '@apf/connectors';
import { alertBytes } from '../alert-bytes.mjs';
import { fill } from './step.mjs';

const child = fileURLToPath(new URL('./step-child.mjs', import.meta.url));
const apf = fileURLToPath(new URL('../../packages/cli/bin/apf.js', import.meta.url));
const run = promisify(execFile);
const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

export async function bench({ short }) {
  const count = short ? 20_000 : 200_000;
  const few = count / 10;
  const rounds = short ? 3 : 5;
  const dir = mkdtempSync(join(tmpdir(), 'apf-bench-'));
  const cluster = await startCluster({ dir, heap: '1g', onProgress: (line) => console.error(line) });
  try {
    const servers = cluster.bootstrapServers;
    const { alerts, what } = alertBytes();
    const { createTopic } = kafkaAdmin({ servers });
    for (const [topic, size] of [
      ['alerts', count],
      ['few', few],
    ]) {
      await createTopic(topic, { config: { 'max.message.bytes': '16000000' } });
      await fill(servers, topic, alerts, size);
    }
    const consume = async (topic) => {
      const began = performance.now();
      const args = [
        'consume',
        '--servers',
        servers,
        '--topics',
        topic,
        '--no-group',
        '--until-eos',
        '--format',
        'none',
      ];
      await run(process.execPath, [apf, ...args]);
      return (performance.now() - began) / 1000;
    };
    const rates = { step: [], consume: [] };
    for (let round = 0; round < rounds; round++) {
      const { stdout } = await run(process.execPath, [child, 'stepFull', servers, 'alerts', String(count)]);
      rates.step.push(JSON.parse(stdout.trim().split('\n').at(-1)).rate);
      const startup = await consume('few');
      rates.consume.push(Math.round((count - few) / ((await consume('alerts')) - startup)));
      console.error(`round ${round + 1} step ${rates.step.at(-1)}/s, consume ${rates.consume.at(-1)}/s`);
    }
    const rate = { step: median(rates.step), consume: median(rates.consume) };
    return {
      alerts: count,
      rounds,
      input: what,
      rate,
      consume: Math.round((1000 * rate.consume) / rate.step) / 10,
    };
  } finally {
    await cluster.stop();
    rmSync(dir, { recursive: true, force: true });
  }
}
