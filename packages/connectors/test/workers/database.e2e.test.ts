import { readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import type { DatabaseSettings } from '@apf/core';
import { sql } from 'kysely';
import { openDatabase } from '../../src/sql/open-database.js';
import { onRealKafka, uniqueName } from '../cluster/test-cluster.js';
import { closeSinks, produce } from '../kafka/kafka-fixture.js';
import { ENGINES, freshDatabase } from '../sql/both-databases.js';
import { killSteps, StepProcess } from '../wiring/step-process.js';

afterEach(killSteps);
afterAll(closeSinks);

const ALERTS = 400;
const numbers = Array.from({ length: ALERTS }, (_, n) => JSON.stringify({ n }));
/** Adds to one counter for each alert, and writes a row of it; slow enough to be killed at work. */
const COUNT = `
  async execute({ n }, { db }) {
    await new Promise((resolve) => setTimeout(resolve, 3));
    console.log('executed');
    db.upsert('counter', { id: 'all', n: 1 }, { add: 'n' });
    return { n };
  }`;

async function prepared(engine: (typeof ENGINES)[number]): Promise<DatabaseSettings> {
  const config = await freshDatabase(engine);
  const database = await openDatabase(config);
  for (const table of ['counter (id text primary key, n bigint)', 'alert (n bigint primary key)'])
    await sql.raw(`create table ${table}`).execute(database.kysely);
  await database.close();
  return config;
}

/** How often was counted, and how many rows there are. */
async function written(config: DatabaseSettings): Promise<{ counted: bigint; rows: bigint }> {
  const database = await openDatabase(config);
  const { rows } = await sql<{ counted: bigint | null; rows: bigint }>`
    select (select n from counter) as counted, (select count(*) from alert) as "rows"`.execute(
    database.kysely,
  );
  await database.close();
  return { counted: rows[0]?.counted ?? 0n, rows: rows[0]!.rows };
}

/** Resolves once so many are counted; a run that goes wrong ends by the time-out of its test. */
async function counted(config: DatabaseSettings, count: number, step: StepProcess): Promise<void> {
  // Its last rows may be written after its last word.
  while ((await written(config)).counted < BigInt(count)) await Promise.race([step.more(), setTimeout(100)]);
}

onRealKafka('rebalance', 'a step that writes to a database', (kafka) => {
  const settings = (topics: string, config: object, more = ''): string => `
    CONSUMER_CONFIG: {
      CLASS: 'KafkaJsonConsumer',
      PARAMS: { 'bootstrap.servers': '${kafka.bootstrapServers}', 'group.id': '${uniqueName('group')}', 'session.timeout.ms': 6000, 'auto.offset.reset': 'earliest' },
      TOPICS: '${topics}',
      'consume.messages': 20,
    },
    DB_CONFIG: ${JSON.stringify({ TABLE: 'alert', ...config })}, ${more}`;

  const filled = async (): Promise<string> => {
    const topic = uniqueName('topic');
    await kafka.createTopic(topic, { partitions: 4 });
    await produce(kafka.bootstrapServers, topic, numbers);
    return topic;
  };

  it('counts each alert once in one SQLite file that several workers write to, one of which is killed', async () => {
    const config = await prepared('sqlite');
    const topic = await filled();
    const step = new StepProcess(
      settings(
        topic,
        { ...config, OFFSETS: 'database' },
        'WORKERS: 2, PROMETHEUS: true, PROMETHEUS_PORT: 0,',
      ),
      COUNT,
    );
    await counted(config, 1, step);
    process.kill(step.childrenOf(step.child.pid!)[0]!, 'SIGKILL');
    await counted(config, ALERTS, step);
    const url = String(step.log.find((line) => line.url !== undefined)?.url);
    // Of the workers that are left: the killed one took its numbers with it.
    let total = 0;
    while (total === 0) {
      const text = await (await fetch(`${url}/metrics`)).text();
      total = Number(/^apf_written_total\{[^}]*\} (\d+)$/m.exec(text)?.[1] ?? 0);
    }
    expect(total).toBeLessThanOrEqual(2 * ALERTS);
    step.child.kill('SIGTERM');
    expect(await step.ended()).toBe(0);
    expect(await written(config)).toEqual({ counted: BigInt(ALERTS), rows: BigInt(ALERTS) });
  });

  it.each(ENGINES)('drops in %s what it has seen, in two topics and after kill -9', async (engine) => {
    const config = await prepared(engine);
    const topics = [await filled(), await filled()].join(',');
    const unique = settings(topics, { ...config, UNIQUE: { key: 'n' } });
    const killed = new StepProcess(unique, COUNT);
    await counted(config, 40, killed);
    killed.child.kill('SIGKILL');
    await killed.ended();
    const last = new StepProcess(unique.replace('TOPICS:', 'STOP_AT_END: true, TOPICS:'), COUNT);
    expect([await last.ended(), last.errors]).toEqual([0, '']);
    expect(await written(config)).toEqual({ counted: BigInt(ALERTS), rows: BigInt(ALERTS) });
  });

  (process.getuid?.() === 0 ? it : it.skip)(
    'is, with its workers, as process 1 what it is else: signals reach them, the dead leave nothing, the code is theirs',
    async () => {
      const topic = await filled();
      const step = new StepProcess(
        settings(topic, await prepared('sqlite'), 'WORKERS: 2,'),
        `${COUNT} tearDown() { console.log('torn down'); }`,
        { before: ['unshare', '--pid', '--fork', '--kill-child', '--mount-proc'] },
      );
      await step.prints('executed');
      const [parent] = step.childrenOf(step.child.pid!) as [number];
      expect(readFileSync(`/proc/${parent}/status`, 'utf8')).toMatch(/^NSpid:\t\d+\t1$/m);
      const workers = step.childrenOf(parent);
      expect(workers).toHaveLength(2);
      process.kill(workers[0]!, 'SIGKILL');
      await step.prints('it starts again in 1 s');
      expect(step.childrenOf(parent)).toEqual([workers[1]]);
      const started = (): number => step.log.filter(({ msg }) => msg === 'sn_process 1.2.3').length;
      while (started() < 3) await step.more();
      process.kill(parent, 'SIGTERM');
      expect(await step.ended()).toBe(0);
      expect(step.output.match(/torn down/g)).toHaveLength(2);
    },
  );
});
