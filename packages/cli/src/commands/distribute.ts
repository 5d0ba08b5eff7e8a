import { supervise } from '@apf/connectors';
import { toError } from '@apf/core';
import { defineCommand } from '../command.js';
import { withDistributeOptions } from '../distribute/distribute-options.js';
import { figuresOf, saidFigures } from '../distribute/distribution-report.js';
import type { DistributionPlan } from '../distribute/distribution-plan.js';
import { planOf } from '../distribute/plan-of.js';
import { type Distributed, runDistribution } from '../distribute/run-distribution.js';

/** Seconds for finishing what is in hand after a signal. */
const PATIENCE = 30;

/** `apf distribute`: sends new alerts of a database, or of a stream, on to topics of their own. */
export const command = defineCommand(
  (yargs) =>
    withDistributeOptions(yargs)
      .example(
        'apf distribute --database alerts.sqlite --servers host:9092 --topic fink_outstream',
        'every new alert, on and on',
      )
      .example(
        `apf distribute --database postgres://host/alerts --servers host:9092 --filter 'rrlyr=cdsxmatch == "RRLyr"'`,
        'those of a filter, to the topic rrlyr',
      )
      .example('apf distribute --conf fink.conf.distribution --dry-run', 'what would go where'),
  async (options) => {
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
  },
);

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
