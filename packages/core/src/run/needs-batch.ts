import { BatchStep, type Step } from '../step.js';

/** Whether anybody sees the batches: a BatchStep, a hook that follows them, or several alerts at once. */
export function needsBatch<In, Out>(step: Step<In, Out> | BatchStep<In, Out>, concurrency: number): boolean {
  const hooks = ['preExecute', 'postExecute', 'preProduce', 'postProduce'] as const;
  return step instanceof BatchStep || concurrency > 1 || hooks.some((name) => step[name] !== undefined);
}
