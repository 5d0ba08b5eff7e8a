import type { Argv } from 'yargs';
import { FORMATS } from './consume-choices.js';
import { withStreamOptions } from './stream-options.js';

const what = 'What to read:';
const which = 'Which alerts:';
const where = 'What to do with them:';

/** The options of `apf consume`. */
// eslint-disable-next-line @typescript-eslint/explicit-module-boundary-types
export function withConsumeOptions(yargs: Argv) {
  return withStreamOptions(yargs).options({
    time: {
      group: what,
      choices: ['broker', 'observation'] as const,
      default: 'broker' as const,
      describe: "Whose time --since, --until and --night mean: the broker's, or the alert's own",
    },
    limit: { group: what, type: 'number', describe: 'Stop after so many alerts' },
    filter: {
      group: which,
      type: 'string',
      describe: 'Only alerts for which this holds: candidate.magpsf < 18',
    },
    every: { group: which, type: 'number', describe: 'Only every so many-th of them' },
    unique: { group: which, type: 'boolean', default: false, describe: 'Each alert once, by its id' },
    fields: {
      group: which,
      type: 'string',
      array: true,
      describe: 'Only these fields: objectId,candidate.magpsf',
    },
    format: {
      group: where,
      choices: FORMATS,
      describe: 'table on a terminal, else json; with --save how files are written: avro where absent',
    },
    save: { group: where, type: 'string', describe: 'Save alerts to this folder' },
    bundle: {
      group: where,
      type: 'boolean',
      default: false,
      describe: '--save: Avro files with many alerts, as json, csv and parquet have, not one each',
    },
    'rotate-size': {
      group: where,
      type: 'number',
      default: 128,
      describe: '--save: MB after which a file is whole',
    },
    'rotate-time': {
      group: where,
      type: 'number',
      default: 600,
      describe: '--save: seconds after which a file is whole',
    },
    overwrite: {
      group: where,
      type: 'boolean',
      default: false,
      describe: '--save: replace files of the same name',
    },
    stamps: { group: where, type: 'string', describe: "Save the alerts' images (FITS) to this folder" },
    plot: { group: where, type: 'string', describe: 'Save a picture (SVG) of each alert to this folder' },
    workers: {
      group: where,
      type: 'number',
      default: 1,
      describe: 'Read in so many processes, to transfer a whole topic: with --save or --format none',
    },
    nan: {
      group: where,
      choices: ['null', 'literal', 'string'] as const,
      default: 'null' as const,
      describe: 'json: how NaN and infinities are written; they are counted',
    },
  });
}

export type ConsumeOptions = Awaited<ReturnType<typeof withConsumeOptions>['argv']>;
