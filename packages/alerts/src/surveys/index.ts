export * from './identity.js';
export * from './survey-of.js';
