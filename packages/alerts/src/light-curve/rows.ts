import type { SurveyName } from '../surveys/survey-of.js';

/**
 * What detections and forced photometry have in common; the columns of {@link lightCurveModel}, where all is explained.
 * (Rows are no interfaces, which TypeScript takes for no records.)
 */
export type Photometry = {
  flux: number | null;
  e_flux: number | null;
  mag: number | null;
  e_mag: number | null;
  mag_corr: number | null;
  e_mag_corr: number | null;
  e_mag_corr_ext: number | null;
  corrected: boolean | null;
  dubious: boolean | null;
};

/** What is known of a measurement besides the columns, by the survey's own names. */
export type ExtraFields = Record<string, number | null>;

export type DetectionRow = Photometry & {
  candid: bigint;
  oid: string;
  mjd: number;
  band: string;
  pid: bigint | null;
  ra: number;
  dec: number;
  isdiffpos: 1 | -1 | null;
  rb: number | null;
  parent_candid: bigint | null;
  has_stamp: boolean;
  extra_fields: ExtraFields;
};

export type NonDetectionRow = {
  oid: string;
  band: string;
  mjd: number;
  diffmaglim: number | null;
};

export type ForcedPhotometryRow = Photometry & {
  oid: string;
  pid: bigint;
  mjd: number;
  band: string;
  ra: number | null;
  dec: number | null;
  isdiffpos: 1 | -1 | null;
  extra_fields: ExtraFields;
};

export type ObjectRow = {
  oid: string;
  survey: SurveyName;
  meanra: number;
  meandec: number;
  healpix: number;
  firstmjd: number;
  lastmjd: number;
  ndet: number;
  corrected: boolean | null;
  stellar: boolean | null;
};

/** The rows that an alert makes in a light-curve database. */
export interface LightCurveRows {
  readonly survey: SurveyName;
  readonly oid: string;
  readonly candid: bigint;
  /** Time of the exposure, Modified Julian Date, UTC [d]. */
  readonly mjd: number;
  /** The detection that the alert was sent for. */
  readonly detection: DetectionRow;
  /** Detections that it tells of: of each that was an alert itself, that alert knows more. */
  readonly earlier: readonly DetectionRow[];
  readonly nonDetections: readonly NonDetectionRow[];
  readonly forcedPhotometry: readonly ForcedPhotometryRow[];
}

export const NOT_CORRECTED_YET = {
  mag_corr: null,
  e_mag_corr: null,
  e_mag_corr_ext: null,
  corrected: null,
  dubious: null,
} as const;

/** As a column of 32 bits keeps it, so that a row reads back as it was written. */
export const float = (value: number | null): number | null => (value === null ? null : Math.fround(value));

/** An id as a number of 64 bits; null where it is none. */
export function id64(text: string | null): bigint | null {
  if (text === null || !/^-?\d{1,19}$/.test(text)) return null;
  const id = BigInt(text);
  return BigInt.asIntN(64, id) === id ? id : null;
}
