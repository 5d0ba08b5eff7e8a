import { readFileSync } from 'node:fs';
import type { Framing } from '../codecs/codec.js';
import { UsageError } from '../errors.js';
import { checkConsistency } from './check-consistency.js';
import { checkKeys } from './check-keys.js';
import { consumerClass, producerClass } from './class-names.js';
import { variableOf } from './client-params.js';
import { SETTINGS } from './definition.js';
import { applyEnvironment, type Environment } from './environment.js';
import { type Data, isData, plainCopy } from './plain-data.js';
import type { ResolvedSettings } from './resolved-settings.js';
import { flatMetrics } from './flat-metrics.js';
import { literalSecrets } from './secrets.js';
import { validate } from './validate.js';

export interface LoadedSettings {
  readonly settings: ResolvedSettings;
  /** What is not wrong but should not stay; one line each. */
  readonly warnings: readonly string[];
}

/**
 * Reads what `settings.ts` exports, puts the environment over it, fills in the defaults and checks everything.
 * @param written the object that settings.ts exports; never changed.
 * @throws UsageError (code APF_SETTINGS): one line with the key's full path, what is wrong, and what to write.
 */
export function loadSettings(
  written: unknown,
  environment: Environment,
  readFile: (path: string) => string = (path) => readFileSync(path, 'utf8'),
): LoadedSettings {
  const copy = plainCopy(written);
  if (!isData(copy)) {
    throw new UsageError('settings: settings.ts must have an object as its default export', {
      code: 'APF_SETTINGS',
    });
  }
  const data = checkKeys(flatMetrics(copy), SETTINGS);
  const { origin, values } = applyEnvironment(data, environment, readFile);
  for (const section of ['CONSUMER_CONFIG', 'DEAD_LETTERS', 'SIDE_OUTPUTS']) data[section] ??= {};
  const settings = complete(validate(data, SETTINGS, origin), data);
  checkConsistency(settings);
  return { settings, warnings: literalSecrets(settings, values).map(warning) };
}

/** What follows from other settings: framings from classes, the log level. */
function complete(checked: Data, data: Data): ResolvedSettings {
  const settings: Data = { ...checked };
  const withFraming = (section: Data, implied: Framing | undefined): Data => ({
    ...section,
    PARAMS: section.PARAMS ?? {},
    FRAMING: section.FRAMING ?? implied ?? 'container',
  });
  const producer = (section: Data, path: string): Data => {
    const framed = withFraming(section, framingOf(producerClass(section.CLASS as string, `${path}.CLASS`)));
    return { ...framed, STRICT: section.STRICT ?? framed.FRAMING === 'schemaless' };
  };
  const consumer = checked.CONSUMER_CONFIG as Data;
  settings.CONSUMER_CONFIG = withFraming(
    consumer,
    framingOf(consumerClass(consumer.CLASS as string, 'CONSUMER_CONFIG.CLASS')),
  );
  if (data.PRODUCER_CONFIG) {
    settings.PRODUCER_CONFIG = producer(checked.PRODUCER_CONFIG as Data, 'PRODUCER_CONFIG');
  }
  settings.SIDE_OUTPUTS = Object.fromEntries(
    Object.entries(checked.SIDE_OUTPUTS as Data).map(([name, section]) => [
      name,
      producer(section as Data, `SIDE_OUTPUTS.${name}`),
    ]),
  );
  settings.DEAD_LETTERS = {
    ...(checked.DEAD_LETTERS as Data),
    PARAMS: (checked.DEAD_LETTERS as Data).PARAMS ?? {},
  };
  if (checked.METRICS_CONFIG) {
    const metrics = checked.METRICS_CONFIG as Data;
    settings.METRICS_CONFIG = { ...metrics, PARAMS: metrics.PARAMS ?? {} };
  }
  const { LOGGING_DEBUG, LOG_LEVEL, ...rest } = settings;
  return {
    ...rest,
    LOG_LEVEL: LOG_LEVEL ?? (LOGGING_DEBUG ? 'debug' : 'info'),
  } as unknown as ResolvedSettings;
}

const framingOf = (named: object): Framing | undefined =>
  'framing' in named ? (named.framing as Framing) : undefined;

function warning(path: string): string {
  const [, section = path, key = ''] = /^(.*?PARAMS)\.(.*)$/.exec(path) ?? [];
  return `settings: ${path} stands in settings.ts itself; move it to the environment or to .env as ${variableOf(section, key)}`;
}
