import { stat } from 'node:fs/promises';
import { identityOf, type LightCurve, lightCurveOf, mergeLightCurves } from '@apf/alerts';
import { FatalError, printable, UsageError } from '@apf/core';
import type { AlertOptions } from './alert-options.js';
import { alertsInFile, findAlerts } from './find-alerts.js';

/** An alert to look at, and all that is known of its object where it was found. */
export interface WantedAlert {
  readonly alert: unknown;
  readonly lightCurve: LightCurve;
}

/**
 * The alert that a word on the command line means: that of a file of this name, else the one with this id, else the last
 * one of the object of this name.
 * @throws FatalError where there is none, UsageError for a file that is not there
 */
export async function wantedAlert(word: string, options: AlertOptions): Promise<WantedAlert> {
  const isFile = await stat(word).then(
    (found) => found.isFile(),
    () => false,
  );
  if (!isFile && looksLikeFile(word))
    throw new UsageError(`there is no file '${printable(word)}': check the path`, { code: 'APF_FILE' });
  const alerts = isFile ? await alertsInFile(word, options) : await findAlerts(word, options);
  const known = alerts.filter((alert) => lightCurveOf(alert) !== undefined);
  if (known.length === 0) throw none(word, isFile, alerts.length, options);
  const exact = known.find((alert) => identityOf(alert)!.alertId === word);
  const alert = exact ?? known.reduce((a, b) => (timeOf(b) > timeOf(a) ? b : a));
  const { objectId } = identityOf(alert)!;
  const same = known.filter(
    (other) => other === alert || (objectId !== null && identityOf(other)!.objectId === objectId),
  );
  return { alert, lightCurve: mergeLightCurves(same.map((other) => lightCurveOf(other)!))! };
}

/** No survey's id has a folder or such an ending in it. */
const looksLikeFile = (word: string): boolean => /[/\\]|\.(avro|json|jsonl|parquet|gz|tar|tgz)$/i.test(word);

function timeOf(alert: unknown): number {
  return identityOf(alert)?.time?.mjdTai ?? -Infinity;
}

function none(word: string, isFile: boolean, found: number, options: AlertOptions): Error {
  const name = printable(word);
  if (isFile && found > 0)
    return new UsageError(`'${name}' has no alert of ZTF, LSST or ELAsTiCC: apf inspect says what it holds`);
  if (isFile) return new FatalError(`'${name}' has no alert`, { code: 'APF_FILE' });
  const place =
    options.topic !== undefined
      ? `the topic '${printable(options.topic)}'`
      : options.db || options.database !== undefined
        ? 'the database'
        : `the files of ${(options.in ?? ['.']).map((path) => `'${printable(path)}'`).join(', ')}`;
  return new FatalError(
    `there is no file '${name}', and no alert or object of that id in ${place}: look elsewhere with --in, --topic or --db`,
    { code: 'APF_FILE' },
  );
}
