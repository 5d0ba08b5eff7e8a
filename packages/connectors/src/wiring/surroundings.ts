import { isAbsolute, join } from 'node:path';
import type { Clock, Logger, RunStats } from '@apf/core';
import type { Custom } from './load-class.js';

/** What every source and sink of a run is made with. */
export interface Surroundings extends Custom {
  readonly name: string;
  readonly version: string;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly stats: RunStats;
}

/** A path of the settings as it is opened: relative to the step's folder, and unchanged where that is the current one. */
export function pathIn(folder: string, path: string): string {
  return folder === process.cwd() || isAbsolute(path) ? path : join(folder, path);
}
