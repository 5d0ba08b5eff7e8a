export * from './fits.js';
export {
  LC_CLASSIFIER_FEATURES,
  LC_CLASSIFIER_SCHEMA,
  type LcClassification,
} from './lc-classifier-schema.js';
export * from './light-curve/index.js';
export * from './sky/index.js';
export * from './stamp-classification.js';
export { STAMP_CLASSIFIER_SCHEMA } from './stamp-classifier-schema.js';
export * from './synthetic-sky.js';
export * from './synthetic-ztf.js';
export * from './top-class.js';
export * from './ztf-alert.js';
export { ZTF_ALERT_SCHEMA } from './ztf-alert-schema.js';
