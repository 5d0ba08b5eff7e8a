import type { Family } from './families.js';
import type { Health } from './health.js';

/** What a process that runs a step tells whoever serves its status: plain data, it crosses threads and processes. */
export interface StatusReport {
  readonly health: Health;
  readonly families: readonly Family[];
}

/** What goes from the server's side to the reporting one: a wish for a report that is not a second old. */
export const ASK = 'apf-status?';

/** How often a process reports without being asked, in ms. */
const EVERY = 1_000;

/** Reports at once, each second, and when asked. Ends with the function that it returns; keeps no process alive. */
export function reportStatus(
  report: () => StatusReport,
  send: (report: StatusReport) => void,
): { readonly asked: (message: unknown) => void; readonly end: () => void } {
  const tell = (): void => send(report());
  const timer = setInterval(tell, EVERY).unref();
  tell();
  return {
    asked: (message) => {
      if (message === ASK) tell();
    },
    end: () => {
      clearInterval(timer);
      tell();
    },
  };
}
