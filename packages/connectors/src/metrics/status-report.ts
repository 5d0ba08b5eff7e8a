import type { Family } from './families.js';
import type { Health } from './health.js';

/** What a process that runs a step tells whoever serves its status: plain data, it crosses threads and processes. */
export interface StatusReport {
  readonly health: Health;
  readonly families: readonly Family[];
}

/** How often a process reports, in ms. */
const EVERY = 1_000;

/** Reports at once, then each second, and a last time when it is ended, by the function that it returns. Keeps no process alive. */
export function reportStatus(report: () => StatusReport, send: (report: StatusReport) => void): () => void {
  const tell = (): void => send(report());
  const timer = setInterval(tell, EVERY).unref();
  tell();
  return () => {
    clearInterval(timer);
    tell();
  };
}
