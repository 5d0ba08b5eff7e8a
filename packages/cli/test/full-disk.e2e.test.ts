import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSchema, writeContainer } from '@apf/core';
import { onRealKafka, uniqueName } from '../../connectors/test/cluster/test-cluster';
import { closeSinks, outgoing, testSink } from '../../connectors/test/kafka/kafka-fixture';
import { type Ended, type Running, start } from './apf';

const schema = parseSchema({
  type: 'record',
  name: 'alert',
  fields: [
    { name: 'objectId', type: 'string' },
    { name: 'candid', type: 'long' },
    { name: 'text', type: 'string' },
  ],
});
const apf = fileURLToPath(new URL('../bin/apf.js', import.meta.url));
/** A disk of its own that is seen by nobody else and gone with its process. */
const OWN_DISKS = ['unshare', '--mount'];

function ownDisks(): boolean {
  try {
    execFileSync(OWN_DISKS[0]!, [...OWN_DISKS.slice(1), 'mount', '-t', 'tmpfs', 'none', '/mnt'], {
      stdio: 'ignore',
    });
    return true;
  } catch {
    return false;
  }
}

onRealKafka('times', 'apf consume on a full disk', (kafka) => {
  const topic = uniqueName('large');
  const MESSAGES = 3_000;
  let folder: string;
  const running: Running[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'apf-full-'));
    await kafka.createTopic(topic, { partitions: 1 });
    const sink = testSink(kafka.bootstrapServers, topic);
    await sink.open();
    const text = 'x'.repeat(600);
    const alerts = Array.from({ length: MESSAGES }, (_, candid) =>
      writeContainer(schema, [{ objectId: 'ZTF', candid: BigInt(candid), text }]),
    );
    await sink.write(alerts.map((value) => outgoing(value)));
    await sink.flush(new AbortController().signal);
  });
  afterEach(() => {
    for (const { child } of running.splice(0)) child.kill('SIGKILL');
  });
  afterAll(async () => {
    await closeSinks();
    await rm(folder, { recursive: true, force: true });
  });

  /** Saves to a disk of 1 MB; what was saved comes after the mark on standard output. */
  const save = (group: string, ...args: string[]): Promise<Ended> => {
    const script = 'mount -t tmpfs -o size=1m none "$0" && "$@"; code=$?; echo saved:; ls "$0"; exit $code';
    const consume = ['consume', '--servers', kafka.bootstrapServers, '--topics', topic, '--group', group];
    const command = [...OWN_DISKS.slice(1), 'sh', '-c', script, folder, process.execPath, apf];
    const one = start(
      OWN_DISKS[0]!,
      [...command, ...consume, '--until-eos', '--save', folder, ...args],
      process.cwd(),
      { XDG_CONFIG_HOME: folder },
    );
    running.push(one);
    return one.ended;
  };

  const needsDisks = ownDisks() ? it : it.skip;
  const remedy =
    /^apf: \w+ cannot be written to '.*': the disk is full \(ENOSPC\); free some space or name a place on another disk, then start again$/;

  needsDisks(
    '1: files of many: one line with a remedy, exit 1, nothing committed that is not saved',
    async () => {
      const group = uniqueName('group');
      const { code, stdout, stderr } = await save(group, '--format', 'json', '--rotate-size', '0.1');
      expect(code).toBe(1);
      expect(stderr.trim().split('\n').at(-1)).toMatch(remedy);
      const lasts = [...stdout.matchAll(/-0-\d+-(\d+)\.jsonl/g)].map(([, last]) => Number(last));
      const { positions } = await kafka.describeGroup(group);
      expect(positions[0]?.committed).toBe(Math.max(...lasts) + 1);
      expect(positions[0]?.committed).toBeLessThan(MESSAGES);
      expect(stdout).not.toContain('.part');
    },
  );

  needsDisks('1: a file for each: the same', async () => {
    const group = uniqueName('group');
    const { code, stdout, stderr } = await save(group);
    expect(code).toBe(1);
    expect(stderr.trim().split('\n').at(-1)).toMatch(remedy);
    const files = [...stdout.matchAll(/\.avro$/gm)].length;
    expect(files).toBeGreaterThan(0);
    expect(stdout).not.toContain('.part');
    // Of a batch that could not be saved whole nothing is committed.
    const { positions } = await kafka.describeGroup(group);
    expect(positions[0]?.committed ?? 0).toBeLessThanOrEqual(files);
  });
});
