import { type Data, isData } from './plain-data.js';

/** APF has what concerns the sender of its metrics one level deeper, in PARAMS, which has PARAMS of its own: lifted. */
export function flatMetrics(data: Data): Data {
  const metrics = data.METRICS_CONFIG;
  const nested = isData(metrics) ? metrics.PARAMS : undefined;
  if (!isData(metrics) || !isData(nested) || !isData(nested.PARAMS)) return data;
  const { PARAMS: _, ...rest } = metrics;
  return { ...data, METRICS_CONFIG: { ...nested, ...rest } };
}
