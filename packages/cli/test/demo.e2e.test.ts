import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { syntheticZtf, topClass, ZTF_ALERT_SCHEMA } from '@apf/alerts';
import { parseSchema, writeContainer } from '@apf/core';
import { apf, start } from './apf';

interface Event {
  readonly event: string;
  readonly objectId?: string;
}

const events = (stdout: string, event: string): Event[] =>
  stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Event)
    .filter((record) => record.event === event);

/** As stamp_classifier_<date> has it: the local calendar date. */
const today = (): string => {
  const now = new Date();
  const two = (number: number): string => String(number).padStart(2, '0');
  return `${now.getFullYear()}${two(now.getMonth() + 1)}${two(now.getDate())}`;
};

/** The synthetic sky's own objects that a classifier takes for supernovae. */
function supernovae(
  seed: number,
  objects: number,
): { alerts: number; found: Set<string>; true_: Set<string> } {
  const [found, true_] = [new Set<string>(), new Set<string>()];
  let alerts = 0;
  for (const { kind, classification } of syntheticZtf({ seed, objects, now: new Date(), cutouts: false })) {
    alerts++;
    if (topClass(classification.probabilities, 0.5) === 'SN') found.add(classification.objectId);
    if (kind === 'SN') true_.add(classification.objectId);
  }
  return { alerts, found, true_ };
}

describe('apf demo', () => {
  let folder: string;
  let env: NodeJS.ProcessEnv;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'apf-demo-test-'));
    // Dead letters of the demo go to the system's folder for such things.
    await mkdir(join(folder, 'tmp'));
    env = { TMPDIR: join(folder, 'tmp') };
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('finds exactly the supernovae of the synthetic sky, each once, and counts every alert', async () => {
    const { alerts, found, true_ } = supernovae(5, 400);
    const date = today();
    const { code, stdout, stderr } = await apf(
      ['demo', '--objects', '400', '--seed', '5', '--json'],
      folder,
      env,
    );
    expect(code).toBe(0);
    expect(stderr).toContain('for trying only');
    const told = events(stdout, 'supernova').map(({ objectId }) => objectId);
    expect(told).toHaveLength(found.size);
    expect(new Set(told)).toEqual(found);
    expect(found.size).toBeGreaterThan(5);
    expect(events(stdout, 'summary')).toEqual([
      {
        event: 'summary',
        topic: `stamp_classifier_${date}`,
        ...{ read: alerts, decoded: alerts, executed: alerts, produced: found.size, deadLetters: 0 },
        alertsPerSecond: expect.any(Number) as number,
        found: found.size,
        supernovae: true_.size,
        right: [...found].filter((objectId) => true_.has(objectId)).length,
      },
    ]);
    expect(await readdir(join(folder, 'tmp'))).toEqual([]);
  });

  it('prints each with candid, probability and link where nobody asks for JSON', async () => {
    const { found } = supernovae(5, 100);
    const { code, stdout, stderr } = await apf(['demo', '--objects', '100', '--seed', '5'], folder, env);
    expect(code).toBe(0);
    const lines = stdout.trim().split('\n');
    expect(lines).toHaveLength(found.size + 1);
    for (const line of lines.slice(0, -1)) {
      expect(line).toMatch(
        /^supernova (ZTF\w{9}) {2}candid \d{19} {2}probability [01]\.\d\d {2}https:\/\/alerce\.online\/object\/\1$/,
      );
    }
    expect(lines.at(-1)).toMatch(
      /^\d+ messages read, \d+ alerts decoded, \d+ executed, \d+ produced, 0 dead letters, \d+ alerts\/s$/,
    );
    expect(stderr).toMatch(/\d+ of \d+ alerts\n/);
  });

  it('plays the alerts of a folder, and counts what cannot be read or decoded as dead letters', async () => {
    const alerts = [...syntheticZtf({ seed: 6, objects: 150, now: new Date() })].map(({ alert }) => alert);
    const schema = parseSchema(ZTF_ALERT_SCHEMA);
    const path = join(folder, 'alerts');
    await mkdir(join(path, 'night'), { recursive: true });
    for (const alert of alerts) {
      const bytes = writeContainer(schema, [alert], { codec: 'deflate' });
      await writeFile(join(path, 'night', `${alert.candid}.avro`), bytes);
    }
    // More than the embedded broker keeps of one partition, so that it is played at the pace of the step.
    const withStamp = (bytes: number): Buffer => {
      const cutoutScience = { fileName: '', stampData: Buffer.alloc(bytes) };
      return writeContainer(schema, [{ ...alerts[0]!, objectId: 'ZTF26heavier', cutoutScience }]);
    };
    for (let i = 0; i < 20; i++) await writeFile(join(path, `heavy${i}.avro`), withStamp(700_000));
    await writeFile(join(path, 'too-heavy.avro'), withStamp(3_000_000));
    await writeFile(join(path, 'zz-damaged.avro'), 'this is no Avro');
    await writeFile(join(path, 'zz-pointer.avro'), 'version https://git-lfs.github.com/spec/v1\n');
    await writeFile(join(path, 'zz-unpackable.avro.gz'), gzipSync('whatever').subarray(0, 12));

    const { code, stdout, stderr } = await apf(['demo', '--alerts', path, '--json'], folder, env);
    expect(code).toBe(0);
    const seen = events(stdout, 'alert') as unknown as {
      object: string;
      candid: string;
      magnitude: number;
    }[];
    const expected = alerts.map(({ objectId, candidate }) => [
      objectId,
      String(candidate.candid),
      candidate.magpsf,
    ]);
    const ztf = seen.filter(({ object }) => object !== 'ZTF26heavier');
    expect(
      new Set(ztf.map((alert) => JSON.stringify([alert.object, alert.candid, alert.magnitude]))),
    ).toEqual(new Set(expected.map((alert) => JSON.stringify(alert))));
    const good = alerts.length + 20;
    expect(seen).toHaveLength(good);
    expect(events(stdout, 'summary')).toMatchObject([
      { read: good + 4, decoded: good, executed: good, produced: 0, deadLetters: 4 },
    ]);
    expect(stderr).toMatch(/a message of 30\d{5} bytes for topic .* is larger than/);
    expect(stderr).toMatch(/zz-unpackable\.avro\.gz' cannot be read/);
    const [, kept] = /Dead letters are in (.*)/.exec(stderr)!;
    expect((await readdir(kept!)).filter((name) => name.endsWith('.json'))).toHaveLength(2);
  });

  it('ends early on SIGINT with what was done so far', async () => {
    const demo = start(
      process.execPath,
      [join(import.meta.dirname, '../bin/apf.js'), 'demo', '--objects', '200'],
      folder,
      env,
    );
    await demo.saw(/joins its group/);
    demo.child.kill('SIGINT');
    const { code, stdout } = await demo.ended;
    expect(code).toBe(130);
    expect(stdout).toMatch(/\d+ messages read, /);
  });

  it.each([
    [['--objects', '0'], 2, '--objects must be a whole number from 1 to 100000, not 0'],
    [['--objects', 'many'], 2, '--objects must be a whole number'],
    [['--objects'], 2, 'Not enough arguments following: objects'],
    [['--seed', '-1'], 2, '--seed must be a whole number from 0 to 4294967295, not -1'],
    [['--alerts', ''], 2, '--alerts is empty'],
    [['--alerts', 'x', '--seed', '1'], 2, 'alerts and seed are mutually exclusive'],
    [['--alerts', '/nowhere'], 2, "there is no file or folder '/nowhere'"],
    [['--alerts', '.'], 2, 'none named *.avro'],
  ] as [string[], number, string][])(
    'answers %j with one line and exit code %i',
    async (args, exit, text) => {
      await writeFile(join(folder, 'notes.txt'), 'no alert');
      const { code, stderr, stdout } = await apf(['demo', ...args], folder, env);
      expect(stderr.trim().split('\n')).toHaveLength(1);
      expect(stderr).toContain(text);
      expect([code, stdout]).toEqual([exit, '']);
      expect(await readdir(join(folder, 'tmp'))).toEqual([]);
    },
  );
});
