export * from './clock.js';
export * from './context.js';
export * from './contracts.js';
export * from './errors.js';
export * from './step.js';
