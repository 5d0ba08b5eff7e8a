import { UsageError } from '@apf/core';
import type { SurveyName } from '@apf/alerts';
import type { SentFraming } from './message-maker.js';

/** Where alerts come from: files, or a sky that never was. */
export type AlertOrigin =
  | { readonly paths: readonly string[] }
  | {
      readonly survey: SurveyName;
      readonly version?: string | undefined;
      readonly objects: number;
      readonly objectsPerField?: number | undefined;
      readonly nights: number;
      readonly seed: number;
    };

/** What a simulation does. Times are in seconds. */
export interface SimulationSettings {
  readonly origin: AlertOrigin;
  /** One container (of the synthetic sky: one exposure) is one visit; else alerts are divided into observations. */
  readonly visits: boolean;
  /** Alerts of an observation; at most so many of a visit. */
  readonly perBurst: number;
  /** -1 for all alerts. */
  readonly observations: number;
  readonly interval: number;
  readonly rate: number | undefined;
  /** Over which the alerts of a visit are spread, detector by detector; undefined where they are not. */
  readonly window: number | undefined;
  readonly loop: boolean;
  /** Alerts are sent as if they were observed when they are sent. */
  readonly now: boolean;
  /** The one field that `now` is for; all dates of the alert where absent. */
  readonly nowField: string | undefined;
  readonly order: 'time' | 'file';
  readonly timeField: string | undefined;
  /** The field that follows the stream on the screen. */
  readonly display: string | undefined;
  /** A file or folder. */
  readonly externalSchema: string | undefined;
  readonly framing: SentFraming;
  readonly schemaId: number | undefined;
  readonly topic: string;
  readonly partitions: number | undefined;
  /** Where bad files are moved to; they stay where they are without it. */
  readonly bad: string | undefined;
  /** Where alerts that do not fit into memory are kept. */
  readonly spool: string | undefined;
  readonly json: boolean;
}

/** @throws UsageError for a number that is out of its range, by the name that `named` gives it */
export function checkSettings(
  settings: SimulationSettings,
  named: (key: keyof SimulationSettings) => string,
): void {
  const { perBurst, observations, interval, rate, window, partitions, schemaId } = settings;
  const whole = (key: keyof SimulationSettings, value: number, least: number, most = Infinity): void => {
    if (Number.isInteger(value) && value >= least && value <= most) return;
    const range = most === Infinity ? `of at least ${least}` : `from ${least} to ${most}`;
    throw new UsageError(`${named(key)} must be a whole number ${range}, not ${value}`);
  };
  whole('perBurst', perBurst, 1);
  if (observations !== -1 && !(Number.isInteger(observations) && observations >= 1)) {
    throw new UsageError(
      `${named('observations')} must be a whole number of at least 1, or -1 for all alerts, not ${observations}`,
    );
  }
  if (!(interval >= 0 && interval <= 86_400)) {
    throw new UsageError(`${named('interval')} must be from 0 to 86400 seconds, not ${interval}`);
  }
  if (rate !== undefined && !(rate > 0)) {
    throw new UsageError(`${named('rate')} must be more than 0 alerts per second, not ${rate}`);
  }
  if (window !== undefined) {
    if (!settings.visits) {
      throw new UsageError('bursts are of visits: add --visits, or leave out --bursts and --window');
    }
    if (rate !== undefined) {
      throw new UsageError('name --rate or --bursts, not both: each is a pace within a visit');
    }
    if (!(window > 0 && window < (interval || Infinity))) {
      const most = interval > 0 ? ` and less than the interval of ${interval}` : '';
      throw new UsageError(`${named('window')} must be more than 0${most} seconds, not ${window}`);
    }
  }
  if (partitions !== undefined) whole('partitions', partitions, 1, 10_000);
  if (schemaId !== undefined) whole('schemaId', schemaId, 0, 2 ** 32 - 1);
  if (settings.topic === '') throw new UsageError(`${named('topic')} is missing: name the topic to send to`);
}
