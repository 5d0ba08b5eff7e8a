import promClient from 'prom-client';

/** One value of a metric; `metricName` where it is another than its family's, as for the buckets of a histogram. */
export interface Sample {
  readonly labels: Readonly<Record<string, string | number>>;
  readonly value: number;
  readonly metricName?: string;
}

/** A metric with all its labels, plain data as prom-client's `getMetricsAsJSON` gives it. */
export interface Family {
  readonly name: string;
  readonly help: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  /** What several processes of a step make together. */
  readonly aggregator: 'sum' | 'min';
  readonly values: readonly Sample[];
}

/** The text that Prometheus reads: the metrics of one process, or of several together. */
export function exposition(processes: readonly (readonly Family[])[]): Promise<string> {
  return promClient.AggregatorRegistry.aggregate(processes as unknown as object[]).metrics();
}

export const EXPOSITION_TYPE = promClient.Registry.PROMETHEUS_CONTENT_TYPE;
