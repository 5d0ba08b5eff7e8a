import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { folderSchemaSource, loadSchema, parseSchema, writeContainer } from '../../src/codecs/index.js';
import { UsageError } from '../../src/errors.js';

const record = (name: string, ...types: unknown[]): string =>
  JSON.stringify({ type: 'record', name, fields: types.map((type, i) => ({ name: `f${i}`, type })) });

describe('schemas in files', () => {
  let folder: string;
  const put = (files: Readonly<Record<string, string>>): void => {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
  };
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'apf-schemas-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const split = {
    'alert.avsc': record('ztf.alert', 'ztf.alert.candidate', [
      'null',
      { type: 'array', items: 'ztf.alert.candidate' },
    ]),
    'candidate.avsc': JSON.stringify({
      type: 'record',
      // Its namespace is the name of the root.
      namespace: 'ztf.alert',
      name: 'candidate',
      fields: [
        { name: 'f0', type: 'double' },
        { name: 'f1', type: 'cutout' },
      ],
    }),
    'cutout.avsc': record('ztf.alert.cutout', 'bytes'),
    'simple.avsc': record('ztf.simple', 'int'),
    'notes.txt': 'no schema',
  };

  it('are put together by the names in them, from a file or from the whole folder', () => {
    put(split);
    const value = { f0: { f0: 1, f1: { f0: Buffer.from('a') } }, f1: null };
    for (const path of [folder, join(folder, 'alert.avsc')]) {
      const schema = loadSchema(path);
      expect(schema.name).toBe('ztf.alert');
      expect(schema.decoder().decode(schema.encode(value))).toEqual(value);
      // The text is whole: a container carries it.
      expect(parseSchema(schema.json).encode(value)).toEqual(schema.encode(value));
    }
  });

  it('keep their own text where nothing had to be put in', () => {
    put({ 'a.avsc': ' {"type": "fixed", "name": "x", "size": 2 } ' });
    expect(loadSchema(folder).json).toBe(' {"type": "fixed", "name": "x", "size": 2 } ');
    expect(loadSchema(join(folder, 'a.avsc')).name).toBe('x');
  });

  it('are taken from an Avro container too', () => {
    const schema = parseSchema(record('inside', 'int'));
    writeFileSync(join(folder, 'alert.avro'), writeContainer(schema, [{ f0: 1 }]));
    expect(loadSchema(join(folder, 'alert.avro')).name).toBe('inside');
  });

  it('are refused with the file and the reason', () => {
    put({ ...split, 'cutout.avsc': '{"type": "record",}' });
    expect(() => loadSchema(folder)).toThrow(UsageError);
    expect(() => loadSchema(folder)).toThrow(
      /alert\.avsc: not an Avro schema: the type 'cutout' is not defined .*not JSON: .*cutout\.avsc/,
    );
    expect(() => loadSchema(join(folder, 'cutout.avsc'))).toThrow(/cutout\.avsc: not an Avro schema/);
    expect(() => loadSchema(join(folder, 'missing.avsc'))).toThrow(
      /^the schema '.*missing\.avsc' cannot be read: no such file or folder \(ENOENT\); check the path$/,
    );
    put({ 'empty/readme.md': '' });
    expect(() => loadSchema(join(folder, 'empty'))).toThrow('has no .avsc file');
    put({ 'two/a.avsc': record('a', 'int'), 'two/b.avsc': record('b', 'int') });
    expect(() => loadSchema(join(folder, 'two'))).toThrow(
      /more than one schema; name one of its files: .*a\.avsc, .*b\.avsc/,
    );
  });

  it('are found by the id, as files of that name', () => {
    put({ '7.avsc': record('seven', 'int'), '8.avsc': record('eight', 'int') });
    const source = folderSchemaSource(folder);
    expect(source.byId(7).name).toBe('seven');
    expect(source.byId(7)).toBe(source.byId(7));
    expect(() => source.byId(9)).toThrow(expect.objectContaining({ code: 'APF_SCHEMA_UNKNOWN' }));
  });

  it("are found by the id that Rubin's versions have", () => {
    put({
      'lsst/v7_4/lsst.v7_4.alert.avsc': record('lsst.v7_4.alert', 'lsst.v7_4.diaSource'),
      'lsst/v7_4/lsst.v7_4.diaSource.avsc': record('lsst.v7_4.diaSource', 'int'),
      'lsst/v10_0/lsst.v10_0.alert.avsc': record('lsst.v10_0.alert', 'int'),
      'rapid/v10_00/rapid.v10_00.alert.avsc': record('rapid.alert', 'int'),
    });
    expect(folderSchemaSource(join(folder, 'lsst')).byId(704).name).toBe('lsst.v7_4.alert');
    const both = folderSchemaSource(folder);
    expect(both.byId(704).name).toBe('lsst.v7_4.alert');
    expect(() => both.byId(1000)).toThrow(/several schemas for id 1000/);
    expect(() => folderSchemaSource(join(folder, 'nowhere'))).toThrow(UsageError);
  });
});
