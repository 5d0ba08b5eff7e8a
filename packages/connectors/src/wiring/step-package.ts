import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface StepPackage {
  readonly name: string;
  readonly version: string;
}

/** Name and version of a step from the package.json of its folder; from its class where there is none. */
export function stepPackage(folder: string, className: string): StepPackage {
  let found: { name?: unknown; version?: unknown } = {};
  try {
    found = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as typeof found;
  } catch {
    // A step in a single file has none.
  }
  return {
    name: typeof found.name === 'string' ? found.name : className || 'step',
    version: typeof found.version === 'string' ? found.version : '0.0.0',
  };
}
