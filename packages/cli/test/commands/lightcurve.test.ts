import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parquetReadObjects } from 'hyparquet';
import { parseSchema, UsageError, writeContainer } from '@apf/core';
import { command } from '../../src/commands/lightcurve.js';
import { runCommand, type Ran } from './run-command.js';

const source = {
  type: 'record',
  name: 'diaSource',
  fields: [
    { name: 'diaSourceId', type: 'long' },
    ...['midpointMjdTai', 'ra', 'dec'].map((name) => ({ name, type: 'double' })),
    { name: 'band', type: 'string' },
    { name: 'psfFlux', type: ['null', 'double'] },
    { name: 'psfFluxErr', type: 'double' },
  ],
};
const schema = parseSchema({
  type: 'record',
  name: 'alert',
  fields: [
    { name: 'diaSource', type: source },
    { name: 'prvDiaSources', type: { type: 'array', items: 'diaSource' } },
    {
      name: 'diaObject',
      type: { type: 'record', name: 'diaObject', fields: [{ name: 'diaObjectId', type: 'long' }] },
    },
  ],
});
const at = (id: bigint, mjd: number, flux: number | null): object => ({
  diaSourceId: id,
  midpointMjdTai: mjd,
  ra: 1,
  dec: 2,
  band: 'g',
  psfFlux: flux,
  psfFluxErr: 2,
});
const object = { diaObjectId: 313761043604045880n };
const ALERTS = [
  { diaSource: at(1n, 61000.5, -100), prvDiaSources: [], diaObject: object },
  { diaSource: at(2n, 61001.5, null), prvDiaSources: [at(1n, 61000.5, -100)], diaObject: object },
];

describe('apf lightcurve', () => {
  let folder: string;
  const path = (name: string): string => join(folder, name);
  const run = (...args: string[]): Promise<Ran> => runCommand('lightcurve <object>', command, ...args);

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'apf-lightcurve-'));
    ALERTS.forEach((alert, i) => writeFileSync(path(`${i}.avro`), writeContainer(schema, [alert])));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('prints CSV of all measurements in some files, each once', async () => {
    const ran = await run('313761043604045880', '--in', folder);
    expect(ran.error).toBeUndefined();
    const lines = ran.stdout.trimEnd().split('\n');
    expect(lines[0]).toBe(
      'oid,kind,id,is_alert,mjd,mjd_tai,band,flux,e_flux,sign,mag,e_mag,limit_mag,mag_apparent,e_mag_apparent,flags',
    );
    expect(lines).toHaveLength(3);
    expect(lines[1]).toMatch(
      /^313761043604045880,detection,1,true,61000\.499\d+,61000\.5,g,-100,2,-1,26\.4,0\.0217/,
    );
    expect(lines[2]).toMatch(/^313761043604045880,detection,2,true,61001\.499\d+,61001\.5,g,,2,,,,/);
  });

  it('writes ECSV and VOTable with units and time scales', async () => {
    expect((await run(path('1.avro'), '--out', path('a.ecsv'))).stderr).toContain('has 2 measurements');
    const ecsv = readFileSync(path('a.ecsv'), 'utf8');
    expect(ecsv).toMatch(/^# %ECSV 1\.0\n# ---\n/);
    expect(ecsv).toContain('# - {name: flux, unit: nJy, datatype: float64,');
    expect(ecsv).toContain(
      '# - {name: mjd, unit: d, datatype: float64, description: "Modified Julian Date, UTC"}',
    );
    expect(
      ecsv
        .trimEnd()
        .split('\n')
        .filter((line) => !line.startsWith('#')),
    ).toHaveLength(3);
    const { stdout } = await run(path('1.avro'), '--format', 'votable');
    expect(stdout).toContain('<TIMESYS ID="utc" timescale="UTC"');
    expect(stdout).toContain('<FIELD name="mjd" datatype="double" unit="d" ucd="time.epoch" ref="utc">');
    expect(stdout.match(/<TR>/g)).toHaveLength(2);
  });

  it('writes Parquet', async () => {
    expect((await run(path('1.avro'), '--out', path('a.parquet'))).error).toBeUndefined();
    const bytes = readFileSync(path('a.parquet'));
    const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);
    const rows = await parquetReadObjects({ file });
    expect(rows).toMatchObject([
      { id: '1', flux: -100, sign: -1, is_alert: false, mjd_tai: 61000.5 },
      { id: '2', flux: null, sign: null, is_alert: true },
    ]);
  });

  it('says what is wrong in a line', async () => {
    writeFileSync(path('there.csv'), '');
    for (const [args, message] of [
      [[path('0.avro'), '--out', 'x.fits'], 'does not say in which form'],
      [[path('0.avro'), '--format', 'parquet'], 'needs a file'],
      [[path('0.avro'), '--out', path('there.csv')], '--overwrite replaces it'],
    ] as const) {
      const { error } = await run(...args);
      expect(error).toBeInstanceOf(UsageError);
      expect(error!.message).toContain(message);
    }
  });
});
