import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DatabaseSettings } from '@apf/core';
import { startPostgres, type TestPostgres } from '../../../../scripts/test/postgres-for-tests.js';

let server: TestPostgres | undefined;
const folders: string[] = [];

/** The PostgreSQL of this file's tests. */
export async function postgres(): Promise<TestPostgres> {
  return (server ??= await startPostgres());
}

/** An empty database of its own: a new file, or a new one on this file's server. */
export async function freshDatabase(engine: 'sqlite' | 'postgres'): Promise<DatabaseSettings> {
  if (engine === 'postgres') {
    return { ENGINE: 'postgres', PARAMS: await (await postgres()).createDatabase() };
  }
  const folder = mkdtempSync(join(tmpdir(), 'apf-sql-'));
  folders.push(folder);
  return { ENGINE: 'sqlite', FILE_PATH: join(folder, 'test.sqlite') };
}

export const ENGINES = ['sqlite', 'postgres'] as const;

afterAll(async () => {
  await server?.stop();
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});
