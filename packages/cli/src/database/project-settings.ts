import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { loadSettings, type ResolvedSettings, toError, UsageError } from '@apf/core';
import { createJiti } from 'jiti';

/** Where the settings of the step in a folder stand; undefined where it holds none. */
export const settingsPath = (folder: string): string | undefined =>
  ['settings.ts', 'dist/settings.js'].map((name) => join(folder, name)).find((name) => existsSync(name));

/**
 * The settings of the step in a folder, with its `.env` and the environment over them, as the step itself reads them.
 * @throws UsageError where there is none, or where they are wrong
 */
export async function projectSettings(folder: string): Promise<ResolvedSettings> {
  const path = settingsPath(folder);
  if (path === undefined) {
    throw new UsageError(
      `there is no settings.ts in ${folder}: go to the folder of a step, or name a database with --database`,
    );
  }
  const variables = join(folder, '.env');
  let written: unknown;
  try {
    if (existsSync(variables)) process.loadEnvFile(variables);
    written = await createJiti(path).import(path, { default: true });
  } catch (error) {
    throw new UsageError(`${path} cannot be loaded: ${toError(error).message}`, {
      code: 'APF_SETTINGS',
      cause: error,
    });
  }
  return loadSettings(written, process.env).settings;
}
