import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { UsageError } from '@apf/core';

/** Returns `folder` if a step can be run there, else throws a {@link UsageError} that says what is missing. */
export function checkProject(folder: string): string {
  for (const name of ['settings.ts', 'step.ts']) {
    if (!existsSync(join(folder, name)))
      throw new UsageError(`${folder} holds no step: there is no ${name}; make one with apf new-step NAME`);
  }
  try {
    createRequire(join(folder, 'package.json')).resolve('@apf/connectors');
  } catch {
    throw new UsageError(`the dependencies of ${folder} are not installed; run npm install there`);
  }
  return folder;
}
