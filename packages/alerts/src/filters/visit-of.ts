import { fieldsOf, idIn, numberIn } from '../surveys/fields.js';

/** The fields that {@link visitOf} reads, as a projection that every survey's schema takes. */
export const VISIT_FIELDS: readonly string[] = [
  ...['candidate.jd?', 'candidate.pid?'],
  ...['visit', 'ccdVisitId', 'midpointMjdTai', 'midPointTai'].map((name) => `diaSource.${name}?`),
];

/**
 * The exposure of the telescope that an alert comes from; null where it does not say.
 *
 * - ZTF: the start of the exposure (`jd`), which all 64 readout channels share; `pid` is an image of one channel.
 * - LSST: `visit` from schema 7 on. Before: the middle of the exposure (`midpointMjdTai`, schemas 5 and 6); the last five
 *   digits of `ccdVisitId`, as LSST's own filters took them (lsst-dm/alert_stream, filterBase.py; schemas 1 to 4).
 * - ELAsTiCC: the time (`midPointTai`).
 */
export function visitOf(alert: unknown): string | null {
  const { candidate, diaSource } = fieldsOf(alert);
  if (diaSource === undefined || diaSource === null) {
    const jd = numberIn(fieldsOf(candidate), 'jd');
    return jd === null ? idIn(fieldsOf(candidate), 'pid') : String(jd);
  }
  const source = fieldsOf(diaSource);
  const visit = idIn(source, 'visit');
  if (visit !== null) return visit;
  const middle = numberIn(source, 'midpointMjdTai');
  if (middle !== null) return String(middle);
  const ccd = idIn(source, 'ccdVisitId');
  if (ccd !== null) return ccd.slice(-5);
  const time = numberIn(source, 'midPointTai');
  return time === null ? null : String(time);
}
