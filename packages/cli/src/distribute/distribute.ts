import { supervise } from '@apf/connectors';
import { toError } from '@apf/core';
import type { DistributeOptions } from './distribute-options.js';
import type { DistributionPlan } from './distribution-plan.js';
import { figuresOf, saidFigures } from './distribution-report.js';
import { planOf } from './plan-of.js';
import { type Distributed, runDistribution } from './run-distribution.js';

/** Seconds for finishing what is in hand after a signal. */
const PATIENCE = 30;

/** Runs a distribution as a command does: until it ends or is interrupted, with a last line, or one of JSON. */
export async function distribute(options: DistributeOptions): Promise<void> {
  const plan = await planOf(options);
  let failure: Error | undefined;
  const code = await supervise(
    async (signal) => {
      try {
        tell(plan, await runDistribution(plan, signal, say));
        return 0;
      } catch (thrown) {
        failure = toError(thrown);
        return 1;
      }
    },
    { patience: PATIENCE, say },
  );
  if (failure) throw failure;
  process.exitCode = code;
}

const say = (line: string): void => console.error(`apf: ${line}`);

function tell({ dryRun, json }: DistributionPlan, { summary, counts, schema }: Distributed): void {
  const figures = figuresOf(summary.stats, counts);
  if (json) {
    const event = dryRun ? 'dry-run' : 'end';
    console.log(JSON.stringify({ event, ...figures, ...(dryRun ? { schema: schema?.json } : {}) }));
    return;
  }
  say(saidFigures(figures, dryRun ? 'would be distributed' : 'distributed'));
  if (dryRun && schema) console.log(JSON.stringify(JSON.parse(schema.json), null, 2));
}
