import type { DashboardInfo } from '../../src/page-api.js';
import { useLive } from './live.js';

/** The topics whose alerts are read: those of the page's first moment and those that have come since, by name. */
export function useTopics({ topics }: DashboardInfo): readonly string[] {
  const alerts = useLive((live) => live.alerts);
  const later = (alerts?.topics ?? []).map(({ topic }) => topic);
  return [...new Set([...topics, ...later])].sort();
}
