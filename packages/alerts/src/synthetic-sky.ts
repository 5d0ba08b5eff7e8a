import { UsageError } from '@apf/core';
import { fromJulianDate, julianDate, lastNight } from './synthetic-sky/palomar.js';
import { syntheticZtf } from './synthetic-ztf.js';
import type { ZtfAlert } from './ztf-alert.js';
import { ZTF_ALERT_SCHEMA } from './ztf-alert-schema.js';

export const SYNTHETIC_SURVEYS = ['ztf', 'lsst', 'elasticc'] as const;
export type SyntheticSurvey = (typeof SYNTHETIC_SURVEYS)[number];

/** The versions of each survey's alert schema that the synthetic sky can send; the first one is the default. */
export const SYNTHETIC_VERSIONS: Readonly<Record<SyntheticSurvey, readonly string[]>> = {
  ztf: ['3.3'],
  lsst: [],
  elasticc: [],
};

export interface SyntheticSkyOptions {
  readonly survey: SyntheticSurvey;
  /** One of {@link SYNTHETIC_VERSIONS}. */
  readonly version?: string;
  /** The same options give the same bytes. A whole number of 32 bits. */
  readonly seed: number;
  readonly objects: number;
  /** The first night is the first one at the survey's site that begins at this time or later. */
  readonly start: Date;
  readonly nights: number;
  /** Whether alerts carry their images, which take most of the time; true by default. */
  readonly cutouts?: boolean;
}

export interface SyntheticAlert {
  /** What the object really is. */
  readonly kind: string;
  readonly objectId: string;
  /** Id of the detection: ZTF's `candid`, `diaSourceId` of the others. */
  readonly sourceId: bigint;
  /** The value of the survey's own time field: Julian date (UTC) for ZTF, MJD (TAI) for the others [d]. */
  readonly time: number;
  readonly alert: ZtfAlert;
}

/** One exposure and what it found. */
export interface SyntheticVisit {
  readonly id: bigint;
  /** As {@link SyntheticAlert.time}. */
  readonly time: number;
  readonly band: string;
  /** Made while they are iterated. */
  readonly alerts: Iterable<SyntheticAlert>;
}

export interface SyntheticSky {
  readonly version: string;
  /** The Avro schema of the alerts. */
  readonly schema: object;
  /** Earliest first; those without an alert are left out. */
  visits(): Iterable<SyntheticVisit>;
  /** Earliest first, those of one exposure by their id. */
  alerts(): Iterable<SyntheticAlert>;
}

/** Nights of alerts that never were. Throws a UsageError for a version that there is not. */
export function syntheticSky(options: SyntheticSkyOptions): SyntheticSky {
  const { survey, version = SYNTHETIC_VERSIONS[survey][0] } = options;
  if (version === undefined || !SYNTHETIC_VERSIONS[survey].includes(version)) {
    throw new UsageError(`the synthetic sky has no alerts of ${survey} ${version ?? ''}`);
  }
  return {
    version,
    schema: ZTF_ALERT_SCHEMA,
    visits: () => visitsOf(options),
    *alerts() {
      for (const visit of visitsOf(options)) yield* visit.alerts;
    },
  };
}

/** The time to start at so that the last of `nights` nights has just ended. */
export function startOfLastNights(survey: SyntheticSurvey, now: Date, nights: number): Date {
  return fromJulianDate(lastNight(now).start - nights + 0.5);
}

function* visitsOf({
  seed,
  objects,
  start,
  nights,
  cutouts,
}: SyntheticSkyOptions): Generator<SyntheticVisit> {
  for (let night = 0; night < nights; night++) {
    const now = fromJulianDate(julianDate(start) + night + 1);
    for (const { kind, alert } of syntheticZtf({ seed, objects, now, cutouts })) {
      const { candid, objectId, candidate } = alert;
      const synthetic = { kind, objectId, sourceId: candid, time: candidate.jd, alert };
      yield {
        id: candidate.pid,
        time: candidate.jd,
        band: candidate.fid === 1 ? 'g' : 'r',
        alerts: [synthetic],
      };
    }
  }
}
