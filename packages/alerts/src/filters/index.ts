export * from './alert-filter.js';
export { BUILT_IN_FILTERS, coneFilter, TEMPLATE_FILTERS } from './built-in/index.js';
export * from './filter-of.js';
export * from './filter-set.js';
export * from './try-filter.js';
export { visitOf } from './visit-of.js';
