import type { RunMetrics } from '../metrics/run-metrics.js';
import { reportStatus } from '../metrics/status-report.js';
import { startBeating } from '../wiring/heartbeat.js';
import { tellParent } from './worker-messages.js';

/**
 * Tells the parent of this worker how it is, and ends the worker as SIGTERM does when the parent is gone.
 * @returns ends it
 */
export function reportToParent(metrics: RunMetrics | undefined): () => void {
  // The channel alone keeps nobody alive.
  process.channel?.unref();
  const orphaned = (): void => void process.kill(process.pid, 'SIGTERM');
  process.once('disconnect', orphaned);
  tellParent({ kind: 'built' });
  const endBeat = startBeating(() => tellParent({ kind: 'beat' }));
  const endReports =
    metrics &&
    reportStatus(
      () => metrics.report(),
      (report) => tellParent({ kind: 'status', report }),
    );
  return () => {
    endBeat();
    endReports?.();
    process.off('disconnect', orphaned);
  };
}
