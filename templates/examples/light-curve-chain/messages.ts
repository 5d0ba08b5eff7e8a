import type { DetectionRow, LightCurveRows, NonDetectionRow } from '@apf/alerts';

/** What the sorting hat and the correction say of an alert: `schemas/epochs.avsc`. */
export interface Epochs {
  survey: LightCurveRows['survey'];
  oid: string;
  candid: bigint;
  mjd: number;
  /** The detection that the alert was sent for. */
  detection: DetectionRow;
  /** Those that it tells of. */
  earlier: readonly DetectionRow[];
  non_detections: readonly NonDetectionRow[];
}

/** All detections of an object once an alert of it has been written: `schemas/light_curve.avsc`. */
export interface LightCurveMessage {
  oid: string;
  candid: bigint;
  mjd: number;
  detections: readonly DetectionRow[];
}
