import { type ExtraMetric, nearest, UsageError } from '@apf/core';

export type MetricFormat = (value: unknown) => unknown;

/** The formats that are there without a method of the step. */
const FORMATS: Readonly<Record<string, MetricFormat>> = {
  /** Ids that JSON readers would round. */
  text: String,
  number: Number,
  /** How many detections, say. */
  length: (value) => (value as { length?: number }).length ?? null,
};

/**
 * What a `format` names: a method of the step, else one of ours.
 * @param prototype of the step's class
 * @param step what the method is called on, once there is a value
 * @throws UsageError for a name that is neither.
 */
export function metricFormat(
  { key, format }: ExtraMetric,
  prototype: object,
  step: () => object,
): MetricFormat | undefined {
  if (format === undefined) return undefined;
  const own = (prototype as Readonly<Record<string, unknown>>)[format];
  if (typeof own === 'function' && !Object.hasOwn(Object.prototype, format))
    return (value) => (own as MetricFormat).call(step(), value);
  if (Object.hasOwn(FORMATS, format)) return FORMATS[format];
  const near = nearest(format, [...Object.getOwnPropertyNames(prototype), ...Object.keys(FORMATS)]);
  throw new UsageError(
    `settings: METRICS_CONFIG.EXTRA_METRICS: '${format}', the format of '${key}', is neither a method of the step nor one of ${Object.keys(FORMATS).join(', ')}${near === undefined ? '' : `; did you mean '${near}'?`}`,
    { code: 'APF_SETTINGS' },
  );
}
