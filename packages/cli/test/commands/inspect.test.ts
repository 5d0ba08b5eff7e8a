import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { parseJson, parseSchema, UsageError, writeContainer } from '@apf/core';
import { command } from '../../src/commands/inspect.js';
import { runCommand, type Ran } from './run-command.js';

const schema = parseSchema({
  type: 'record',
  name: 's.alert',
  fields: [
    { name: 'candid', type: 'long' },
    { name: 'mag', type: 'float' },
    { name: 'stamp', type: 'bytes' },
  ],
});
const alert = { candid: 2n ** 60n + 1n, mag: Math.fround(17.45), stamp: Buffer.from('pixels') };
const container = writeContainer(schema, [alert, { ...alert, mag: NaN }], { codec: 'deflate' });
const bare = schema.encode(alert);
const confluent = Buffer.concat([Buffer.from([0, 0, 0, 0, 7]), bare]);

describe('apf inspect', () => {
  let folder: string;
  const inspect = (...args: string[]): Promise<Ran> => runCommand('inspect <files..>', command, ...args);
  const lines = (ran: Ran): unknown[] =>
    ran.stdout
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => parseJson(line));

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'apf-inspect-'));
    mkdirSync(join(folder, 'night [1]'));
    writeFileSync(join(folder, 'night [1]/b.avro'), container);
    writeFileSync(join(folder, 'a.avro'), container.subarray(0, -1));
    writeFileSync(join(folder, 'c.bin'), confluent);
    writeFileSync(join(folder, 'd.bin'), bare);
    writeFileSync(join(folder, '7.avsc'), schema.json);
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('describes each file of a folder in a line, and ends with 1 if one is damaged', async () => {
    const ran = await inspect(folder);
    expect(lines(ran)).toEqual([
      {
        file: join(folder, 'a.avro'),
        framing: 'ocf',
        codec: 'deflate',
        schema_name: 's.alert',
        records: 0,
        error: expect.stringMatching(/^APF_TRUNCATED: /),
      },
      {
        file: join(folder, 'night [1]/b.avro'),
        framing: 'ocf',
        codec: 'deflate',
        schema_name: 's.alert',
        records: 2,
      },
    ]);
    expect(Object.keys(lines(ran)[0] as object).slice(-2)).toEqual(['records', 'error']);
    expect(ran).toMatchObject({
      exitCode: 1,
      error: undefined,
      stderr: 'apf: framing detected: container (ocf)\n',
    });
  });

  it('takes a path that exists literally, and a glob otherwise', async () => {
    expect(lines(await inspect(join(folder, 'night [1]/b.avro')))).toHaveLength(1);
    expect(lines(await inspect(join(folder, '*.avro')))).toHaveLength(1);
    expect(lines(await inspect(join(folder, '*.avro'), join(folder, 'a.avro'), folder))).toHaveLength(2);
  });

  it('looks into archives and unpacks gzip, whatever the name', async () => {
    writeFileSync(join(folder, 'packed.dat'), gzipSync(container));
    execFileSync('tar', ['czf', 'n.tar.gz', 'a.avro', 'night [1]/b.avro'], { cwd: folder });
    const ran = await inspect(join(folder, 'packed.dat'), join(folder, 'n.tar.gz'));
    expect(lines(ran)).toMatchObject([
      { file: join(folder, 'packed.dat'), records: 2 },
      { file: `${join(folder, 'n.tar.gz')}#a.avro`, error: expect.stringMatching(/^APF_TRUNCATED/) },
      { file: `${join(folder, 'n.tar.gz')}#night [1]/b.avro`, records: 2 },
    ]);
  });

  it('says of an archive that is cut short what was whole, and that it is cut', async () => {
    execFileSync('tar', ['cf', 'n.tar', 'a.avro', 'night [1]/b.avro'], { cwd: folder });
    truncateSync(join(folder, 'n.tar'), 1500);
    const ran = await inspect(join(folder, 'n.tar'));
    expect(lines(ran).at(-1)).toMatchObject({
      file: join(folder, 'n.tar'),
      framing: 'none',
      error: expect.stringMatching(/^APF_FILE: .* cannot be read: /),
    });
    expect(ran.exitCode).toBe(1);
  });

  it('prints every alert with exact integers, short floats and base64', async () => {
    const ran = await inspect('--records', join(folder, 'night [1]/b.avro'));
    expect(ran.stdout).toBe(
      '{"candid":1152921504606846977,"mag":17.45,"stamp":"cGl4ZWxz"}\n' +
        '{"candid":1152921504606846977,"mag":null,"stamp":"cGl4ZWxz"}\n',
    );
    expect(ran.exitCode).toBe(0);
    const literal = await inspect('--records', '--non-finite', 'literal', join(folder, 'night [1]/b.avro'));
    expect(literal.stdout).toContain('"mag":NaN');
  });

  it('names the file of an alert that cannot be printed', async () => {
    const ran = await inspect('--records', folder, '--framing', 'container');
    expect(lines({ ...ran })).toHaveLength(2);
    expect(ran.stderr).toBe(
      `apf: ${join(folder, 'a.avro')}: APF_TRUNCATED: ${ran.stderr.split('APF_TRUNCATED: ')[1]}`,
    );
    expect(ran.exitCode).toBe(1);
  });

  it('reads Confluent-framed and bare files with their schemas', async () => {
    const without = await inspect(join(folder, 'c.bin'));
    expect(lines(without)).toMatchObject([{ framing: 'confluent', schema_id: 7, error: expect.any(String) }]);
    expect(without.exitCode).toBe(1);
    const read = await inspect(join(folder, 'c.bin'), '--schemas', folder);
    expect(lines(read)).toMatchObject([{ framing: 'confluent', schema_name: 's.alert', records: 1 }]);
    const schemaless = await inspect(
      join(folder, 'd.bin'),
      '--framing',
      'schemaless',
      '--schema',
      join(folder, '7.avsc'),
    );
    expect(lines(schemaless)).toMatchObject([{ framing: 'schemaless', schema_name: 's.alert', records: 1 }]);
    expect(schemaless).toMatchObject({ exitCode: 0, stderr: '' });
  });

  it('refuses what is not there', async () => {
    for (const args of [
      [join(folder, 'x.avro')],
      [join(folder, 'x*.avro')],
      [join(folder, 'c.bin'), '--schemas', join(folder, 'x')],
      [join(folder, 'd.bin'), '--schema', join(folder, 'x')],
    ]) {
      const ran = await inspect(...args);
      expect(ran.error).toBeInstanceOf(UsageError);
      expect(ran.stdout).toBe('');
    }
  });
});
