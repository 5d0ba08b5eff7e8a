import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { FatalError, parseSchema, UsageError } from '@apf/core';
import {
  CrossMatch,
  defineFilter,
  FilterSet,
  filterOf,
  loadCatalogue,
  LSST_ALERT_SCHEMAS,
  syntheticZtf,
  watchlist,
  ZTF_ALERT_SCHEMA,
} from '../../src/index.js';

const CSV = `# from nowhere
main_id,RAJ2000,DEJ2000,main_type,period,gaia
"V* a, b",10.0,20.0,RRLyr,0.5,4295806720
star,10.0003,20.0,Star,,9007199254740993
none,50,-20,,1e-3,007
`;
const alertAt = (ra: number, dec: number): object => ({
  objectId: 'ZTF1',
  candid: 1n,
  candidate: { jd: 2459000, ra, dec, fid: 1 },
});

describe('a catalogue in a file', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'apf-catalogue-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const file = (name: string, content: string | Buffer): string => {
    const path = join(folder, name);
    writeFileSync(path, content);
    return path;
  };

  it.each([
    ['a.csv', CSV],
    ['a.csv.gz', gzipSync(CSV)],
    ['a.tsv', CSV.replace('"V* a, b"', 'V* a; b').replaceAll(',', '\t').replace('a; b', 'a, b')],
  ])('is read with its columns, whatever they are called: %s', async (name, content) => {
    const catalogue = await loadCatalogue(file(name, content));
    expect(catalogue.size).toBe(3);
    const match = new CrossMatch(catalogue, {
      radius: 2,
      fields: { cdsxmatch: 'main_type', id: 'main_id', period: 'period', gaia: 'gaia' },
      separation: 'separation',
      unmatched: 'Unknown',
    });
    expect(match.fieldsOf(alertAt(10, 20.0001))).toEqual({
      ...{ cdsxmatch: 'RRLyr', id: 'V* a, b', period: 0.5, gaia: '4295806720' },
      separation: expect.closeTo(0.36, 9) as number,
    });
    // Ids of 64 bits are not rounded, what is missing is null, and a text that is missing is unknown.
    expect(match.fieldsOf(alertAt(10.0003, 20))).toMatchObject({ gaia: '9007199254740993', period: null });
    expect(match.fieldsOf(alertAt(50, -20))).toMatchObject({
      cdsxmatch: 'Unknown',
      gaia: '007',
      period: 0.001,
    });
    const nothing = { cdsxmatch: 'Unknown', id: 'Unknown', period: null, gaia: 'Unknown', separation: null };
    expect(match.fieldsOf(alertAt(10, 21))).toEqual(nothing);
    expect(match.fieldsOf({ no: 'alert' })).toEqual(nothing);
  });

  it('is read from Parquet, ids of 64 bits as they are', async () => {
    const gaia = [4295806720n, 2n ** 62n + 1n, 7n];
    const columnData = [
      { name: 'ra', data: [10, 10.0003, 50] },
      { name: 'dec', data: [20, 20, -20] },
      { name: 'source_id', data: gaia },
      { name: 'type', data: ['RRLyr', null, 'QSO'] },
      { name: 'variable', data: [true, false, true] },
    ];
    const path = file('gaia.parquet', Buffer.from(parquetWriteBuffer({ columnData })));
    const catalogue = await loadCatalogue(path, { columns: ['source_id', 'type', 'variable'] });
    const fields = { id: 'source_id', type: 'type', variable: 'variable' };
    const match = new CrossMatch(catalogue, { radius: 1, fields });
    expect(match.fieldsOf(alertAt(10.0003, 20))).toEqual({ id: gaia[1], type: null, variable: false });
    const schema = match.extend(parseSchema(ZTF_ALERT_SCHEMA));
    expect(JSON.parse(schema.json)).toMatchObject({
      fields: expect.arrayContaining([
        expect.objectContaining({ name: 'id', type: ['null', 'long'] }),
        expect.objectContaining({ name: 'variable', type: ['null', 'boolean'] }),
      ]) as object[],
    });
  });

  it('adds fields to the schema that its filters and tables need', async () => {
    const match = new CrossMatch(await loadCatalogue(file('a.csv', CSV)), {
      fields: { cdsxmatch: 'main_type', period: 'period' },
      separation: 'cdsxmatch_separation',
      unmatched: 'Unknown',
    });
    const schema = match.extend(parseSchema(ZTF_ALERT_SCHEMA));
    const [{ alert }] = [...syntheticZtf({ seed: 1, objects: 1, now: new Date('2026-10-01T18:00:00Z') })] as [
      { alert: object },
    ];
    const matched = { ...alert, ...match.fieldsOf(alert) };
    expect(schema.decoder().decode(schema.encode(matched))).toMatchObject({
      cdsxmatch: 'Unknown',
      period: null,
      cdsxmatch_separation: null,
    });
    const written = match.extendBytes(
      { schema: parseSchema(ZTF_ALERT_SCHEMA), bytes: parseSchema(ZTF_ALERT_SCHEMA).encode(alert) },
      match.fieldsOf(alert),
    );
    expect(written.bytes.equals(written.schema.encode(matched))).toBe(true);
    const filters = [filterOf("cdsxmatch == 'RRLyr'", 'rrlyr', 'test')];
    const passed: number[] = [];
    const asked = new FilterSet({ filters });
    asked.ask(matched, schema, (index) => void passed.push(index));
    expect(passed).toEqual([]);
    asked.ask({ ...matched, cdsxmatch: 'RRLyr' }, schema, (index) => void passed.push(index));
    expect(passed).toEqual([0]);
    // Without it the filter says what is to be done.
    expect(() => new FilterSet({ filters }).fields(parseSchema(ZTF_ALERT_SCHEMA))).toThrow(
      /needs cdsxmatch: run the cross-match step first/,
    );
    expect(() => match.extend(schema)).toThrow(FatalError);
    for (const each of Object.values(LSST_ALERT_SCHEMAS))
      expect(() => match.extend(parseSchema(each))).not.toThrow();
  });

  it('is a watchlist for a filter of any survey', async () => {
    const definition = watchlist(await loadCatalogue(file('a.csv', CSV)), 2);
    const filters = new FilterSet({ filters: [{ name: 'mine', definition }] });
    const passes = (alert: object): boolean => {
      let passed = false;
      filters.ask(alert, undefined, (_, verdict) => (passed = verdict === true));
      return passed;
    };
    expect(passes(alertAt(10, 20.0003))).toBe(true);
    expect(passes(alertAt(10, 20.001))).toBe(false);
    expect(passes({ diaSource: { diaSourceId: 1n, ra: 50, dec: -20, midpointMjdTai: 60_000 } })).toBe(true);
    expect(defineFilter(definition)).toBe(definition);
  });

  it.each([
    ['x.csv', '', {}, /is empty: its first row names the columns/],
    ['x.csv', 'a,b\n1,2\n', {}, /no column is known for the right ascension; name it: it has a, b/],
    ['x.csv', 'ra,dec\n1,x\n', {}, /row 1 has no number in the column 'dec'/],
    ['x.csv', 'ra,dec\n1,2\n,2\n', {}, /row 2 has no number in the column 'ra'/],
    ['x.csv', 'ra,dec\n1,95\n', {}, /x\.csv: source 1 has the position 1 95/],
    ['x.csv', 'ra,dec\n1,2,3\n', {}, /cannot be read: .*Record Length/],
    ['x.csv', 'ra,dec\n"1,2\n', {}, /cannot be read: .*Quote/],
    ['x.csv', 'ra,dec,type\n1,2,3\n', { columns: ['typ'] }, /has no column 'typ'; did you mean 'type'\?/],
    ['x.csv.gz', 'ra,dec\n1,2\n', {}, /cannot be read: incorrect header check/],
    ['x.parquet', 'PAR1', {}, /cannot be read/],
    ['x.fits', '', {}, /is no catalogue/],
  ])('that cannot be one is refused with what is wrong: %s %j', async (name, content, options, why) => {
    const error: unknown = await loadCatalogue(file(name, content), options).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(UsageError);
    expect((error as Error).message).toMatch(why);
  });

  it('that is not there is refused', async () => {
    await expect(loadCatalogue(join(folder, 'none.csv'))).rejects.toThrow(/cannot be read: ENOENT/);
    await expect(loadCatalogue(join(folder, 'none.parquet'))).rejects.toThrow(/cannot be read: ENOENT/);
  });

  it('refuses columns that it has not, and fields that are none', async () => {
    const catalogue = await loadCatalogue(file('a.csv', CSV));
    const match = (fields: Record<string, string>, separation?: string): CrossMatch =>
      new CrossMatch(catalogue, { fields, separation });
    expect(() => match({ a: 'main_typ' })).toThrow(/no column 'main_typ'; did you mean 'main_type'/);
    expect(() => match({ 'a b': 'main_type' })).toThrow(/cannot name a field/);
    expect(() => match({ a: 'main_type' }, 'a')).toThrow(/writes the field 'a' twice/);
  });
});
