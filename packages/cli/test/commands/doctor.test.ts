import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { command } from '../../src/commands/doctor.js';
import { type Ran, runCommand } from './run-command.js';

const folder = mkdtempSync(join(tmpdir(), 'apf-doctor-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function doctor(settings: string): Promise<Ran> {
  const project = mkdtempSync(join(folder, 'step-'));
  writeFileSync(join(project, 'settings.ts'), `export default ${settings};`);
  writeFileSync(join(project, 'alerts.jsonl'), '{}');
  writeFileSync(
    join(project, 't.avsc'),
    JSON.stringify({ type: 'record', name: 't', fields: [{ name: 'id', type: 'long' }] }),
  );
  return runCommand('doctor [folder]', command, project);
}

describe('apf doctor', () => {
  const CONSUMER = `CONSUMER_CONFIG: { CLASS: 'JsonConsumer', FILE_PATH: 'alerts.jsonl' }`;

  it('ends with 0 where all is well, and says that the first start makes the database', async () => {
    const { exitCode, stdout } = await doctor(
      `{ ${CONSUMER}, DB_CONFIG: { TABLE: 't', KEY: 'id', SCHEMA_PATH: './t.avsc' } }`,
    );
    expect({ exitCode, stdout }).toEqual({
      exitCode: 0,
      stdout: expect.stringContaining('is not there yet: the first start makes it') as string,
    });
  });

  it('ends with 2 for mistaken settings, with 1 for what else fails', async () => {
    expect(await doctor(`{ CONSUMER_CONFIG: { CLASS: 'JsonConsumer' } }`)).toMatchObject({ exitCode: 2 });
    expect(
      await doctor(`{ ${CONSUMER}, DB_CONFIG: { TABLE: 't', KEY: 'id', SCHEMA_PATH: './none.avsc' } }`),
    ).toMatchObject({ exitCode: 2, stdout: expect.stringContaining('none.avsc') as string });
    expect(
      await doctor(`{ ${CONSUMER}, DB_CONFIG: { FILE_PATH: 'none.sqlite', TABLE: 't' } }`),
    ).toMatchObject({
      exitCode: 1,
    });
  });
});
