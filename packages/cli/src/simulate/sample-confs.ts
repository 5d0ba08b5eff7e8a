import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder that stands for Fink's installation: its `conf/` holds the sample configurations. */
export const SAMPLE_CONFS = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');

/** The configurations that come along, by survey. */
export const SAMPLES = {
  ztf: 'conf/fink_alert_simulator.conf',
  elasticc: 'conf/fink_alert_simulator_elasticc.conf',
} as const;

export function sampleConf(survey: keyof typeof SAMPLES): string {
  return readFileSync(join(SAMPLE_CONFS, SAMPLES[survey]), 'utf8');
}

/** Where a configuration file lies: where it is said to, else beside Fink's simulator or among the samples. */
export function findConf(path: string, environment: NodeJS.ProcessEnv): string {
  const roots = [environment.FINK_ALERT_SIMULATOR, SAMPLE_CONFS];
  const places = [path, ...roots.flatMap((root) => (root ? [join(root, path)] : []))];
  return places.find((place) => existsSync(place)) ?? path;
}
