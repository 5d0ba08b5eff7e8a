import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lightCurveModel, ScribeStep } from '@apf/alerts';
import { buildRun, migrate, openDatabase } from '@apf/connectors';
import { silent } from '@apf/core';
import { ENGINES, freshDatabase } from '../../connectors/test/sql/both-databases.js';

const folder = mkdtempSync(join(tmpdir(), 'apf-scribe-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const detection = { oid: 'ZTF1', mjd: 60000, fid: 1, ra: 10, dec: 20, mag: 18.5 };
const upsert = { upsert: true };

const COMMANDS = [
  { collection: 'object', type: 'insert', data: { oid: 'ZTF1', ndet: 1 } },
  { collection: 'object', type: 'insert', data: { oid: 'ZTF1', ndet: 99 } },
  { collection: 'detection', type: 'update', criteria: { _id: 1 }, data: detection, options: upsert },
  { collection: 'detection', type: 'update', criteria: { candid: 1 }, data: { mag: 19 } },
  // No column of that name, no row to change, and no command at all.
  { collection: 'detection', type: 'update', criteria: { candid: 1 }, data: { magnitude: 20 } },
  { collection: 'detection', type: 'update', criteria: { candid: 2 }, data: { mag: 17 } },
  { collection: 'object', type: 'vanish', data: {} },
  {
    collection: 'object',
    type: 'update',
    criteria: { _id: 'ZTF1' },
    data: { ndet: 2, meanra: 10, meandec: 20 },
  },
  {
    collection: 'object',
    type: 'update_probabilities',
    criteria: { _id: 'ZTF2' },
    data: { classifier_name: 'lc', classifier_version: '1', SNIa: 0.25, RRL: 0.75 },
    options: upsert,
  },
];

describe.each(ENGINES)('the scribe on %s', (engine) => {
  it('carries out a stream of commands in order, and sets aside what it never can, with the reason', async () => {
    const DB_CONFIG = await freshDatabase(engine);
    const database = await openDatabase(DB_CONFIG);
    await migrate(database, lightCurveModel(), 'light-curve');
    const file = join(folder, `${engine}.jsonl`);
    writeFileSync(
      file,
      COMMANDS.map((command) => `${JSON.stringify({ payload: JSON.stringify(command) })}\n`).join(''),
    );
    const letters = join(folder, `${engine}-letters`);
    const settings = {
      CONSUMER_CONFIG: { CLASS: 'JsonConsumer', FILE_PATH: file, 'consume.messages': 100 },
      DB_CONFIG,
      DEAD_LETTERS: { DIRECTORY_PATH: letters },
    };
    const { runner } = await buildRun(settings, ScribeStep, { folder, env: {}, logger: silent });
    const { stats } = await runner.run();
    expect(stats).toMatchObject({ read: COMMANDS.length, deadLetters: 2, committed: COMMANDS.length });
    expect(readdirSync(letters).length).toBeGreaterThan(0);
    const { kysely } = database;
    expect(
      await kysely.selectFrom('object').select(['oid', 'ndet', 'meanra']).orderBy('oid').execute(),
    ).toEqual([
      { oid: 'ZTF1', ndet: 2, meanra: 10 },
      { oid: 'ZTF2', ndet: null, meanra: null },
    ]);
    expect(await kysely.selectFrom('detection').select(['candid', 'band', 'mag']).execute()).toEqual([
      { candid: 1n, band: 'g', mag: 19 },
    ]);
    expect(
      await kysely.selectFrom('probability').select(['class_name', 'ranking']).orderBy('ranking').execute(),
    ).toEqual([
      { class_name: 'RRL', ranking: 1 },
      { class_name: 'SNIa', ranking: 2 },
    ]);
    await database.close();
  });
});
