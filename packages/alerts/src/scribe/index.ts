export { type ScribeChange, scribeChanges } from './scribe-changes.js';
export { readCommand, type ScribeCommand } from './scribe-command.js';
export { ScribeStep } from './scribe-step.js';
