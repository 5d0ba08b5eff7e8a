import { supervise } from '@apf/connectors';
import { type AvroSchema, printable, toError } from '@apf/core';
import type { DistributeOptions } from './distribute-options.js';
import type { DistributionPlan, PlanOptions } from './distribution-plan.js';
import { figuresOf, saidFigures } from './distribution-report.js';
import { planOf } from './plan-of.js';
import { type Distributed, runDistribution } from './run-distribution.js';

/** Seconds for finishing what is in hand after a signal. */
const PATIENCE = 30;
/** Of what is said of a schema, in characters. */
const LONGEST = 2_000;

/** Runs a distribution as a command does: until it ends or is interrupted, with a last line, or one of JSON. */
export async function distribute(
  options: DistributeOptions & Pick<PlanOptions, 'schemaByTopic'>,
): Promise<void> {
  const plan = await planOf(options);
  let failure: Error | undefined;
  const code = await supervise(
    async (signal) => {
      try {
        tell(plan, await runDistribution(plan, signal, say), options.schemaOut !== undefined);
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

/** @param whole whether a schema that is only tried is shown whole */
function tell(plan: DistributionPlan, { summary, counts, schema }: Distributed, whole: boolean): void {
  const { dryRun, json } = plan;
  const figures = figuresOf(summary.stats, counts);
  if (json) {
    const event = dryRun ? 'dry-run' : 'end';
    console.log(JSON.stringify({ event, ...figures, ...(dryRun ? { schema: schema?.json } : {}) }));
    return;
  }
  say(saidFigures(figures, dryRun ? 'would be distributed' : 'distributed'));
  if (figures.read === 0) tellNothingNew(plan);
  if (!dryRun || !schema) return;
  if (whole) console.log(JSON.stringify(JSON.parse(schema.json), null, 2));
  else say(`by the schema ${saidSchema(schema)}; --json shows it whole`);
}

function tellNothingNew({ input, once, dryRun }: DistributionPlan): void {
  if (input.kind !== 'topics' || !once || dryRun) return;
  say(
    `group '${input.group}' has read all that is there of ${input.topics.join(', ')}: --group NAME, of a new group, reads it again`,
  );
}

function saidSchema({ name = '', fingerprint, root }: AvroSchema): string {
  const fields = root.kind === 'record' ? root.fields.map((field) => field.name) : [];
  return printable(`${name} (${fingerprint}) with ${fields.join(', ')}`, LONGEST);
}
