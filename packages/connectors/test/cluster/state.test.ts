import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { clusterDir } from '../../src/cluster/named-clusters.js';
import { readState, withLock, writeState, type ClusterState } from '../../src/cluster/state.js';

const STATE: ClusterState = {
  kafka: '4.1.1',
  runsOn: 'Java 17',
  clusterId: 'abc',
  host: '127.0.0.1',
  ports: { plaintext: 1, sasl: 2, ssl: 3, controller: 4 },
  broker: { kind: 'java', pid: 1, marker: 'm' },
};

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'apf-state-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

it('what was written is read', async () => {
  await writeState(dir, STATE);
  expect(await readState(dir)).toEqual(STATE);
});

it.each(['', '{"kafka": "4.', 'null\n', '{}'])('a damaged state (%j) counts as none', async (text) => {
  await writeFile(join(dir, 'cluster.json'), text);
  expect(await readState(dir)).toBeUndefined();
});

it('a folder or file that is not there is no state', async () => {
  expect(await readState(join(dir, 'absent'))).toBeUndefined();
});

it('two never hold the lock at once', async () => {
  let inside = 0;
  let most = 0;
  const hold = (): Promise<void> =>
    withLock(dir, async () => {
      most = Math.max(most, ++inside);
      await new Promise((resolve) => setImmediate(resolve));
      inside -= 1;
    });
  await Promise.all([hold(), hold(), hold()]);
  expect(most).toBe(1);
  expect(await readdir(dir)).toEqual([]);
});

it('a lock is given back when its holder fails', async () => {
  await expect(withLock(dir, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await withLock(dir, () => Promise.resolve('held'))).toBe('held');
});

it('a lock whose owner is dead is taken over', async () => {
  const noProcess = 2 ** 31 - 1; // above every system's largest process id
  await writeFile(join(dir, 'starting'), String(noProcess));
  expect(await withLock(dir, () => Promise.resolve('held'))).toBe('held');
});

it.each(['../x', '', '.', 'a/b', 'a b', '-x', 'x'.repeat(64)])('%j cannot name a cluster', (name) => {
  expect(() => clusterDir(name)).toThrow(/cannot name a cluster/);
});

it('named clusters have a folder each, under XDG_STATE_HOME', () => {
  process.env['XDG_STATE_HOME'] = '/state';
  expect(clusterDir('night-2')).toBe('/state/apf/kafka/night-2');
});
