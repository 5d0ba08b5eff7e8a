import { MJD_ORIGIN, taiOfUtc } from './time-scales.js';

interface TimeField {
  /** Where the alert's own time stands, and its scale. */
  readonly time: string;
  readonly scale: 'jd-utc' | 'mjd-tai';
  /** Where the id of the detection stands. */
  readonly id: string;
}

/** ZTF; LSST before schema 5.0 and ELAsTiCC; LSST from then on. */
const SURVEYS: readonly TimeField[] = [
  { time: 'candidate.jd', scale: 'jd-utc', id: 'candid' },
  { time: 'diaSource.midpointMjdTai', scale: 'mjd-tai', id: 'diaSource.diaSourceId' },
  { time: 'diaSource.midPointTai', scale: 'mjd-tai', id: 'diaSource.diaSourceId' },
];

/** The fields that {@link momentOf} reads, as a projection that every survey's schema takes. */
export const MOMENT_FIELDS: readonly string[] = [
  ...new Set(SURVEYS.flatMap(({ time, id }) => [`${time}?`, `${id}?`])),
];

/** When the detection of an alert was made, and its id: what orders alerts. */
export interface Moment {
  /** MJD [d], TAI. */
  readonly time: number;
  readonly id: bigint | null;
}

/** The moment of an alert of ZTF, LSST or ELAsTiCC, or undefined where it has none of their time fields. */
export function momentOf(alert: unknown): Moment | undefined {
  for (const { time: path, scale, id: idPath } of SURVEYS) {
    const time = valueAt(alert, path);
    if (typeof time !== 'number' || Number.isNaN(time)) continue;
    const id = valueAt(alert, idPath);
    return {
      time: scale === 'jd-utc' ? taiOfUtc(time - MJD_ORIGIN) : time,
      id: typeof id === 'bigint' ? id : typeof id === 'number' ? BigInt(Math.trunc(id)) : null,
    };
  }
  return undefined;
}

/** The names of the fields that {@link momentOf} knows, for messages. */
export const TIME_FIELDS: readonly string[] = SURVEYS.map(({ time }) => time);

/** What stands at a dotted path of field names; undefined where the alert has no such field. */
export function valueAt(alert: unknown, path: string): unknown {
  let value = alert;
  for (const name of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
    value = (value as Record<string, unknown>)[name];
  }
  return value;
}
