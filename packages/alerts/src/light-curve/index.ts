export { type AlertRow, alertRows, type SchemaRow } from './alert-row.js';
export {
  type CorrectedMagnitude,
  correctMagnitude,
  type DifferencePhotometry,
  markDubious,
  type MaybeDubious,
} from './correct-magnitude.js';
export { lightCurveModel, type LightCurveModelOptions } from './light-curve-model.js';
export type { LightCurve, LightCurvePoint } from './light-curve.js';
export { lightCurveOf, mergeLightCurves } from './light-curve-of.js';
export { objectRow } from './object-row.js';
export type {
  DetectionRow,
  ExtraFields,
  ForcedPhotometryRow,
  LightCurveRows,
  NonDetectionRow,
  ObjectRow,
  Photometry,
} from './rows.js';
export { correctDetection, lightCurveRows } from './rows-of.js';
export { lightCurveEcsv } from './light-curve-ecsv.js';
export { lightCurveVotable } from './light-curve-votable.js';
export {
  type MeasurementColumn,
  measurementColumns,
  type MeasurementRow,
  measurementRows,
} from './measurement-table.js';
