import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApfError } from '@apf/core';
import { startCluster, type Cluster } from '../../packages/connectors/src/cluster/cluster.js';

/**
 * One Kafka for all broker and e2e tests of a run. Their processes inherit `APF_TEST_KAFKA`: its addresses in JSON, or
 * `none`. Where the variable is set already (`APF_TEST_KAFKA=$(npx apf kafka start --json)`), that Kafka is used and left.
 */
export async function startForTests(): Promise<void> {
  if (process.env['APF_TEST_KAFKA']) {
    say(`the one that APF_TEST_KAFKA names`);
    return;
  }
  const dir = await mkdtemp(join(tmpdir(), 'apf-test-kafka-'));
  try {
    const cluster = await startCluster({ dir, onProgress: say });
    running = { cluster, dir };
    const { bootstrapServers, saslServers, sslServers, caFile, description } = cluster;
    process.env['APF_TEST_KAFKA'] = JSON.stringify({
      bootstrapServers,
      saslServers,
      sslServers,
      caFile,
      description,
    });
    say(`real ${description}, and the embedded broker`);
  } catch (error) {
    await rm(dir, { recursive: true, force: true });
    const missing = error instanceof ApfError && error.code === 'APF_KAFKA_MISSING';
    if (!missing || process.env['APF_REQUIRE_REAL_KAFKA'] === '1') throw error;
    process.env['APF_TEST_KAFKA'] = 'none';
    say(`embedded only. ${error.message}`);
  }
}

export async function stopForTests(): Promise<void> {
  if (running === undefined) return;
  delete process.env['APF_TEST_KAFKA']; // in watch mode the next run shares this process
  await running.cluster.kill();
  await rm(running.dir, { recursive: true, force: true });
  running = undefined;
}

let running: { cluster: Cluster; dir: string } | undefined;

function say(line: string): void {
  process.stderr.write(`Kafka for these tests: ${line}\n`);
}
