export * from './alert-moment.js';
export { annotationModel } from './annotation-model.js';
export * from './catalogue/index.js';
export * from './cutouts/index.js';
export * from './expressions/index.js';
export * from './elasticc-alert.js';
export { ELASTICC_ALERT_SCHEMA } from './elasticc-alert-schema.js';
export * from './filters/index.js';
export type { FinkAlert, FinkCutout, FinkMulens } from './fink-alert.js';
export * from './fits.js';
export * from './lsst-alert.js';
export { LSST_ALERT_SCHEMAS } from './lsst-alert-schema.js';
export {
  LC_CLASSIFIER_FEATURES,
  LC_CLASSIFIER_SCHEMA,
  type LcClassification,
} from './lc-classifier-schema.js';
export * from './light-curve/index.js';
export { isMissing } from './missing-values.js';
export { type FluxUnit, ZERO_POINTS } from './photometry.js';
export * from './plot/index.js';
export * from './simulator/index.js';
export * from './parse-time.js';
export * from './scribe/index.js';
export * from './sky/index.js';
export * from './solar-system-neighbour.js';
export * from './stamp-classification.js';
export { STAMP_CLASSIFIER_SCHEMA } from './stamp-classifier-schema.js';
export * from './surveys/index.js';
export * from './synthetic-sky.js';
export type { SyntheticKind, SyntheticTruth } from './synthetic-sky/sky-object.js';
export type { SyntheticAlert, SyntheticVisit } from './synthetic-sky/visits.js';
export * from './synthetic-ztf.js';
export * from './time-scales.js';
export * from './top-class.js';
export * from './ztf-alert.js';
export { ZTF_ALERT_SCHEMA, ZTF_ALERT_SCHEMAS } from './ztf-alert-schema.js';
