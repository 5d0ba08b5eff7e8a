import { UsageError } from '@apf/core';
import type { FinkConf } from './fink-conf.js';
import type { SentFraming } from './message-maker.js';
import { checkSettings, type AlertOrigin, type SimulationSettings } from './settings.js';
import type { SimulateOptions } from './simulate-options.js';

/** The options by which settings are known on the command line. */
const OPTIONS: Partial<Record<keyof SimulationSettings, string>> = {
  observations: '--nobservations',
  interval: '--interval',
  rate: '--rate',
  window: '--window',
  topic: '--topic',
  partitions: '--partitions',
  schemaId: '--schema-id',
};
/** Of DMTN-102 and alert_stream: seconds between visits, and alerts of one. */
const VISIT_INTERVAL = 39;
const VISIT_ALERTS = 10_000;
/** Of DMTN-149: seconds in which the alerts of a visit arrive. */
const VISIT_WINDOW = 3;
const OBSERVATION_ALERTS = 100;
/** Of the synthetic sky. */
const MOST_IN_FIELD = 90_000;

/** What a command line and a configuration file come to. @throws UsageError for what does not fit together */
export function settingsOf(options: SimulateOptions, conf: FinkConf): SimulationSettings {
  const { visits = false, now = false, loop = false, json = false } = options;
  const { nowField, rate, schemaId, timeField, bad, spool } = options;
  const observationsInterval = rate === undefined ? 1 : 0;
  const settings: SimulationSettings = {
    origin: originOf(options, conf),
    visits,
    perBurst: visits
      ? (options.visitAlerts ?? VISIT_ALERTS)
      : (options.nalertsPerObs ?? conf.perBurst ?? OBSERVATION_ALERTS),
    observations: options.nobservations ?? conf.observations ?? -1,
    interval: options.interval ?? conf.interval ?? (visits ? VISIT_INTERVAL : observationsInterval),
    rate,
    window: options.window ?? (options.bursts ? VISIT_WINDOW : undefined),
    loop,
    now: now || nowField !== undefined,
    nowField,
    order: options.order ?? 'time',
    timeField,
    display: silentWhenNone(options.displayField) ?? conf.display,
    externalSchema: silentWhenNone(options.externalSchema) ?? conf.externalSchema,
    framing: options.framing ?? usualFraming(visits, conf),
    schemaId,
    topic: options.topic ?? conf.topic ?? (options.embedded || options.dryRun ? 'alerts' : ''),
    partitions: options.partitions ?? conf.partitions,
    bad,
    spool,
    json,
  };
  checkSettings(settings, (key) =>
    key === 'perBurst' ? (visits ? '--visit-alerts' : '--nalerts-per-obs') : (OPTIONS[key] ?? key),
  );
  return settings;
}

/** As LSST sends visits and Fink's simulator observations; else as ZTF does, so that a step reads it without a schema. */
function usualFraming(visits: boolean, conf: FinkConf): SentFraming {
  if (visits) return 'confluent';
  return Object.values(conf).some((value) => value !== undefined) ? 'schemaless' : 'container';
}

function silentWhenNone(value: string | undefined): string | undefined {
  return value === 'None' || value === '' ? undefined : value;
}

function originOf(options: SimulateOptions, conf: FinkConf): AlertOrigin {
  const { synthetic = false, survey, surveyVersion, objects, nights, seed, visits } = options;
  const given = options.paths ?? [];
  const paths = given.length > 0 ? given : conf.path === undefined ? [] : [conf.path];
  if (given.includes('')) throw new UsageError('a path is empty: name a folder, a file or an archive');
  if (synthetic && given.length > 0) throw new UsageError('name paths or --synthetic, not both');
  if (paths.length > 0 && !synthetic) {
    const sky = Object.entries({ survey, surveyVersion, objects, nights, seed }).find(
      ([, value]) => value !== undefined,
    );
    if (sky)
      throw new UsageError(
        `--${sky[0] === 'surveyVersion' ? 'survey-version' : sky[0]} is for a synthetic sky: leave it out, or the path`,
      );
    return { paths };
  }
  const whole = (name: string, value: number, least: number, most: number): number => {
    if (Number.isInteger(value) && value >= least && value <= most) return value;
    throw new UsageError(`--${name} must be a whole number from ${least} to ${most}, not ${value}`);
  };
  return {
    survey: survey ?? (visits ? 'lsst' : 'ztf'),
    version: surveyVersion,
    objects: whole('objects', objects ?? 1000, 1, 10_000_000),
    // What an exposure finds is then limited by the visit alone.
    objectsPerField: visits ? MOST_IN_FIELD : undefined,
    nights: whole('nights', nights ?? 1, 1, 10_000),
    seed: whole('seed', seed ?? 1, 0, 2 ** 32 - 1),
  };
}
