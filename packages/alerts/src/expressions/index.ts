export * from './compile-expression.js';
export { DERIVED_NAMES, type DerivedName } from './derived-names.js';
export { ExpressionError } from './expression-error.js';
export { type ExpressionFunction, FUNCTIONS } from './functions.js';
