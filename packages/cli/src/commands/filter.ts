import { supervise } from '@apf/connectors';
import { toError } from '@apf/core';
import { defineCommand } from '../command.js';
import { withFilterOptions } from '../filters/filter-options.js';
import { filterRun } from '../filters/filter-request.js';
import { printFilterSummary } from '../filters/print-filter-summary.js';
import { runFilters } from '../filters/run-filters.js';

/** Seconds for finishing what is in hand after a signal. */
const PATIENCE = 30;

/** `apf filter`: forwards the alerts of a stream to the topics of the filters that they pass. */
export const command = defineCommand(
  (yargs) =>
    withFilterOptions(yargs)
      .example('apf filter --servers host:9092 --topics my-stream --filter bright', 'one filter')
      .example("apf filter --topics ztf --filter 'm31=cone(10.68, 41.27, 3600) and snr > 8'", 'an expression')
      .example('apf filter --topics my-stream --filter 1-100 --dry-run', 'how many would pass'),
  async (options) => {
    const say = (line: string): void => console.error(`apf: ${line}`);
    const run = await filterRun(options, say);
    let failure: Error | undefined;
    const code = await supervise(
      async (signal) => {
        try {
          const done = await runFilters(run, signal);
          printFilterSummary(done, options.json);
          return done.counts.some(({ left }) => left) ? 1 : 0;
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
