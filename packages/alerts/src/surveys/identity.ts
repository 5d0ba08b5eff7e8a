import { type ObservationTime, timeOfJdUtc, timeOfMjdTai } from '../time-scales.js';
import { type Fields, fieldsOf, idIn, numberIn, textIn } from './fields.js';
import { type SurveyName, surveyOfAlert } from './survey-of.js';
import { bandOfZtf } from './ztf-codes.js';

/** What an alert is about: which detection of which object, when and where. Null: the alert does not say it. */
export interface AlertIdentity {
  readonly survey: SurveyName;
  /** ZTF's `candid`, LSST's `diaSourceId`. */
  readonly alertId: string | null;
  /** ZTF's `objectId`, LSST's `diaObjectId`; for a body of the solar system its designation or `ssObjectId`. */
  readonly objectId: string | null;
  readonly time: ObservationTime | null;
  /** Position of the detection, J2000 [deg]. */
  readonly ra: number | null;
  readonly dec: number | null;
  readonly band: string | null;
}

/** Undefined for what is no alert of a known survey. */
export function identityOf(alert: unknown): AlertIdentity | undefined {
  const survey = surveyOfAlert(alert);
  if (!survey) return undefined;
  return survey === 'ztf' ? ofZtf(fieldsOf(alert)) : ofLsst(fieldsOf(alert), survey);
}

function ofZtf(alert: Fields): AlertIdentity {
  const candidate = fieldsOf(alert.candidate);
  const jd = numberIn(candidate, 'jd');
  return {
    survey: 'ztf',
    alertId: idIn(alert, 'candid') ?? idIn(candidate, 'candid'),
    objectId: idIn(alert, 'objectId'),
    time: jd === null ? null : timeOfJdUtc(jd),
    ra: numberIn(candidate, 'ra'),
    dec: numberIn(candidate, 'dec'),
    band: bandOfZtf(candidate.fid),
  };
}

function ofLsst(alert: Fields, survey: SurveyName): AlertIdentity {
  const source = fieldsOf(alert.diaSource);
  const mjd = numberIn(source, 'midpointMjdTai', 'midPointTai');
  return {
    survey,
    alertId: idIn(source, 'diaSourceId') ?? idIn(alert, 'diaSourceId'),
    objectId:
      idIn(fieldsOf(alert.diaObject), 'diaObjectId') ??
      idIn(source, 'diaObjectId') ??
      idIn(fieldsOf(alert.mpc_orbits), 'designation') ??
      idIn(fieldsOf(alert.ssSource), 'designation') ??
      idIn(source, 'ssObjectId'),
    time: mjd === null ? null : timeOfMjdTai(mjd),
    ra: numberIn(source, 'ra'),
    dec: numberIn(source, 'dec', 'decl'),
    band: textIn(source, 'band', 'filterName')?.toLowerCase() ?? null,
  };
}
