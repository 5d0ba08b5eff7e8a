import type { StatusReport } from '../metrics/status-report.js';

/** What a worker tells its parent over the channel that `fork` makes. */
export type WorkerMessage =
  /** Its settings are right: it is about to run. */
  | { readonly kind: 'built' }
  /** It still runs something. */
  | { readonly kind: 'beat' }
  | { readonly kind: 'status'; readonly report: StatusReport };

/** Tells the parent, if it is still there. */
export function tellParent(message: WorkerMessage): void {
  if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
}
