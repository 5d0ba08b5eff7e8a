import type { BatchStep, Step } from '../step.js';

/** The step's own `key`, else the named field of a result. */
export function keyFunction<In, Out>(
  step: Step<In, Out> | BatchStep<In, Out>,
  field: string | undefined,
): ((result: Out) => string | Buffer | null | undefined) | undefined {
  if (step.key) return (result) => step.key?.(result);
  if (field === undefined) return undefined;
  return (result) => {
    const value = (result as Readonly<Record<string, string | number | bigint | Buffer | null | undefined>>)[
      field
    ];
    if (value === undefined || value === null || Buffer.isBuffer(value)) return value;
    return String(value);
  };
}
