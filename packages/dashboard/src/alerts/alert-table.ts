import { isMissing, type SurveyName, valueAt } from '@apf/alerts';
import { printable, shortestFloat } from '@apf/core';
import type { AlertColumn, AlertRow, Classification } from '../page-api.js';
import type { KeptAlert } from './kept-alert.js';

type ClassOf = (alert: KeptAlert) => Classification | null;
type Read = (alert: KeptAlert, classOf: ClassOf) => string | number | null;
interface ReadColumn extends AlertColumn {
  readonly read: Read;
}

const LONGEST_TEXT = 120;
/** Columns of what is no alert of a survey. */
const MOST_FIELDS = 8;

const reckoned = (
  key: string,
  title: string,
  kind: AlertColumn['kind'],
  read: Read,
  rest: Partial<AlertColumn> = {},
): ReadColumn => ({ key, title, kind, unit: null, ...rest, read });

const TIME = reckoned('time', 'Time', 'time', ({ identity }) => identity?.time?.mjdUtc ?? null, {
  unit: 'MJD UTC',
});
const OBJECT = reckoned('objectId', 'Object', 'id', ({ objectId }) => objectId);
const ALERT = reckoned('alertId', 'Alert', 'id', ({ alertId }) => alertId);
const CLASS = reckoned('class', 'Class', 'text', (alert, classOf) => classOf(alert)?.name ?? null);

const COMMON: readonly ReadColumn[] = [
  TIME,
  OBJECT,
  ALERT,
  reckoned('band', 'Band', 'text', ({ identity }) => identity?.band ?? null),
  CLASS,
  reckoned('ra', 'RA', 'number', ({ identity }) => identity?.ra ?? null, { unit: 'deg', digits: 5 }),
  reckoned('dec', 'Dec', 'number', ({ identity }) => identity?.dec ?? null, { unit: 'deg', digits: 5 }),
];

const field = (key: string, title: string, unit: string | null, digits: number): ReadColumn => ({
  key,
  title,
  unit,
  kind: 'number',
  digits,
  read: ({ value }) => cellOf(value, key),
});

/** What people look at first in the alerts of each survey. */
const OF_SURVEY: Readonly<Record<SurveyName, readonly ReadColumn[]>> = {
  ztf: [
    field('candidate.magpsf', 'Magnitude', 'mag', 2),
    field('candidate.sigmapsf', 'Error', 'mag', 2),
    field('candidate.rb', 'Real–bogus', null, 2),
    field('candidate.drb', 'Deep real–bogus', null, 2),
    field('candidate.distnr', 'To reference', 'pixel', 2),
    field('candidate.ndethist', 'Detections', null, 0),
  ],
  lsst: [
    field('diaSource.psfFlux', 'Flux', 'nJy', 0),
    field('diaSource.psfFluxErr', 'Error', 'nJy', 0),
    field('diaSource.snr', 'S/N', null, 1),
    field('diaSource.reliability', 'Reliability', null, 2),
    field('diaObject.nDiaSources', 'Detections', null, 0),
  ],
  elasticc: [
    field('diaSource.psFlux', 'Flux', 'FLUXCAL', 1),
    field('diaSource.psFluxErr', 'Error', 'FLUXCAL', 1),
    field('diaSource.snr', 'S/N', null, 1),
  ],
};

/**
 * Alerts as a table: what all surveys have, and what the survey of most of them has.
 * @param among the alerts that the columns are for, be there rows or not
 */
export function alertTable(
  alerts: readonly KeptAlert[],
  among: readonly KeptAlert[],
  classOf: ClassOf,
): { columns: AlertColumn[]; rows: AlertRow[] } {
  const columns = columnsOf(among);
  return {
    columns: columns.map(({ read: _, ...column }) => column),
    rows: alerts.map((alert) => ({
      at: alert.at,
      alertId: alert.alertId,
      objectId: alert.objectId,
      survey: alert.identity?.survey ?? null,
      cells: columns.map(({ read }) => read(alert, classOf)),
    })),
  };
}

function columnsOf(alerts: readonly KeptAlert[]): readonly ReadColumn[] {
  const counts = new Map<SurveyName, number>();
  for (const { identity } of alerts)
    if (identity) counts.set(identity.survey, (counts.get(identity.survey) ?? 0) + 1);
  const [most] = [...counts].sort(([, a], [, b]) => b - a);
  if (most) return [...COMMON, ...OF_SURVEY[most[0]]];
  const columns = alerts.some(({ classification }) => classification !== null)
    ? [OBJECT, ALERT, CLASS]
    : [OBJECT, ALERT];
  return [...columns, ...plainColumns(alerts[0]?.value)];
}

/** The plain fields of a record of whatever kind, without its ids. */
function plainColumns(value: unknown): ReadColumn[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value)
    .filter(
      ([name, held]) =>
        ['string', 'number', 'bigint', 'boolean'].includes(typeof held) &&
        !['objectId', 'oid', 'candid', 'diaObjectId', 'diaSourceId', 'alertId'].includes(name),
    )
    .slice(0, MOST_FIELDS)
    .map(([name, held]) => ({
      key: name,
      title: printable(name, 40),
      unit: null,
      kind: typeof held === 'number' ? 'number' : typeof held === 'bigint' ? 'id' : 'text',
      read: ({ value: alert }) => cellOf(alert, name),
    }));
}

function cellOf(alert: unknown, path: string): string | number | null {
  const value = valueAt(alert, path);
  if (isMissing(value, path.slice(path.lastIndexOf('.') + 1))) return null;
  if (typeof value === 'number') return Number.isFinite(value) ? shortestFloat(value) : null;
  if (typeof value === 'bigint' || typeof value === 'boolean') return String(value);
  return typeof value === 'string' ? value.slice(0, LONGEST_TEXT) : null;
}
