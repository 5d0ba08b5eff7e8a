import type { Argv } from 'yargs';
import { withConnection } from '../connection/connection-options.js';
import { SURVEY_NAMES } from '../consume/consume-choices.js';
import { withDatabase } from '../database/database-options.js';
import { withMatch } from './match-options.js';

const from = 'Where alerts come from:';
const which = 'Which of them, and what of them:';
const to = 'Where they go:';
const how = 'How it runs:';

/** The options of `apf distribute`. */
// eslint-disable-next-line @typescript-eslint/explicit-module-boundary-types
export function withDistributeOptions(yargs: Argv) {
  return withMatch(withDatabase(withConnection(yargs))).options({
    conf: {
      group: from,
      type: 'string',
      describe:
        'A fink.conf.distribution (KEY=value), for whatever is not given here; it is read, never executed',
    },
    'from-topics': {
      group: from,
      type: 'string',
      array: true,
      describe: 'Topics to read, instead of the table alert of a database',
    },
    'from-servers': {
      group: from,
      type: 'string',
      describe: '--from-topics: their broker; --servers where absent',
    },
    'from-profile': { group: from, type: 'string', describe: '--from-topics: their profile, of apf login' },
    group: {
      group: from,
      type: 'string',
      describe: '--from-topics: the consumer group; apf-distribute- and the topics written to where absent',
    },
    schema: { group: from, type: 'string', describe: '--from-topics: the schema of alerts that carry none' },
    since: {
      group: from,
      type: 'string',
      describe:
        "Begin there, whatever the checkpoint says: 'beginning', 2h (ago), 2026-03-15T10:00, an MJD or a JD; topics: where the group has not read yet",
    },
    checkpoint: {
      group: from,
      type: 'string',
      describe:
        'A database: the file that keeps how far it has come, or table:NAME for a line in the database; distribution.checkpoint where absent',
    },
    mark: {
      group: from,
      type: 'string',
      describe:
        'A database: column=value to write to the rows that were sent; those that have it are passed over',
    },
    filter: {
      group: which,
      type: 'string',
      array: true,
      nargs: 1,
      describe: "A filter, as apf filter takes them: a name, a file, or NAME='EXPRESSION'; may be repeated",
    },
    filters: {
      group: which,
      type: 'string',
      describe: 'A folder of filters, or a package that exports some  [default: ./filters]',
    },
    rules: { group: which, type: 'string', describe: "Rules in Fink's XML: select, drop, filter" },
    select: { group: which, type: 'string', describe: 'Only these fields: objectId,candidate.ra' },
    drop: { group: which, type: 'string', describe: 'Not these fields: cutoutScience' },
    where: {
      group: which,
      type: 'string',
      describe: 'Only alerts for which this holds, whatever the filters say',
    },
    survey: {
      group: which,
      choices: SURVEY_NAMES,
      describe: 'Whose alerts these are; found out where absent',
    },
    topic: {
      group: to,
      type: 'string',
      array: true,
      describe: 'Where no filter is given, the topics for all alerts',
    },
    'topic-prefix': {
      group: to,
      type: 'string',
      describe: "Stands before the filters' names, for their topics",
    },
    'topic-pattern': {
      group: to,
      type: 'string',
      describe: "With the filter's name in it: fink_{filter}_ztf",
    },
    partitions: { group: to, type: 'number', describe: 'Of a topic that has to be made; 1 where absent' },
    'schema-out': {
      group: to,
      type: 'string',
      describe:
        'The file for the schema by which the topics are read; distribution_schema.avsc where absent, of apf crossmatch TOPIC_schema.avsc',
    },
    'dead-letters': {
      group: to,
      type: 'string',
      describe: 'A folder for alerts that cannot be distributed; ./dead-letters where absent',
    },
    'exit-after': { group: how, type: 'number', describe: 'Stop after so many seconds' },
    'until-eos': { group: how, type: 'boolean', default: false, describe: 'Stop at what is there now' },
    interval: {
      group: how,
      type: 'number',
      describe: 'A database: seconds between two looks for new rows; 1 where absent',
    },
    'dry-run': {
      group: how,
      type: 'boolean',
      default: false,
      describe: 'Say what of that which is there now would go where; send, write and note nothing',
    },
    json: {
      group: how,
      type: 'boolean',
      default: false,
      describe: 'Report as lines of JSON on standard output',
    },
  });
}

export type DistributeOptions = Awaited<ReturnType<typeof withDistributeOptions>['argv']>;
