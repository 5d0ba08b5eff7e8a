import { Step } from '@apf/core';

/** What an alert of any survey says of itself at a glance; null where it does not say it. */
export interface AlertOverview {
  object: string | null;
  candid: string | null;
  /** ZTF's difference magnitude [mag]. */
  magnitude: number | null;
  /** ZTF's real (1) or bogus (0) score. */
  realBogus: number | null;
}

/** Where surveys and brokers keep the ids of the object and of the alert; the first that is there is taken. */
const OBJECT = [
  'objectId',
  'oid',
  'diaObject.diaObjectId',
  'diaSource.diaObjectId',
  'diaSource.ssObjectId',
  'diaObjectId',
];
const CANDID = ['candid', 'diaSource.diaSourceId', 'diaSourceId', 'alertId'];

export function overviewOf(alert: unknown): AlertOverview {
  return {
    object: firstId(alert, OBJECT),
    candid: firstId(alert, CANDID),
    magnitude: numberAt(alert, 'candidate.magpsf'),
    realBogus: numberAt(alert, 'candidate.rb'),
  };
}

/** A step that only looks: it tells of each alert and produces nothing. */
export function lookStep(seen: (overview: AlertOverview) => void): new () => Step {
  return class Look extends Step {
    execute(message: unknown): void {
      seen(overviewOf(message));
    }
  };
}

function firstId(alert: unknown, paths: readonly string[]): string | null {
  for (const path of paths) {
    const value = at(alert, path);
    if (typeof value === 'bigint' || typeof value === 'number' || typeof value === 'string')
      return String(value);
  }
  return null;
}

function numberAt(alert: unknown, path: string): number | null {
  const value = at(alert, path);
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

function at(value: unknown, path: string): unknown {
  for (const name of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
    value = (value as Record<string, unknown>)[name];
  }
  return value;
}
