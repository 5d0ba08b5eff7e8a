import type { MetricFamily } from '@apf/connectors';
import type { FilterCount } from './filter-step.js';

/** What Prometheus is told of each filter. */
export function filterFamilies(counts: readonly FilterCount[]): MetricFamily[] {
  const family = (name: string, help: string, value: (count: FilterCount) => number): MetricFamily => ({
    name,
    help,
    type: 'counter',
    aggregator: 'sum',
    values: counts.map((count) => ({ labels: { filter: count.name }, value: value(count) })),
  });
  return [
    family('apf_filter_passed_total', 'Alerts that a filter let pass', ({ passed }) => passed),
    family('apf_filter_failed_total', 'Alerts on which a filter threw', ({ failed }) => failed),
  ];
}
