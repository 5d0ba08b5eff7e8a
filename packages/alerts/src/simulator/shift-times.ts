import { valueAt } from '../alert-moment.js';

/** The fields of the surveys' alerts, their histories and objects that are dates: JD or MJD, in days. */
const DATES = new Set([
  ...['jd', 'jdstarthist', 'jdendhist', 'jdstartref', 'jdendref'],
  ...['midPointTai', 'midpointMjdTai', 'expMidptMJD', 'timeProcessedMjdTai', 'timeWithdrawnMjdTai'],
  ...['firstDiaSourceMjdTai', 'lastDiaSourceMjdTai', 'validityStartMjdTai', 'validityEndMjdTai'],
]);
/** Surveys write 0 or -999 where there is no date; this one is in 1968. */
const FIRST_DATE = 40_000;

/**
 * Moves dates of a decoded alert by so many days: those of the alert and its history, so that what lies between them
 * stays; with `field` only the one at this dotted path. Changes the alert itself.
 */
export function shiftTimes(alert: unknown, days: number, field?: string): void {
  if (field === undefined) {
    shiftAll(alert, days);
    return;
  }
  const names = field.split('.');
  const last = names.pop()!;
  const holder = names.length === 0 ? alert : valueAt(alert, names.join('.'));
  if (isRecord(holder) && typeof holder[last] === 'number') holder[last] += days;
}

function shiftAll(value: unknown, days: number): void {
  if (Array.isArray(value)) {
    for (const item of value) shiftAll(item, days);
  } else if (isRecord(value) && !Buffer.isBuffer(value)) {
    for (const [name, inner] of Object.entries(value)) {
      if (typeof inner === 'number') {
        if (DATES.has(name) && inner > FIRST_DATE) value[name] = inner + days;
      } else if (typeof inner === 'object') shiftAll(inner, days);
    }
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
