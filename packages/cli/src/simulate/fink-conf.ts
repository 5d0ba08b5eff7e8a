import { printable, UsageError } from '@apf/core';
import { readBashConf } from '../compat/bash-conf.js';
import { SAMPLE_CONFS } from './sample-confs.js';

/** What a configuration file of Fink's simulator says, in the words of `apf simulate`. Absent: not said. */
export interface FinkConf {
  readonly servers?: string;
  readonly topic?: string;
  readonly path?: string;
  readonly display?: string;
  readonly perBurst?: number;
  readonly observations?: number;
  readonly interval?: number;
  readonly externalSchema?: string;
  readonly partitions?: number;
  /** Where `fink_simulator --docker` brings up its broker. */
  readonly dockerPort?: number;
}

/**
 * Reads the configuration file of Fink's simulator: bash assignments, which are never executed. `None`, as Python has
 * it, and nothing stand for what is absent.
 * @throws UsageError
 */
export function readFinkConf(path: string, environment: NodeJS.ProcessEnv): FinkConf {
  // The files say where they lie by it; Fink's installation sets it.
  const conf = readBashConf(path, { FINK_ALERT_SIMULATOR: SAMPLE_CONFS, ...environment });
  const text = (key: string): string | undefined => {
    const value = conf.get(key);
    return value === undefined || value === '' || value === 'None' ? undefined : value;
  };
  const number = (key: string): number | undefined => {
    const value = text(key);
    if (value === undefined) return undefined;
    if (!Number.isFinite(Number(value))) {
      throw new UsageError(`${path}: ${key} must be a number, not '${printable(value)}'`, {
        code: 'APF_SETTINGS',
      });
    }
    return Number(value);
  };
  const said = {
    servers: text('KAFKA_IPPORT'),
    topic: text('KAFKA_TOPIC'),
    path: text('FINK_DATA_SIM'),
    display: text('DISPLAY_FIELD'),
    perBurst: number('NALERTS_PER_OBS'),
    observations: number('NOBSERVATIONS'),
    interval: number('TIME_INTERVAL'),
    externalSchema: text('EXTERNAL_SCHEMA'),
    partitions: number('NPARTITIONS'),
    dockerPort: number('KAFKA_PORT_SIM'),
  };
  return Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined));
}
