import { supervise } from '@apf/connectors';
import { toError } from '@apf/core';
import { defineCommand } from '../command.js';
import { withConsumeOptions } from '../consume/consume-options.js';
import { type Consumed, runConsume } from '../consume/run-consume.js';

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
      ),
  async (options) => {
    let failure: Error | undefined;
    const code = await supervise(
      async (signal) => {
        try {
          console.error(`apf: ${said(await runConsume(options, signal))}`);
          return 0;
        } catch (thrown) {
          failure = toError(thrown);
          return 1;
        }
      },
      { patience: PATIENCE, say: (line) => console.error(`apf: ${line}`) },
    );
    if (failure) throw failure;
    process.exitCode = code;
  },
);

function said({ summary: { stats }, counts, saved }: Consumed): string {
  const left: [number, string][] = [
    [counts.filtered, 'did not pass the filter'],
    [counts.repeated, 'were repeats'],
    [counts.otherTime, 'were of another time'],
    [counts.thinned, 'were left out by --every'],
    [stats.deadLetters, 'could not be read'],
    [stats.tombstones, 'were empty'],
    [stats.expired, 'had expired on the broker'],
  ];
  const out = left.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`);
  return [`${counts.out} alerts`, ...out, ...(saved === undefined ? [] : [saved])].join(', ');
}
