import type { ZtfCandidate, ZtfForcedPhotometry, ZtfPrvCandidate } from './ztf-alert.js';

/** Fink writes with Spark, whose records have null for whatever is not known. */
type Nullable<T> = { [Name in keyof T]: T[Name] | null };

export interface FinkCutout {
  fileName: string | null;
  /** As ZTF's. */
  stampData: Buffer | null;
}

/** The probabilities of microlensing by band, in the distribution schema of 2021. */
export interface FinkMulens {
  class_1: string | null;
  ml_score_1: number | null;
  class_2: string | null;
  ml_score_2: number | null;
}

/**
 * An alert of ZTF as Fink sends it on (https://github.com/astrolabsoftware/fink-alert-schemas): ZTF's fields, and what
 * Fink's science modules have added. Modules come and go with the version of the schema, so that what they add is
 * optional; null where a module had nothing to say.
 */
export interface FinkAlert {
  /** When Fink received it, UTC: text, or microseconds since 1970. */
  timestamp?: string | bigint | null;
  schemavsn: string | null;
  publisher: string | null;
  objectId: string | null;
  candid: bigint | null;
  candidate: Nullable<ZtfCandidate> | null;
  prv_candidates: (Nullable<ZtfPrvCandidate> | null)[] | null;
  fp_hists?: (Nullable<ZtfForcedPhotometry> | null)[] | null;
  cutoutScience: FinkCutout | null;
  cutoutTemplate: FinkCutout | null;
  cutoutDifference: FinkCutout | null;
  topic?: string | null;
  /** The object's type in SIMBAD within 1.5 arcsec; `Unknown` where there is none, `Fail` where CDS did not answer. */
  cdsxmatch?: string | null;
  /** Probability to be a supernova of type Ia, by a random forest. */
  rfscore?: number | null;
  rf_snia_vs_nonia?: number | null;
  /** Probabilities of SuperNNova, a recurrent neural network. */
  snn_snia_vs_nonia?: number | null;
  snn_sn_vs_all?: number | null;
  mulens?: FinkMulens | number | null;
  /** Whether it is a body of the solar system: 3 for one that is known, 2 for a candidate. */
  roid?: number | null;
  /** Number of detections in the history. */
  nalerthist?: number | null;
  fink_broker_version?: string | null;
  fink_science_version?: string | null;
}
