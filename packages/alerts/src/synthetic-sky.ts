import { UsageError } from '@apf/core';
import type { ElasticcAlert } from './elasticc-alert.js';
import type { Lsst7Alert, LsstAlert } from './lsst-alert.js';
import type { SurveyFormat } from './synthetic-sky/alert-form.js';
import { ELASTICC_FORMAT } from './synthetic-sky/elasticc/alert.js';
import { LSST_FORMAT } from './synthetic-sky/lsst/format.js';
import { Random } from './synthetic-sky/random.js';
import { planSurvey } from './synthetic-sky/schedule.js';
import { lastNight, nextNight } from './synthetic-sky/site.js';
import { SURVEY_TRAITS } from './synthetic-sky/survey-traits.js';
import { fromJulianDate } from './synthetic-sky/time-scales.js';
import {
  visitsOf,
  type Population,
  type SyntheticAlert,
  type SyntheticVisit,
} from './synthetic-sky/visits.js';
import { ZTF_FORMAT } from './synthetic-sky/ztf/format.js';
import type { SurveyName } from './surveys/survey-of.js';
import type { ZtfAlert } from './ztf-alert.js';

/** The shape of each survey's alerts. */
export interface SurveyAlerts {
  ztf: ZtfAlert;
  lsst: LsstAlert | Lsst7Alert;
  elasticc: ElasticcAlert;
}

const FORMATS: { [Survey in SurveyName]: SurveyFormat<SurveyAlerts[Survey]> } = {
  ztf: ZTF_FORMAT,
  lsst: LSST_FORMAT,
  elasticc: ELASTICC_FORMAT,
};

/** The versions of each survey's alert schema that the synthetic sky can send; the first one is the default. */
export const SYNTHETIC_VERSIONS: Readonly<Record<SurveyName, readonly string[]>> = {
  ztf: Object.keys(FORMATS.ztf.schemas),
  lsst: Object.keys(FORMATS.lsst.schemas),
  elasticc: Object.keys(FORMATS.elasticc.schemas),
};

export interface SyntheticSkyOptions<Survey extends SurveyName = SurveyName> {
  readonly survey: Survey;
  /** One of {@link SYNTHETIC_VERSIONS}. */
  readonly version?: string;
  /** The same options give the same bytes. A whole number of 32 bits. */
  readonly seed: number;
  /** How many objects there are. Those too faint send no alert, most others two in a night: in two bands. */
  readonly objects: number;
  /** How many of them are in a field, hence at most in an exposure; 100 by default. Beyond 200 fields they get fuller. */
  readonly objectsPerField?: number;
  /** The first night is the first one at the survey's site that begins at this time or later. */
  readonly start: Date;
  readonly nights: number;
  /** Whether alerts carry their images, which take most of the time; true by default. */
  readonly cutouts?: boolean;
}

export interface SyntheticSky<Alert> {
  readonly version: string;
  /** The Avro schema of the alerts. */
  readonly schema: object;
  /** Earliest first; those without an alert are left out. */
  visits(): Generator<SyntheticVisit<Alert>, void, void>;
  /** Earliest first, those of one exposure by their id. */
  alerts(): Generator<SyntheticAlert<Alert>, void, void>;
}

/** More fields do not fit a night; more objects in one do not fit ZTF's ids. */
const MOST_FIELDS = 200;
const MOST_PER_FIELD = 90_000;

/**
 * Nights of alerts that never were: supernovae, variable stars, active galaxies, asteroids and artefacts as a survey
 * would find them, each with its history. The models and their sources are in this package's README. Throws a
 * UsageError for options that cannot be.
 */
export function syntheticSky<Survey extends SurveyName>(
  options: SyntheticSkyOptions<Survey>,
): SyntheticSky<SurveyAlerts[Survey]> {
  const { survey, version = SYNTHETIC_VERSIONS[survey][0]!, seed, objects, start, nights } = options;
  const { objectsPerField = 100, cutouts = true } = options;
  const versions = SYNTHETIC_VERSIONS[survey];
  if (!versions.includes(version)) {
    throw new UsageError(
      `the synthetic sky has no ${survey} alerts of version ${version}, only ${versions.join(', ')}`,
    );
  }
  whole('objects', objects, 0, MOST_FIELDS * MOST_PER_FIELD);
  whole('objects per field', objectsPerField, 1, MOST_PER_FIELD);
  whole('nights', nights, 1, 4000);
  whole('the seed', seed, 0, 2 ** 32 - 1);
  const traits = SURVEY_TRAITS[survey];
  // Before 1972, UTC and TAI were not whole seconds apart.
  if (!(start.getUTCFullYear() >= 1973)) throw new UsageError('the synthetic sky begins in 1973 or later');
  const format: SurveyFormat<SurveyAlerts[Survey]> = FORMATS[survey];
  const nameOffset = new Random(seed, 0).integer(0, 2 ** 32 - 1);
  const form = { traits, version, cutouts, nameOffset };
  function* visits(): Generator<SyntheticVisit<SurveyAlerts[Survey]>, void, void> {
    const count = Math.min(MOST_FIELDS, Math.ceil(objects / objectsPerField));
    const first = nextNight(traits.site, start).start;
    const population: Population = {
      seed,
      objects,
      perField: objectsPerField,
      fields: planSurvey(traits, seed, start, nights, count),
      interval: [first, first + nights],
    };
    yield* visitsOf(format, form, population);
  }
  return {
    version,
    schema: format.schemas[version]!,
    visits,
    *alerts() {
      for (const visit of visits()) yield* visit.alerts;
    },
  };
}

function whole(what: string, value: number, least: number, most: number): void {
  if (!Number.isInteger(value) || value < least || value > most) {
    throw new UsageError(
      `${what} of the synthetic sky must be a whole number from ${least} to ${most}, not ${value}`,
    );
  }
}

/** The time to start at so that the last of `nights` nights is the last one that had ended by `now`. */
export function startOfLastNights(survey: SurveyName, now: Date, nights: number): Date {
  const { site } = SURVEY_TRAITS[survey];
  const last = lastNight(site, now);
  // Half a day before the first of them begins: nights begin minutes earlier or later than the day before.
  return fromJulianDate(last.start - (nights - 1) - 0.5);
}
