import type { Detection } from './photometry.js';
import type { Exposure } from './schedule.js';
import type { SurveyTraits } from './survey-traits.js';

/** What all alerts of a sky have in common. */
export interface AlertForm {
  readonly traits: SurveyTraits;
  readonly version: string;
  readonly cutouts: boolean;
  /** Makes the names of skies differ. */
  readonly nameOffset: number;
}

/** How a survey writes its alerts. */
export interface SurveyFormat<Alert> {
  /** Schema by version, the default first. */
  readonly schemas: Readonly<Record<string, object>>;
  /** The value of the survey's time field. */
  time(form: AlertForm, exposure: Exposure): number;
  visitId(form: AlertForm, exposure: Exposure): bigint;
  /** The id of the last measurement's detection. */
  sourceId(form: AlertForm, detection: Detection): bigint;
  objectId(form: AlertForm, detection: Detection): string;
  alert(form: AlertForm, detection: Detection): Alert;
}
