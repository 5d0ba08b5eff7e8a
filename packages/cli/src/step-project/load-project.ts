import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type LoadedSettings, loadSettings, type Settings, toError, UsageError } from '@apf/core';
import { createJiti } from 'jiti';

export interface Project extends LoadedSettings {
  readonly folder: string;
  /** What settings.ts exports. */
  readonly written: Settings;
  /** Imports a TypeScript file. */
  readonly load: (path: string) => Promise<Readonly<Record<string, unknown>>>;
}

/** Whether a folder is the project of a step. */
export const isProject = (folder: string): boolean => existsSync(join(folder, 'settings.ts'));

/**
 * The settings of a step's project, with its `.env` and the environment over them.
 * @throws UsageError for a folder that is no project, and for settings that are wrong.
 */
export async function loadProject(path: string): Promise<Project> {
  const folder = resolve(path);
  if (!isProject(folder)) {
    throw new UsageError(`${folder} holds no step: there is no settings.ts; name the folder of one`);
  }
  const file = join(folder, '.env');
  if (existsSync(file)) process.loadEnvFile(file);
  const jiti = createJiti(join(folder, 'settings.ts'));
  const load: Project['load'] = (name) => jiti.import(name);
  let written: Settings;
  try {
    written = await jiti.import<Settings>(join(folder, 'settings.ts'), { default: true });
  } catch (error) {
    throw new UsageError(`${join(folder, 'settings.ts')} cannot be loaded: ${toError(error).message}`, {
      cause: error,
    });
  }
  return { folder, written, load, ...loadSettings(written, process.env) };
}
