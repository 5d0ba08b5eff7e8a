import { mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseSchema, readContainer } from '@apf/core';
import { AlertFileSink, alertName } from '../../src/saved/index.js';
import type { SavedAlert } from '../../src/saved/alert-bytes.js';

const schema = parseSchema({
  type: 'record',
  name: 'alert',
  fields: [
    { name: 'objectId', type: 'string' },
    { name: 'candid', type: 'long' },
    { name: 'mag', type: 'double' },
  ],
});
const saved = (objectId: string, candid: bigint, mag: number, offset: number): SavedAlert => {
  const value = { objectId, candid, mag };
  const origin = { topic: 't', partition: 1, offset, value: schema.encode(value) };
  return { value: { value, schema, framing: 'schemaless' }, origin };
};

describe('AlertFileSink', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'apf-alerts-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const save = async (alerts: readonly SavedAlert[], overwrite = false): Promise<AlertFileSink> => {
    const sink = new AlertFileSink({ folder, overwrite });
    await sink.open();
    expect(await sink.write(alerts)).toEqual([]);
    await sink.flush();
    return sink;
  };
  const read = async (name: string): Promise<unknown> =>
    readContainer(await readFile(join(folder, name))).records;

  it('2.8: a file is never overwritten unasked, the same alert changes nothing', async () => {
    await save([saved('ZTF1', 1n, 18, 0)]);
    const again = await save([saved('ZTF1', 1n, 18, 0), saved('ZTF1', 1n, 19, 7)]);
    expect([again.written, again.known]).toEqual([1, 1]);
    expect((await readdir(folder)).sort()).toEqual(['ZTF1_1-t-1-7.avro', 'ZTF1_1.avro']);
    expect(await read('ZTF1_1.avro')).toEqual([{ objectId: 'ZTF1', candid: 1n, mag: 18 }]);
    await save([saved('ZTF1', 1n, 20, 8)], true);
    expect(await read('ZTF1_1.avro')).toEqual([{ objectId: 'ZTF1', candid: 1n, mag: 20 }]);
  });

  it('the same alert twice in one batch is one file', async () => {
    const sink = await save([saved('ZTF1', 1n, 18, 0), saved('ZTF1', 1n, 18, 0)]);
    expect(sink.written + sink.known).toBe(2);
    expect(await readdir(folder)).toEqual(['ZTF1_1.avro']);
  });

  it('no name from an alert leaves the folder or follows a link', async () => {
    await symlink('/dev/null', join(folder, 'ZTF9_9.avro'));
    await save([
      saved('../../etc/passwd', 1n, 1, 0),
      saved('-rf', 2n, 1, 1),
      saved('', 3n, 1, 2),
      saved('ZTF9', 9n, 1, 3),
    ]);
    expect((await readdir(folder)).sort()).toEqual([
      '3.avro',
      'ZTF9_9-t-1-3.avro',
      'ZTF9_9.avro',
      '__.._etc_passwd_1.avro',
      '_rf_2.avro',
    ]);
  });
});

it.each([
  [{ objectId: 'ZTF1', candid: 5n }, 'ZTF1_5'],
  [{ diaSourceId: 2n ** 60n, diaObject: null }, '1152921504606846976'],
  [{ alertId: 1231321321n, diaSource: { diaSourceId: 7n } }, '7'],
  [{ oid: 'ZTF1', candid: '5' }, 'ZTF1_5'],
  [{ objectId: 'a/b' }, 'a_b_t-0-3'],
  [{}, 't-0-3'],
  [null, 't-0-3'],
])('the file of %p is %s', (alert, name) => {
  expect(alertName(alert, { topic: 't', partition: 0, offset: 3 })).toBe(name);
});
