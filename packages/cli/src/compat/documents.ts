import type { Documented } from './documented.js';

export interface DocumentsEntry {
  /** What is typed; each name is a file in bin/ and an entry of `bin` in package.json. */
  readonly names: readonly string[];
  load(): Promise<{ readonly command: Documented }>;
}

/** The commands that the documents know, by the names that they have there. */
export const DOCUMENTS: readonly DocumentsEntry[] = [
  { names: ['filterStream', 'filterStream.py'], load: () => import('./filter-stream.js') },
  { names: ['fink'], load: () => import('./fink-distribution/fink.js') },
  { names: ['fink_consumer'], load: () => import('./fink-consumer.js') },
  { names: ['fink_kafka'], load: () => import('./fink-kafka/fink-kafka.js') },
  { names: ['fink_simulator'], load: () => import('./fink-simulator.js') },
  { names: ['monitorStream', 'monitorStream.py'], load: () => import('./monitor-stream.js') },
  { names: ['poll_one_alert'], load: () => import('./poll-one-alert.js') },
  { names: ['poll_single_alert'], load: () => import('./poll-single-alert.js') },
  { names: ['printStream', 'printStream.py'], load: () => import('./print-stream.js') },
  { names: ['sendAlertStream', 'sendAlertStream.py'], load: () => import('./send-alert-stream.js') },
];
