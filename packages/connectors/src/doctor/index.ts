export { examine, type ExaminationOptions } from './examine.js';
export type { Finding, Report } from './finding.js';
