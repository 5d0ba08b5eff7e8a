import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ContainerWriter, createCodec, parseJson, readContainer, writeContainer } from '@apf/core';
import { onRealKafka, uniqueName } from '../../../connectors/test/cluster/test-cluster.js';
import { apf, startApf } from '../apf.js';
import { Shell } from '../compat/shell.js';
import { ELASTICC, elasticcAlert, elasticcNight, inOrder, writeGathered } from './elasticc-alerts.js';
import { messagesOf } from './messages-of.js';

/** A port at which nothing listens. */
const NOBODY = '127.0.0.1:9';

describe('apf simulate', () => {
  let folder: string;
  const alerts = elasticcNight(40);
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'apf-simulate-'));
    writeGathered(join(folder, 'gathered'), alerts);
    mkdirSync(join(folder, 'lfs'));
    writeFileSync(
      join(folder, 'lfs/alerts_11575.avro'),
      'version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 21000000\n',
    );
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('ends in one line, and in bounded time, where no broker answers', async () => {
    const ended = await apf(['simulate', 'gathered', '--servers', NOBODY, '--topic', 't'], folder);
    expect(ended.stderr).toMatch(/^apf: no Kafka broker answers at 127\.0\.0\.1:9 within 10 s .*\n$/);
    expect(ended).toMatchObject({ code: 1, stdout: '' });
  });

  it('calls a Git LFS pointer by its name, and leaves it where it is', async () => {
    const { code, stderr } = await apf(['simulate', 'lfs', '--dry-run', '--json'], folder);
    expect(stderr).toMatch(
      /^apf: there is no alert to send in lfs: 1 bad file, .* a Git LFS pointer .*git lfs pull`\n$/,
    );
    expect(code).toBe(1);
    expect(readdirSync(join(folder, 'lfs'))).toEqual(['alerts_11575.avro']);
  });

  it('says what it would send, without a broker', async () => {
    const { code, stdout } = await apf(
      ['simulate', 'gathered', '--dry-run', '-nalerts_per_obs', '5', '-nobservations', '3'],
      folder,
    );
    expect(code).toBe(0);
    const [first] = inOrder(alerts);
    expect(stdout).toContain(
      `First alert: MJD 59582.00000 (TAI), source ${first!.diaSource.diaSourceId}, from `,
    );
    expect(stdout).toMatch(
      /Nothing was sent \(--dry-run\): 15 alerts \(0\.0 MB\) in 3 observations as container /,
    );
  });

  const mountable = process.getuid?.() === 0 && process.platform === 'linux';
  (mountable ? it : it.skip)(
    'ends in one line when the disk is full (needs root, for a small disk)',
    async () => {
      const disk = join(folder, 'disk');
      mkdirSync(disk);
      const large = Array.from({ length: 90 }, (_, i) => ({
        ...elasticcAlert(BigInt(i), i),
        cutoutDifference: Buffer.alloc(1_000_000),
      }));
      mkdirSync(join(folder, 'large'));
      writeFileSync(join(folder, 'large/a.avro'), writeContainer(ELASTICC, large));
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', disk]);
      try {
        const { code, stderr } = await apf(['simulate', 'large', '--dry-run', '--spool', 'disk'], folder);
        expect(stderr).toMatch(
          /^apf: what does not fit into memory cannot be written to 'disk': the disk is full .*\n$/,
        );
        expect(code).toBe(1);
      } finally {
        execFileSync('umount', [disk]);
      }
    },
  );

  it('brings up a broker of its own with --embedded, which lasts until Ctrl-C', async () => {
    const running = startApf(
      ['simulate', 'gathered', '--embedded', '--interval', '0', '--topic', 't', '--json'],
      folder,
    );
    const seen = await running.saw(/goes on until Ctrl-C/);
    const servers = /runs at (\S+): /.exec(seen)![1]!;
    const messages = await messagesOf(servers, 't');
    // Containers, which a generated step reads as they are.
    expect(
      messages.map(({ value }) => ELASTICC.encode(readContainer(value!).records[0]).toString('hex')).sort(),
    ).toEqual(alerts.map((alert) => ELASTICC.encode(alert).toString('hex')).sort());
    running.child.kill('SIGINT');
    const { code, stdout } = await running.ended;
    expect(code).toBe(0);
    expect(parseJson(stdout.trim().split('\n').at(-1)!)).toMatchObject({ event: 'summary', delivered: 40 });
  });

  onRealKafka('admin', 'on a broker', (kafka) => {
    const to = (topic: string): string[] => ['--servers', kafka.bootstrapServers, '--topic', topic];

    it('alert_stream S1-S4: sends each file as a visit, 10,000 alerts at most, and prints its lines', async () => {
      const place = join(folder, 'alert_stream');
      mkdirSync(join(place, 'data'), { recursive: true });
      const writer = new ContainerWriter(ELASTICC);
      const head = writer.write([]);
      // In its own order, not that of time.
      const visit = (id: number, count: number): Buffer[] =>
        Array.from({ length: count }, (_, i) =>
          ELASTICC.encode(elasticcAlert(BigInt(id * 100_000 + i), 60_000 - i)),
        );
      const visits = [visit(11574, 10_050), visit(11575, 3)];
      for (const [i, data] of visits.entries()) {
        const blocks = data.map((datum) => writer.block([datum]));
        writeFileSync(join(place, `data/alerts_${11574 + i}.avro`), Buffer.concat([head, ...blocks]));
      }
      const topic = uniqueName('my-stream');
      const ended = await apf(['simulate', 'data', '--visits', '--interval', '0.5', ...to(topic)], place);
      // A busy machine may leave a slot out, and says so before.
      expect(ended.stderr).toMatch(/^apf: 10003 alerts delivered /m);
      expect(ended.stdout.split('\n')).toEqual([
        expect.stringMatching(/^visit: 11574 \ttime: \d+\.\d+$/),
        expect.stringMatching(/^visits finished: 1 \t time: \d+\.\d+$/),
        expect.stringMatching(/^visit: 11575 \ttime: \d+\.\d+$/),
        expect.stringMatching(/^visits finished: 2 \t time: \d+\.\d+$/),
        '',
      ]);
      expect(ended.code).toBe(0);
      const confluent = visits.flat().filter((_, i) => i < 10_000 || i >= 10_050);
      const messages = await messagesOf(kafka.bootstrapServers, topic);
      expect(messages.map(({ value }) => value!.subarray(5).toString('hex'))).toEqual(
        confluent.map((datum) => datum.toString('hex')),
      );
      for (const { value, key, headers = [] } of messages) {
        expect([value!.readUInt8(0), value!.readUInt32BE(1), key ?? null, headers]).toEqual([0, 1, null, []]);
      }
    });

    it('alert_stream: sendAlertStream.py kafka:9092 my-stream takes ./data, on the grid of 39 s; Ctrl-C ends it', async () => {
      const place = join(folder, 'alert_stream_py');
      mkdirSync(join(place, 'data'), { recursive: true });
      writeFileSync(join(place, 'data/alerts_11574.avro'), writeContainer(ELASTICC, alerts.slice(0, 2)));
      const shell = new Shell(place);
      const topic = uniqueName('my-stream');
      const { child, ended } = shell.run(`sendAlertStream.py ${kafka.bootstrapServers} ${topic}`, place);
      // It has made the topic once it waits for its slot, which may be 39 s away.
      const there = async (): Promise<boolean> =>
        (await kafka.listTopics()).some((each) => each.topic === topic);
      while (!(await there()));
      child.kill('SIGINT');
      const { code, stdout, stderr } = await ended;
      const delivered = stdout.includes('visit: 11574') ? 2 : 0;
      expect(stderr).toMatch(new RegExp(`^apf: (interrupted: )?${delivered} alerts delivered `));
      expect(code).toBe(delivered === 2 && !stderr.includes('interrupted') ? 0 : 130);
      expect(await shell.run('sendAlertStream.py kafka:9092', place).ended).toMatchObject({
        code: 2,
        stderr:
          'usage: sendAlertStream.py [-h] broker topic\n' +
          'sendAlertStream.py: error: the following arguments are required: topic\n',
      });
    });

    it('reports after Ctrl-C exactly what the broker has, and ends with 130', async () => {
      const topic = uniqueName('interrupted');
      const running = startApf(
        ['simulate', 'gathered', '--nalerts-per-obs', '2', '--interval', '0.2', '--json', ...to(topic)],
        folder,
      );
      await running.saw(/"event":"done","observation":3/);
      running.child.kill('SIGINT');
      const { code, stdout } = await running.ended;
      expect(code).toBe(130);
      const summary = parseJson(stdout.trim().split('\n').at(-1)!) as { delivered: number };
      expect(summary).toMatchObject({ event: 'summary', interrupted: true, unconfirmed: 0, refused: 0 });
      const messages = await messagesOf(kafka.bootstrapServers, topic);
      expect(messages).toHaveLength(summary.delivered);
      expect(messages.length).toBeGreaterThanOrEqual(6);
    });

    it('reports and counts what is bad, sends the rest, and moves files only with --bad', async () => {
      const place = join(folder, 'mixed');
      mkdirSync(place);
      const files = [0, 1, 2].map((i) => writeContainer(ELASTICC, [alerts[i]]));
      writeFileSync(join(place, 'good.avro'), files[0]!);
      writeFileSync(join(place, 'cut.avro'), files[1]!.subarray(0, -20));
      mkdirSync(join(place, 'NITE1'));
      writeFileSync(join(place, 'NITE1/in.avro'), files[2]!);
      for (const archive of ['whole.tar.gz', 'cut.tar.gz']) {
        execFileSync('tar', ['czf', join(place, archive), '-C', place, 'NITE1']);
      }
      rmSync(join(place, 'NITE1'), { recursive: true });
      execFileSync('bash', ['--norc', '-c', 'head -c 100 cut.tar.gz > x && mv x cut.tar.gz'], { cwd: place });
      const topic = uniqueName('mixed');
      const args = ['simulate', 'mixed', '--interval', '0', '--framing', 'container', ...to(topic)];
      const first = await apf(args, folder);
      expect(first.stderr).toMatch(
        /^apf: bad: 'mixed\/cut\.avro'.*\napf: bad: 'mixed\/cut\.tar\.gz'.*\napf: 2 .* 2 bad files\n$/,
      );
      expect(readdirSync(place).sort()).toEqual(['cut.avro', 'cut.tar.gz', 'good.avro', 'whole.tar.gz']);
      const messages = await messagesOf(kafka.bootstrapServers, topic);
      // Whole files go as they are.
      expect(messages.map(({ value }) => value!.toString('hex')).sort()).toEqual(
        [files[0]!, files[2]!].map((file) => file.toString('hex')).sort(),
      );
      const { code, stderr } = await apf([...args, '--bad', 'bad'], folder);
      expect(stderr).toContain('; moved to bad/cut.avro\n');
      expect(code).toBe(0);
      expect(readdirSync(place).sort()).toEqual(['good.avro', 'whole.tar.gz']);
      expect(readdirSync(join(folder, 'bad')).sort()).toEqual(['cut.avro', 'cut.tar.gz']);
      expect(existsSync(join(place, 'whole.tar.gz'))).toBe(true);
    });

    it('sends alerts as if they were observed when they are sent, with --now', async () => {
      const topic = uniqueName('now');
      const began = Date.now();
      const { code } = await apf(['simulate', 'gathered', '--now', '--interval', '0', ...to(topic)], folder);
      expect(code).toBe(0);
      const codec = createCodec<(typeof alerts)[number]>({ framing: 'container' });
      const sent = (await messagesOf(kafka.bootstrapServers, topic)).flatMap(({ value }) =>
        codec.decode(value!),
      );
      const mjdTai = (ms: number): number => ms / 86_400_000 + 40_587 + 37 / 86_400;
      const days = sent[0]!.diaSource.midPointTai - 59_582;
      expect(mjdTai(began) - 0.001).toBeLessThan(sent[0]!.diaSource.midPointTai);
      expect(mjdTai(Date.now()) + 0.001).toBeGreaterThan(sent[0]!.diaSource.midPointTai);
      for (const [i, { diaSource, prvDiaSources }] of inOrder(alerts).entries()) {
        expect(sent[i]!.diaSource.midPointTai).toBeCloseTo(diaSource.midPointTai + days, 6);
        expect(sent[i]!.diaSource.diaSourceId).toBe(diaSource.diaSourceId);
        const history = (list: readonly object[] | null): number =>
          (list![0] as { midPointTai: number }).midPointTai;
        expect(history(sent[i]!.prvDiaSources)).toBeCloseTo(history(prvDiaSources) + days, 6);
      }
    });

    it('sends synthetic visits with the id of their schema where there is no path', async () => {
      const topic = uniqueName('lsst');
      const args = [
        '--visits',
        '--survey-version',
        '7.4',
        '--objects',
        '20',
        '--visit-alerts',
        '2',
        '--interval',
        '0',
      ];
      const { code, stdout } = await apf(['simulate', ...args, ...to(topic)], folder);
      expect(code).toBe(0);
      expect(stdout).toMatch(/^visit: \d+ \ttime: \d+\.\d+\nvisits finished: 1 \t time: /);
      for (const { value } of await messagesOf(kafka.bootstrapServers, topic)) {
        expect(value!.subarray(0, 5).readUInt32BE(1)).toBe(704);
      }
    });

    it('begins again with --loop, and sends the synthetic sky where there is no path', async () => {
      const topic = uniqueName('loop');
      const running = startApf(
        ['simulate', '--objects', '20', '--loop', '--interval', '0', '--rate', '200', '--json', ...to(topic)],
        folder,
      );
      const { total } = parseJson(
        /\{"event":"plan".*\}/.exec(await running.saw(/"event":"plan".*\n/))![0],
      ) as {
        total: bigint;
      };
      await running.saw(/"event":"done","observation":3/);
      running.child.kill('SIGINT');
      expect(await running.ended).toMatchObject({ code: 130 });
      const messages = await messagesOf(kafka.bootstrapServers, topic);
      expect(messages.length).toBeGreaterThan(total);
      expect(messages[total]!.value).toEqual(messages[0]!.value);
    });
  });
});
