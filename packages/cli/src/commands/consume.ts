import { supervise } from '@apf/connectors';
import { toError } from '@apf/core';
import { defineCommand } from '../command.js';
import { inOptions } from '../connection/in-options.js';
import { withConsumeOptions } from '../consume/consume-options.js';
import { optionMistake } from '../consume/option-mistake.js';
import { runConsume } from '../consume/run-consume.js';

/** Seconds for finishing what is in hand after a signal. */
const PATIENCE = 30;

/** `apf consume`: reads a stream, shows it and saves it. */
export const command = defineCommand(
  (yargs) =>
    withConsumeOptions(yargs)
      .example('apf consume --servers host:9092 --topics ztf_20210315_programid1', 'follow a stream')
      .example("apf consume --profile fink --filter 'snr > 5' --save alerts/", 'keep what is bright')
      .example(
        'apf consume --profile fink --since 2h --until-eos --format json',
        'the last two hours, read once',
      )
      .example(
        'apf consume --profile lsst --until-eos --format parquet --save night/ --workers 4',
        'a whole topic, in four processes; started again it goes on',
      ),
  async (options) => {
    let failure: Error | undefined;
    const code = await supervise(
      async (signal) => {
        try {
          console.error(`apf: ${await runConsume(options, signal)}`);
          return 0;
        } catch (thrown) {
          failure = inOptions(optionMistake(toError(thrown)));
          return 1;
        }
      },
      { patience: PATIENCE, say: (line) => console.error(`apf: ${line}`) },
    );
    if (failure) throw failure;
    process.exitCode = code;
  },
);
