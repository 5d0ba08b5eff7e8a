import type { Documented } from './documented.js';

export interface DocumentsEntry {
  /** What is typed; each name is a file in bin/ and an entry of `bin` in package.json. */
  readonly names: readonly string[];
  load(): Promise<{ readonly command: Documented }>;
}

/** The commands that the documents know, by the names that they have there. */
export const DOCUMENTS: readonly DocumentsEntry[] = [
  { names: ['fink_kafka'], load: () => import('./fink-kafka/fink-kafka.js') },
  { names: ['fink_simulator'], load: () => import('./fink-simulator.js') },
  { names: ['sendAlertStream', 'sendAlertStream.py'], load: () => import('./send-alert-stream.js') },
];
