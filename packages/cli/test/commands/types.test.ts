import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseSchema, UsageError, writeContainer } from '@apf/core';
import { command } from '../../src/commands/types.js';
import { runCommand, type Ran } from './run-command.js';

const schema = parseSchema({
  type: 'record',
  name: 's.alert',
  fields: [{ name: 'W1-W2', type: ['null', 'long'] }],
});

describe('apf types', () => {
  let folder: string;
  const types = (...args: string[]): Promise<Ran> => runCommand('types [schema]', command, ...args);

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'apf-types-'));
    writeFileSync(join(folder, 'alert.avsc'), schema.json);
    writeFileSync(join(folder, 'alert.avro'), writeContainer(schema, []));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("prints the types of a schema's values, or of an Avro file's", async () => {
    const ran = await types(join(folder, 'alert.avsc'));
    expect(ran.stdout).toMatch(/^\/\/ Made by `apf types`: the values of the schema s\.alert\./);
    expect(ran.stdout).toContain("export interface Alert {\n  'W1-W2': bigint | null;\n}\n");
    expect((await types('--from', join(folder, 'alert.avro'))).stdout).toBe(ran.stdout);
    expect((await types(join(folder, 'alert.avsc'), '--name', 'detection')).stdout).toContain(
      'interface Detection {',
    );
  });

  it('refuses anything else in one line', async () => {
    for (const args of [
      [],
      [join(folder, 'alert.avsc'), '--from', join(folder, 'alert.avro')],
      [join(folder, 'x.avsc')],
      ['--from', join(folder, 'x.avro')],
      ['--from', join(folder, 'alert.avsc')],
    ]) {
      const ran = await types(...args);
      expect(ran.error).toBeInstanceOf(UsageError);
      expect(ran.error!.message).not.toContain('\n');
      expect(ran.stdout).toBe('');
    }
  });
});
