import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type AlertContext,
  type Settings,
  silent,
  Step,
  UsageError,
  writeContainer,
  loadSchema,
} from '@apf/core';
import { buildRun, type BuildOptions } from '@apf/connectors';
import { writeFileSync } from 'node:fs';
import { temporaryFolder } from './temporary-folder.js';

interface Alert {
  readonly objectId: string;
  readonly candid: bigint;
}

class Brightest extends Step<Alert, object> {
  execute({ objectId, candid }: Alert, context: AlertContext): object | undefined {
    if (objectId === 'bad') throw new Error('cannot do this one');
    if (objectId === 'side') context.produce('others', { objectId });
    return objectId === 'none' ? undefined : { objectId, candid };
  }
}

const ALERTS = [
  '{"objectId":"ZTF1","candid":1234567890123456789}',
  '{"objectId":"bad","candid":2}',
  '{"objectId":"none","candid":3}',
  '{"objectId":"side","candid":4}',
].join('\n');

const SCHEMA = JSON.stringify({
  type: 'record',
  name: 'Result',
  fields: [
    { name: 'objectId', type: 'string' },
    { name: 'candid', type: 'long' },
  ],
});

const build = (folder: string, settings: Settings, options: BuildOptions = {}) =>
  buildRun<Alert, object>(settings, Brightest, { folder, env: {}, logger: silent, ...options });

const line = async (folder: string, settings: Settings, options?: BuildOptions): Promise<string> => {
  const error: unknown = await build(folder, settings, options).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(UsageError);
  return (error as Error).message.replaceAll(folder, 'FOLDER');
};

const json = { CLASS: 'JsonConsumer', FILE_PATH: 'alerts.jsonl' } as const;

describe('buildRun', () => {
  it('wires files to files, side outputs and dead letters, with paths relative to the step', async () => {
    const folder = temporaryFolder({
      'alerts.jsonl': ALERTS,
      'package.json': '{"name":"sn","version":"1.2.3"}',
    });
    const { runner, name, version } = await build(folder, {
      CONSUMER_CONFIG: json,
      PRODUCER_CONFIG: { CLASS: 'JsonProducer', FILE_PATH: 'out/results.jsonl' },
      SIDE_OUTPUTS: { others: { CLASS: 'CsvProducer', FILE_PATH: 'out/others.csv' } },
    });
    expect({ name, version }).toEqual({ name: 'sn', version: '1.2.3' });
    const { reason, stats } = await runner.run();
    expect(reason).toBe('end');
    expect(stats).toMatchObject({ read: 4, decoded: 4, executed: 3, produced: 3, deadLetters: 1 });
    expect(readFileSync(join(folder, 'out/results.jsonl'), 'utf8')).toBe(
      '{"objectId":"ZTF1","candid":1234567890123456789}\n{"objectId":"side","candid":4}\n',
    );
    expect(readFileSync(join(folder, 'out/others.csv'), 'utf8')).toBe('objectId\nside\n');
    expect(readdirSync(join(folder, 'dead-letters')).filter((file) => file.endsWith('.bin'))).toHaveLength(1);
  });

  it('reads Avro files, only the FIELDS, 64-bit integers as INT64 says, and writes Avro files', async () => {
    const folder = temporaryFolder({ 'result.avsc': SCHEMA });
    const schema = loadSchema(join(folder, 'result.avsc'));
    writeFileSync(join(folder, 'a.avro'), writeContainer(schema, [{ objectId: 'ZTF1', candid: 2n ** 60n }]));
    const seen: unknown[] = [];
    class Look extends Step<unknown> {
      execute(alert: unknown): void {
        seen.push(alert);
      }
    }
    const settings = {
      CLASS: 'AVROFileConsumer',
      DIRECTORY_PATH: '.',
      FIELDS: ['candid'],
      INT64: 'string',
    } as const;
    const { runner } = await buildRun({ CONSUMER_CONFIG: settings }, Look, {
      folder,
      env: {},
      logger: silent,
    });
    await runner.run();
    expect(seen).toEqual([{ candid: '1152921504606846976' }]);
    const again = await build(folder, {
      CONSUMER_CONFIG: { CLASS: 'AvroFileConsumer', FILE_PATH: 'a.avro' },
      PRODUCER_CONFIG: { CLASS: 'AvroFileProducer', FILE_PATH: 'out.avro', SCHEMA_PATH: 'result.avsc' },
    });
    await again.runner.run();
    expect(readdirSync(folder)).toContain('out.avro');
  });

  it('reads CSV with its delimiter and its columns of numbers', async () => {
    const folder = temporaryFolder({ 'a.csv': 'objectId;candid\nZTF1;1234567890123456789\n' });
    const { runner } = await build(folder, {
      CONSUMER_CONFIG: { CLASS: 'CSVConsumer', FILE_PATH: 'a.csv', DELIMITER: ';', NUMBERS: ['candid'] },
      PRODUCER_CONFIG: { CLASS: 'JsonProducer', FILE_PATH: 'out.jsonl' },
    });
    await runner.run();
    expect(readFileSync(join(folder, 'out.jsonl'), 'utf8')).toBe(
      '{"objectId":"ZTF1","candid":1234567890123456789}\n',
    );
  });

  it("makes classes of the step's own, by name, with their section of the settings", async () => {
    const folder = temporaryFolder({
      'alerts.jsonl': ALERTS,
      'mine.mjs': `
        export class Collect {
          static values = [];
          constructor(section, around) { this.section = section; this.around = around; }
          async open() {}
          async write(batch) { for (const { value } of batch) Collect.values.push([this.section.PARAMS.label, this.around.name, value.objectId]); }
          async flush() {}
          async close() {}
        }
        export default Collect;
        export class Half { topics() { return ['a']; } }
      `,
    });
    const { runner } = await build(
      folder,
      {
        CONSUMER_CONFIG: json,
        PRODUCER_CONFIG: { CLASS: './mine.mjs#Collect', PARAMS: { label: 'x', deep: { list: [1] } } },
        SIDE_OUTPUTS: { others: { CLASS: './mine.mjs', PARAMS: { label: 'side' } } },
      },
      { name: 'sn' },
    );
    await runner.run();
    const { Collect } = (await import(join(folder, 'mine.mjs'))) as { Collect: { values: unknown[] } };
    expect(Collect.values).toEqual(
      expect.arrayContaining([
        ['x', 'sn', 'ZTF1'],
        ['x', 'sn', 'side'],
        ['side', 'sn', 'side'],
      ]),
    );

    const producer = (CLASS: string): Settings => ({ CONSUMER_CONFIG: json, PRODUCER_CONFIG: { CLASS } });
    expect(await line(folder, producer('./mine.mjs#Colect'))).toBe(
      "settings: PRODUCER_CONFIG.CLASS './mine.mjs#Colect': the file exports no class of that name; did you mean 'Collect'?",
    );
    expect(await line(folder, producer('./nowhere.js#Mine'))).toBe(
      "settings: PRODUCER_CONFIG.CLASS './nowhere.js#Mine': there is no such file in FOLDER",
    );
    const strategy = { CLASS: './mine.mjs#Half', PARAMS: {} };
    const PARAMS = { 'bootstrap.servers': 'localhost:1', 'group.id': 'g' };
    expect(await line(folder, { CONSUMER_CONFIG: { PARAMS, TOPIC_STRATEGY: strategy } })).toBe(
      "settings: CONSUMER_CONFIG.TOPIC_STRATEGY.CLASS './mine.mjs#Half': the class lacks the methods nextChange",
    );
  });

  it('finds the built file of a class below dist, and the source where a loader is given', async () => {
    const folder = temporaryFolder({ 'mine.ts': 'not JavaScript at all', 'alerts.jsonl': ALERTS });
    const loaded: string[] = [];
    const load = async (path: string): Promise<Record<string, unknown>> => {
      loaded.push(path);
      return {};
    };
    const settings = { CONSUMER_CONFIG: { CLASS: './mine.js#Mine' } };
    expect(await line(folder, settings, { load })).toContain(
      'the file exports no class of that name; it exports nothing',
    );
    expect(loaded).toEqual([join(folder, 'mine.ts')]);
    expect(await line(folder, settings)).toContain('there is no such file');
  });

  it('says at start what it reads, without secrets', async () => {
    const folder = temporaryFolder();
    const PARAMS = {
      'bootstrap.servers': 'broker:9093',
      'group.id': 'sn_group',
      'security.protocol': 'SASL_PLAINTEXT',
      'sasl.mechanism': 'SCRAM-SHA-256',
      'sasl.username': 'me',
      'sasl.password': 'hunter2',
    };
    const daily = {
      topic_format: 'stamp_classifier_%s',
      change_hour: 23,
      retention_days: 2,
      timezone: 'America/Santiago',
    };
    const built = await build(
      folder,
      { CONSUMER_CONFIG: { PARAMS, TOPIC_STRATEGY: { PARAMS: daily } }, COMMIT: false },
      {
        name: 'sn',
        version: '1.0.0',
        clock: { now: () => Date.parse('2026-11-22T10:00Z'), sleep: () => Promise.resolve() },
      },
    );
    expect(built.lines).toEqual([
      'sn 1.0.0',
      'reads from broker:9093 as group sn_group: topics stamp_classifier_20261121, stamp_classifier_20261122; ' +
        'zone America/Santiago; dates 20261121, 20261122; next change 2026-11-22 23:00 local time = 2026-11-23 02:00 UTC',
      'dead letters go to the folder ./dead-letters',
      'COMMIT is false: nothing is committed, the next start reads the same again',
    ]);
    expect([...built.lines, ...built.warnings].join()).not.toContain('hunter2');
    expect(built.secrets).toEqual(['hunter2']);
  });

  it('refuses a schema that is not there, and a KEY_FIELD that the schema does not have', async () => {
    const folder = temporaryFolder({ 'result.avsc': SCHEMA });
    const PRODUCER_CONFIG = {
      PARAMS: { 'bootstrap.servers': 'localhost:1' },
      TOPIC: 'sn',
      SCHEMA_PATH: 'result.avsc',
    };
    expect(
      await line(folder, {
        CONSUMER_CONFIG: json,
        PRODUCER_CONFIG: { ...PRODUCER_CONFIG, SCHEMA_PATH: 'no.avsc' },
      }),
    ).toContain("the schema 'FOLDER/no.avsc' cannot be read");
    expect(
      await line(folder, {
        CONSUMER_CONFIG: json,
        PRODUCER_CONFIG: { ...PRODUCER_CONFIG, KEY_FIELD: 'objectid' },
      }),
    ).toBe(
      "settings: PRODUCER_CONFIG.KEY_FIELD 'objectid' is no field of the schema; did you mean 'objectId'?",
    );
  });
});
