import type { Argv } from 'yargs';
import { withConnection } from '../connection/connection-options.js';
import { FORMATS, FRAMINGS_OF_STREAMS, SURVEY_NAMES } from './consume-choices.js';

const what = 'What to read:';
const which = 'Which alerts:';
const where = 'What to do with them:';
const how = 'How they are read:';

/** The options of `apf consume`. */
// eslint-disable-next-line @typescript-eslint/explicit-module-boundary-types
export function withConsumeOptions(yargs: Argv) {
  return withConnection(yargs).options({
    topics: {
      group: what,
      type: 'string',
      array: true,
      describe: 'Names, or regular expressions that begin with ^',
    },
    group: {
      group: what,
      type: 'string',
      describe:
        'The consumer group; user@host and the profile where absent; --no-group: read once, commit nothing',
    },
    since: { group: what, type: 'string', describe: '2h (ago), 2021-03-15T10:00, an MJD or a JD' },
    until: { group: what, type: 'string', describe: 'As --since; stops there' },
    night: { group: what, type: 'string', describe: 'A night by its date, 20210315' },
    time: {
      group: what,
      choices: ['broker', 'observation'] as const,
      default: 'broker' as const,
      describe: "Whose time --since, --until and --night mean: the broker's, or the alert's own",
    },
    tail: { group: what, type: 'number', describe: 'The last so many messages' },
    from: {
      group: what,
      choices: ['earliest', 'latest'] as const,
      describe: 'Where to begin where nothing else says it; earliest where absent',
    },
    'until-eos': { group: what, type: 'boolean', describe: 'Stop at what is there now' },
    limit: { group: what, type: 'number', describe: 'Stop after so many alerts' },
    timeout: { group: what, type: 'number', describe: 'Stop after so many seconds without a message' },
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
    nan: {
      group: where,
      choices: ['null', 'literal', 'string'] as const,
      default: 'null' as const,
      describe: 'json: how NaN and infinities are written; they are counted',
    },
    schema: {
      group: how,
      type: 'string',
      describe: 'The schema of alerts that carry none: a file or a folder',
    },
    schemas: { group: how, type: 'string', describe: 'A folder with schemas by their ids' },
    registry: { group: how, type: 'string', describe: "The schema registry's URL" },
    framing: {
      group: how,
      choices: FRAMINGS_OF_STREAMS,
      describe: 'How alerts stand in messages; found out where absent',
    },
    survey: { group: how, choices: SURVEY_NAMES, describe: 'Whose alerts these are; found out where absent' },
  });
}

export type ConsumeOptions = Awaited<ReturnType<typeof withConsumeOptions>['argv']>;
