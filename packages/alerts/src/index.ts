export * from './fits.js';
export * from './sky/index.js';
export * from './stamp-classification.js';
export { STAMP_CLASSIFIER_SCHEMA } from './stamp-classifier-schema.js';
export * from './synthetic-sky.js';
export * from './synthetic-ztf.js';
export * from './top-class.js';
export * from './ztf-alert.js';
export { ZTF_ALERT_SCHEMA } from './ztf-alert-schema.js';
