export * from './alert-filter.js';
export * from './filter-of.js';
export * from './filter-set.js';
export { visitOf } from './visit-of.js';
