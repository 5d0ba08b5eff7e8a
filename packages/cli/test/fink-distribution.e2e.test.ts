import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AlertConsumer } from '@apf/connectors';
import type { DatabaseSettings } from '@apf/core';
import { freePorts } from '../../connectors/src/cluster/ports.js';
import { onRealKafka } from '../../connectors/test/cluster/test-cluster.js';
import { type Ended, type Running, start } from './apf.js';
import { idsOf, insertAlerts, makeAlertTable } from './distribute/alert-table.js';
import { apfHere, documentedHere, type Ran } from './in-process.js';

const bin = fileURLToPath(new URL('../bin/fink.js', import.meta.url));

/** Items 3.4 to 3.6 and 3.9 of what Fink's page on streaming out promises, by the commands that it shows. */
describe('fink', () => {
  let folder: string;
  const children: Running[] = [];
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'apf-fink-'));
  });
  afterEach(async () => {
    for (const { child, ended } of children.splice(0)) {
      child.kill('SIGKILL');
      await ended.catch(() => undefined);
    }
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const env = (): NodeJS.ProcessEnv => ({ XDG_STATE_HOME: join(folder, 'state'), FINK_HOME: folder });
  const running = (...args: string[]): Running => {
    const child = start(process.execPath, [bin, ...args], folder, env());
    children.push(child);
    return child;
  };
  const fink = (...args: string[]): Promise<Ended> => running(...args).ended;

  it('says what it can do, and what it cannot (3.3)', async () => {
    const here = (...args: string[]): Promise<Ran> => documentedHere('fink', args, env());
    expect((await here()).stdout).toContain('fink start <service>');
    expect(await here('start')).toMatchObject({
      code: 1,
      stderr: 'start requires an argument. Available services are: distribution, distribution_test\n',
    });
    expect(await here('start', 'stream2raw')).toMatchObject({
      code: 1,
      stderr: 'unknown service: stream2raw\nAvailable services are: distribution, distribution_test\n',
    });
    expect(await here('--what')).toMatchObject({ code: 1, stderr: 'unknown option: --what\n' });
    expect(await here('stop', 'distribution')).toMatchObject({
      code: 0,
      stdout: 'no service distribution is running\n',
    });
    expect(await here('start', 'distribution', '--exit_after', '-1')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--exit_after must be above 0') as string,
    });
    expect((await here('show')).stdout).toMatch(/^0 Fink service/);
    expect(await here('start', 'distribution', '-c', join(folder, 'none.conf'))).toMatchObject({ code: 2 });
    const bare = join(folder, 'bare.conf');
    await writeFile(bare, 'KAFKA_BROKER_IPPORT[0]="localhost:9093"\n');
    expect(await here('start', 'distribution', '-c', bare)).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/write DISTRIBUTION_DATABASE=.* into .*bare\.conf/) as string,
    });
  });

  onRealKafka('sasl', 'on its cluster', () => {
    let conf: string;
    let servers: string;
    let database: DatabaseSettings;
    /** Rows that the first test has inserted. */
    let rows: number;
    beforeAll(async () => {
      const [port] = (await freePorts(1, '127.0.0.1')) as [number];
      servers = `127.0.0.1:${port}`;
      conf = join(folder, 'fink.conf.distribution');
      database = { ENGINE: 'sqlite', FILE_PATH: join(folder, 'alerts.sqlite') };
      await writeFile(
        conf,
        [
          `KAFKA_BROKER_IPPORT[0]="${servers}"`,
          `touch ${join(folder, 'executed')}`,
          'DISTRIBUTION_TOPIC=fink_outstream',
          'DISTRIBUTION_SCHEMA=${FINK_HOME}/schemas/distribution_schema',
          'DISTRIBUTION_OFFSET_FILE=${FINK_HOME}/distribution.offset',
          'DISTRIBUTION_DATABASE=${FINK_HOME}/alerts.sqlite',
          '',
        ].join('\n'),
      );
      await makeAlertTable(database);
      const started = await documentedHere('fink_kafka', ['start', '-c', conf], env());
      if (started.code !== 0) throw new Error(started.stderr);
      await documentedHere('fink_kafka', ['--create-topic', 'fink_outstream'], env());
    });
    afterAll(() => apfHere(['kafka', 'stop', '--name', 'fink', '--delete'], env()));

    it('distributes new records, and the test shows them as tables, until both are stopped (3.4, 3.5)', async () => {
      await insertAlerts(database, 0, 3);
      const distribution = running('start', 'distribution', '-c', conf);
      await distribution.saw(/schema of what is distributed was written to/);
      const test = running('start', 'distribution_test', '-c', conf);
      await test.saw(/Reading Fink OutStream/);
      // It shows what comes from when it has joined: rows come until it has.
      rows = 3;
      const shown = test.saw(/Batch: 0\n-+\n\+-+\+[^]*\|\s+objectId\|[^]*(RRLyr|EB\*WUMa|Unknown)\|/);
      let over = false;
      void shown.finally(() => (over = true)).catch(() => undefined);
      for (; !over && rows < 30; rows++) {
        await insertAlerts(database, rows, rows + 1);
        await new Promise((resolve) => setTimeout(resolve, 500));
      }
      expect(await shown).toContain('candidate_magpsf');
      const { stdout } = await fink('show');
      expect(stdout).toMatch(/^2 Fink service\(s\) running: \n/);
      const stopped = await fink('stop', 'all');
      expect(stopped.stdout).toMatch(/^distribution is stopped .*\ndistribution_test is stopped/);
      expect(await distribution.ended).toMatchObject({ code: 0 });
      expect(await test.ended).toMatchObject({ code: 0 });
      expect(await readdir(folder)).not.toContain('executed');
    });

    it('goes on where it was stopped, and a client that is logged in reads each record once, with the schema file (3.4, 3.9)', async () => {
      await insertAlerts(database, 30, 32);
      const distribution = running('start', 'distribution', '-c', conf);
      const accounts = JSON.parse(
        readFileSync(join(folder, 'state/apf/kafka/fink/fink-accounts.json'), 'utf8'),
      ) as { consumer: { username: string; password: string } };
      const consumer = new AlertConsumer<{ candid: bigint }>({
        topics: 'fink_outstream',
        servers,
        group: 'spark-kafka-client',
        ...accounts.consumer,
        schema: join(folder, 'schemas/distribution_schema'),
      });
      try {
        const received = await consumer.consume(rows + 2, 30);
        expect(received.map(({ alert }) => String(alert.candid)).sort()).toEqual(
          [...idsOf(0, rows), ...idsOf(30, 32)].sort(),
        );
        await fink('stop', 'distribution');
        expect(await distribution.ended).toMatchObject({ code: 0 });
        expect(await consumer.poll(1)).toBeNull();
      } finally {
        await consumer.close();
      }
    });

    it('ends by itself after the time that is given', async () => {
      expect(await fink('start', 'distribution', '-c', conf, '--exit_after', '1')).toMatchObject({
        code: 0,
        stdout: `Reading custom Fink configuration file from  ${conf}\n`,
        stderr: expect.stringContaining('0 alerts read, 0 distributed') as string,
      });
    });
  });
});
