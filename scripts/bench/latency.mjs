// From produce to execute, at 300 alerts/s, with a batch of 500 (consume.timeout 1) and with a batch of 1.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startCluster } from '@apf/connectors';

const child = fileURLToPath(new URL('./latency-child.mjs', import.meta.url));
const run = promisify(execFile);

export async function bench({ short }) {
  const seconds = short ? 6 : 30;
  const dir = mkdtempSync(join(tmpdir(), 'apf-bench-'));
  const cluster = await startCluster({ dir, onProgress: (line) => console.error(line) });
  try {
    const figures = { perSecond: 300, seconds };
    for (const messages of [500, 1]) {
      const topic = `alerts-${messages}`;
      await cluster.createTopic(topic);
      const go = (role) =>
        run(process.execPath, [
          child,
          role,
          cluster.bootstrapServers,
          topic,
          String(messages),
          String(seconds),
        ]);
      const [step] = await Promise.all([go('step'), go('producer')]);
      const measured = JSON.parse(step.stdout.trim().split('\n').at(-1));
      console.error(`consume.messages ${messages}: ${JSON.stringify(measured)}`);
      figures[`messages${messages}`] = measured;
    }
    return figures;
  } finally {
    await cluster.stop();
    rmSync(dir, { recursive: true, force: true });
  }
}
