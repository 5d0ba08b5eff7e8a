import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { angularDistance, type ObjectRow, syntheticZtf, ZTF_ALERT_SCHEMA, type ZtfAlert } from '@apf/alerts';
import { databaseAt, openDatabase } from '@apf/connectors';
import { parseJson, parseSchema, readContainer, toJson, UsageError } from '@apf/core';
import { parquetReadObjects } from 'hyparquet';
import { startPostgres, type TestPostgres } from '../../../../../scripts/test/postgres-for-tests.js';
import { alert } from '../../../src/commands/db/alert.js';
import { cone } from '../../../src/commands/db/cone.js';
import { command as lightCurveCommand } from '../../../src/commands/lightcurve.js';
import { command as plotCommand } from '../../../src/commands/plot.js';
import { object } from '../../../src/commands/db/object.js';
import { diff, init, migrateTables } from '../../../src/commands/db/tables.js';
import { type Ran, runCommand } from '../run-command.js';
import { fill, skyAlerts, skyRows } from './sky-database.js';

let folder: string;
let server: TestPostgres;
const addresses: Record<string, string> = {};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'apf-db-'));
  server = await startPostgres();
  const { HOST, PORT, USER, PASSWORD, DB_NAME } = await server.createDatabase();
  addresses.postgres = `postgres://${USER}:${PASSWORD}@${HOST}:${PORT}/${DB_NAME}`;
  addresses.sqlite = join(folder, 'sky.sqlite');
  for (const address of Object.values(addresses)) await fill(address);
});
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

const { objects, detections, nonDetections } = skyRows();
const run = {
  cone: (...args: string[]): Promise<Ran> => runCommand('cone <ra> <dec> <radius>', cone, ...args),
  object: (...args: string[]): Promise<Ran> => runCommand('object <oid>', object, ...args),
  alert: (...args: string[]): Promise<Ran> => runCommand('alert <candid>', alert, ...args),
  init: (...args: string[]): Promise<Ran> => runCommand('init', init, ...args),
  diff: (...args: string[]): Promise<Ran> => runCommand('diff', diff, ...args),
  migrate: (...args: string[]): Promise<Ran> => runCommand('migrate', migrateTables, ...args),
};
const jsonLines = <T>(text: string): T[] =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => parseJson(line) as T);
type Near = ObjectRow & { distance_arcsec: number };

describe.each(['sqlite', 'postgres'])('apf db cone in %s', (engine) => {
  it('gives the very objects that lie within the radius, nearest first', async () => {
    const centre = { ra: objects[0]!.meanra, dec: objects[0]!.meandec };
    for (const degrees of [0.001, 5, 40, 180]) {
      const position = [String(centre.ra), String(centre.dec), `${degrees}deg`];
      const { stdout, error } = await run.cone(
        ...position,
        '--database',
        addresses[engine]!,
        '--format',
        'json',
      );
      expect(error).toBeUndefined();
      const found = jsonLines<Near>(stdout);
      const wanted = objects
        .map((row) => ({ row, distance: angularDistance(centre, { ra: row.meanra, dec: row.meandec }) }))
        .filter(({ distance }) => distance <= degrees)
        .sort((a, b) => a.distance - b.distance);
      expect(found.map(({ oid }) => oid)).toEqual(wanted.map(({ row }) => row.oid));
      expect(found[0]!.distance_arcsec).toBeLessThan(1e-6);
      expect(found[0]).toMatchObject(objects[0]!);
    }
  });
});

describe('apf db cone', () => {
  it('reads sexagesimal and galactic positions, and gives the nearest only', async () => {
    const [first] = objects;
    const common = ['--database', addresses.sqlite!, '--format', 'json', '--limit', '1'];
    const hours = first!.meanra / 15;
    const minutes = (hours % 1) * 60;
    const ra = `${Math.floor(hours)}:${Math.floor(minutes)}:${((minutes % 1) * 60).toFixed(4)}`;
    const sexagesimal = await run.cone(ra, String(first!.meandec), '5', ...common);
    expect(jsonLines<Near>(sexagesimal.stdout).map(({ oid }) => oid)).toEqual([first!.oid]);
    const galactic = await run.cone('0', '90', '180deg', '--galactic', ...common);
    const [nearest] = jsonLines<Near>(galactic.stdout);
    const pole = { ra: 192.85948, dec: 27.12825 };
    const distances = objects.map((row) => angularDistance(pole, { ra: row.meanra, dec: row.meandec }));
    expect(nearest!.distance_arcsec / 3600).toBeCloseTo(Math.min(...distances), 4);
  });

  it('prints a table, and says how many there are', async () => {
    const { stdout, stderr } = await run.cone(
      '0',
      '90',
      '180deg',
      '--database',
      addresses.sqlite!,
      '--limit',
      '2',
    );
    expect(stdout).toMatch(/^oid +distance_arcsec +meanra/);
    expect(stdout.trimEnd().split('\n')).toHaveLength(3);
    expect(stderr).toBe('apf: 2 objects\n');
  });

  it('refuses what it cannot do before it asks the database', async () => {
    const error = async (...args: string[]): Promise<Error | undefined> =>
      (await run.cone(...args, '--database', join(folder, 'nowhere.sqlite'))).error;
    expect(await error('x', '0', '5')).toBeInstanceOf(UsageError);
    expect(await error('0', '0', '5', '--limit', '0')).toBeInstanceOf(UsageError);
    expect(await error('0', '0', '5', '--format', 'parquet')).toBeInstanceOf(UsageError);
    expect(await error('0', '0', '5', '-o', 'x.txt')).toBeInstanceOf(UsageError);
    expect((await error('0', '0', '5'))?.message).toContain('there is no database');
    expect(existsSync(join(folder, 'nowhere.sqlite'))).toBe(false);
  });
});

describe.each(['sqlite', 'postgres'])('apf db object in %s', (engine) => {
  const [{ oid }] = [...objects].sort((a, b) => b.ndet - a.ndet) as [ObjectRow];
  const own = detections.filter((row) => row.oid === oid).sort((a, b) => a.mjd - b.mjd);

  it('prints all that is known', async () => {
    const { stdout, exitCode } = await run.object(oid, '--database', addresses[engine]!);
    const limits = nonDetections.filter((row) => row.oid === oid).length;
    expect(stdout).toContain(`object (1)\n`);
    expect(stdout).toContain(`\ndetection (${own.length})\n`);
    if (limits > 0) expect(stdout).toContain(`\nnon_detection (${limits})\n`);
    expect(stdout).not.toContain('feature');
    expect(exitCode).toBe(0);
  });

  it('gives detections as they were written, to JSON, CSV and Parquet', async () => {
    const args = [oid, '--table', 'detection', '--database', addresses[engine]!];
    const json = await run.object(...args, '--format', 'json');
    const asWritten = (row: object): object =>
      Object.fromEntries(
        Object.entries(row).map(([name, value]) => {
          if (typeof value !== 'number' || ['mjd', 'ra', 'dec', 'isdiffpos'].includes(name))
            return [name, value];
          return [name, name === 'pid' ? BigInt(value) : Math.fround(value)];
        }),
      );
    expect(jsonLines<object>(json.stdout).map(asWritten)).toEqual(own);

    const path = join(folder, `${engine}.parquet`);
    expect((await run.object(...args, '-o', path)).error).toBeUndefined();
    const bytes = readFileSync(path);
    const rows = await parquetReadObjects({
      file: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length),
    });
    const parsed = rows.map((row) => ({ ...row, extra_fields: parseJson(row.extra_fields as string) }));
    expect(parsed).toEqual(own);

    const csv = join(folder, `${engine}.csv`);
    await run.object(...args, '-o', csv);
    const [head, first, ...rest] = readFileSync(csv, 'utf8').trimEnd().split('\n');
    expect(head).toMatch(/^candid,oid,mjd,band,/);
    expect(first!.split(',').slice(0, 4)).toEqual([
      String(own[0]!.candid),
      oid,
      String(own[0]!.mjd),
      own[0]!.band,
    ]);
    expect(rest).toHaveLength(own.length - 1);
  });

  it('fails where there is no such object, and quotes what was asked for', async () => {
    const { stderr, exitCode } = await run.object("x' or '1'='1\u001b[2J", '--database', addresses[engine]!);
    expect(exitCode).toBe(1);
    expect(stderr).toContain(String.raw`has no rows of "x' or '1'='1\u001b[2J"`);
  });
});

describe('apf db object', () => {
  it('wants to know of which table a file is to be', async () => {
    const { error } = await run.object('x', '--database', addresses.sqlite!, '--format', 'csv');
    expect(error?.message).toContain('add --table');
  });
});

describe.each(['sqlite', 'postgres'])('apf db alert in %s', (engine) => {
  const schema = parseSchema(ZTF_ALERT_SCHEMA);
  const [{ alert: sent }] = [
    ...syntheticZtf({ seed: 10, objects: 5, now: new Date('2026-10-01T18:00:00Z') }),
  ] as [{ alert: ZtfAlert }];
  const { candid } = sent;
  const database = (): string[] => ['--database', addresses[engine]!];

  beforeAll(async () => {
    const opened = await openDatabase(databaseAt(addresses[engine]!));
    const { kysely } = opened;
    await kysely
      .insertInto('schema')
      .values({ id: schema.fingerprint, text: schema.json })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    const payload = schema.encode(sent);
    const place = { topic: 'ztf', partition: 1, offset: 0 };
    const row = { candid, survey: 'ztf', mjd: 60_000, schema_id: schema.fingerprint, payload, ...place };
    await kysely.insertInto('alert').values(row).execute();
    await opened.close();
  });

  it('gives an alert as it came, as JSON and as a file', async () => {
    const { stdout, exitCode } = await run.alert(String(candid), ...database());
    expect(exitCode).toBe(0);
    expect(stdout).toBe(`${toJson(sent, { schema })}\n`);
    const file = join(folder, `${engine}.avro`);
    expect((await run.alert(String(candid), ...database(), '--out', file)).error).toBeUndefined();
    const { records } = readContainer(readFileSync(file));
    expect(records.map((record) => schema.encode(record))).toEqual([schema.encode(sent)]);
    const again = await run.alert(String(candid), ...database(), '--out', file);
    expect(again.error?.message).toContain('is there already');
  });

  it('says that there is none, and what an id is', async () => {
    const { exitCode, stderr } = await run.alert('1', ...database());
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/has no alert 1\n$/);
    for (const wrong of ['ZTF20aaelulu', '9223372036854775808'])
      expect((await run.alert(wrong, ...database())).error).toBeInstanceOf(UsageError);
  });
});

describe('apf db init, diff and migrate', () => {
  const schema = (...fields: object[]): string => {
    const path = join(folder, 'result.avsc');
    writeFileSync(path, JSON.stringify({ type: 'record', namespace: 'sn', name: 'result', fields }));
    return path;
  };
  const oid = { name: 'oid', type: 'string' };
  const score = { name: 'score', type: ['null', 'float'] };

  it('make the table of a schema, and add what the schema gets', async () => {
    const database = ['--database', join(folder, 'result.sqlite')];
    const first = await run.init('--schema', schema(oid), '--key', 'oid', ...database);
    expect(first.stdout).toBe(
      'result: create the table with 1 columns, key oid\nthe database is at version 1\n',
    );
    const again = await run.init('--schema', schema(oid), '--key', 'oid', ...database);
    expect(again.stdout).toBe('the tables are there already, as they should be\n');

    const wanted = ['--schema', schema(oid, score), '--key', 'oid', ...database];
    expect((await run.init(...wanted)).error?.message).toContain(
      "has a table 'result' already, which differs",
    );
    expect((await run.diff(...wanted)).stdout).toBe('result: add the column "score", float\n');
    expect((await run.diff(...wanted, '--sql')).stdout).toBe(
      'ALTER TABLE "result" ADD COLUMN "score" FLOAT;\n',
    );
    expect((await run.migrate(...wanted)).stdout).toContain('the database is at version 2');
    expect((await run.diff(...wanted)).stdout).toBe('nothing to do: the tables are as they should be\n');
    const dropped = ['--schema', schema(oid), '--key', 'oid', ...database];
    expect((await run.diff(...dropped)).stdout).toBe(
      'nothing to do: the tables are as they should be\nkept, though no longer asked for: result: the column "score"\n',
    );
  });

  it("use the database of the step's own settings", async () => {
    const project = mkdtempSync(join(folder, 'step-'));
    writeFileSync(
      join(project, 'settings.ts'),
      `const name: string = 'mine.sqlite';
       export default { CONSUMER_CONFIG: { CLASS: 'AvroFileConsumer', FILE_PATH: 'x.avro' }, DB_CONFIG: { FILE_PATH: name } };`,
    );
    const before = process.cwd();
    process.chdir(project);
    try {
      const made = await run.init('--model', 'light-curve', '--json');
      expect(JSON.parse(made.stdout)).toMatchObject({ version: 1 });
      expect(existsSync(join(project, 'mine.sqlite'))).toBe(true);
      writeFileSync(
        join(project, 'settings.ts'),
        `export default { CONSUMER_CONFIG: { CLASS: 'AvroFileConsumer', FILE_PATH: 'x.avro' } };`,
      );
      expect((await run.diff('--model', 'light-curve')).error?.message).toContain('has no DB_CONFIG');
      process.chdir(folder);
      expect((await run.diff('--model', 'light-curve')).error?.message).toContain(
        'there is no settings.ts in',
      );
    } finally {
      process.chdir(before);
    }
  });

  it("make and migrate the table of a step's results, from its settings alone", async () => {
    const project = mkdtempSync(join(folder, 'step-'));
    const write = (...fields: object[]): void =>
      writeFileSync(join(project, 'row.avsc'), readFileSync(schema(...fields)));
    writeFileSync(
      join(project, 'settings.ts'),
      `export default { CONSUMER_CONFIG: { CLASS: 'AvroFileConsumer', FILE_PATH: 'x.avro' },
         DB_CONFIG: { FILE_PATH: './data/sn.sqlite', TABLE: 'sn', SCHEMA_PATH: './row.avsc', KEY: 'oid' } };`,
    );
    write(oid);
    const before = process.cwd();
    process.chdir(project);
    try {
      expect((await run.init()).stdout).toContain('sn: create the table with 1 columns, key oid');
      expect(existsSync(join(project, 'data', 'sn.sqlite'))).toBe(true);
      write(oid, score);
      expect((await run.diff()).stdout).toBe('sn: add the column "score", float\n');
      expect((await run.migrate()).stdout).toContain('the database is at version 2');
    } finally {
      process.chdir(before);
    }
  });

  it('take a folder that is not there for a mistake of who typed it', async () => {
    const database = join(folder, 'no', 'such', 'x.db');
    const { error } = await run.init('--model', 'light-curve', '--database', database);
    expect(error).toBeInstanceOf(UsageError);
    expect(error?.message).toBe(
      `the database ${database} cannot be made: its folder does not exist; make it, or name another file`,
    );
  });

  it.each([
    [[], 'say which tables'],
    [['--model', 'light-curve', '--schema', 'x'], 'say which tables'],
    [['--schema', 'x.avsc'], 'needs --key'],
    [['--model', 'light-curve', '--key', 'oid'], 'go with --schema'],
    [['--model', 'light-curve', '--enrichment', 'cdsxmatch'], 'takes name:type'],
    [['--model', 'light-curve', '--enrichment', 'Candid:text'], 'only in upper and lower case'],
    [['--model', 'light-curve', '--database', 'mysql://x/y'], "no database of the kind 'mysql'"],
  ])('refuse %j', async (args, why) => {
    const { error } = await run.diff(...args);
    expect(error).toBeInstanceOf(UsageError);
    expect(error?.message).toContain(why);
  });
});

describe.each(['sqlite', 'postgres'])('an alert in the %s of a light-curve chain', (engine) => {
  const database = (): string[] => ['--database', addresses[engine]!];
  // The object of which most alerts are told.
  const alerts = skyAlerts();
  const countOf = (oid: string): number => alerts.filter(({ objectId }) => objectId === oid).length;
  const oid = alerts.reduce(
    (best, { objectId }) => (countOf(objectId) > countOf(best) ? objectId : best),
    '',
  );
  const own = alerts.filter(({ objectId }) => objectId === oid);

  it('7: is plotted by the id of its object, the last one, or by its own', async () => {
    const plot = (...args: string[]): Promise<Ran> => runCommand('plot <alert>', plotCommand, ...args);
    const last = await plot(oid, ...database());
    expect(last.error).toBeUndefined();
    expect(last.stdout).toContain(`${oid}\nZTF ${own.at(-1)!.candid} ·`);
    const first = await plot(String(own[0]!.candid), ...database());
    expect(first.stdout).toContain(`${oid}\nZTF ${own[0]!.candid} ·`);
    const none = await plot('ZTF00nothing', ...database());
    expect(none.error?.message).toContain('no alert or object of that id in the database: look elsewhere');
  });

  it('8: gives the light curve of its object, each measurement once', async () => {
    const ran = await runCommand('lightcurve <object>', lightCurveCommand, oid, ...database());
    expect(ran.error).toBeUndefined();
    const [head, ...lines] = ran.stdout.trimEnd().split('\n');
    expect(head).toMatch(/^oid,kind,id/);
    const detections = lines.filter((line) => line.includes(',detection,'));
    const told = new Set(
      own.flatMap(({ candid, prv_candidates: earlier }) => [
        candid,
        ...(earlier ?? []).flatMap((one) => (one.candid === null ? [] : [one.candid])),
      ]),
    );
    expect(detections).toHaveLength(told.size);
  });

  it('8: two places to look in exclude each other', async () => {
    const both = await runCommand('plot <alert>', plotCommand, oid, ...database(), '--topic', 't');
    expect(both.error).toBeInstanceOf(UsageError);
    expect(both.error?.message).toBe('name one place to look in: --in, --topic or --db');
  });
});
