import type { Argv } from 'yargs';
import { withStreamOptions } from '../consume/stream-options.js';

const which = 'Which filters:';
const where = 'Where what passes goes:';

/** Adds the option that says where filters are. */
// eslint-disable-next-line @typescript-eslint/explicit-module-boundary-types
export function withFilterPlace<T>(yargs: Argv<T>) {
  return yargs.option('filters', {
    group: which,
    type: 'string',
    describe: 'A folder of filters, or a package that exports some  [default: ./filters]',
  });
}

/** The options of `apf filter`. */
// eslint-disable-next-line @typescript-eslint/explicit-module-boundary-types
export function withFilterOptions(yargs: Argv) {
  return withFilterPlace(withStreamOptions(yargs)).options({
    filter: {
      group: which,
      type: 'string',
      array: true,
      describe: "A name, a number, 1-20, a file, cone(RA, DEC, ARCSEC) or NAME='EXPRESSION'; may be repeated",
    },
    all: { group: which, type: 'boolean', default: false, describe: 'All filters that fit the alerts' },
    'topic-prefix': { group: where, type: 'string', describe: "Stands before the filters' names" },
    'topic-pattern': {
      group: where,
      type: 'string',
      describe: "With the filter's name in it: fink_{filter}_ztf",
    },
    to: {
      group: where,
      type: 'string',
      describe: 'Another broker: host:port, or a profile; the one that is read where absent',
    },
    partitions: { group: where, type: 'number', default: 1, describe: 'Of a topic that has to be made' },
    'dead-letters': {
      group: where,
      type: 'string',
      default: './dead-letters',
      describe: 'The folder for alerts that cannot be read, or on which a filter fails',
    },
    'dry-run': {
      group: where,
      type: 'boolean',
      default: false,
      describe: 'Count what is there now: join no group, write and commit nothing',
    },
    metrics: { group: where, type: 'number', describe: 'Serve metrics and health at this port' },
    json: { type: 'boolean', default: false, describe: 'The counts as JSON on standard output at the end' },
  });
}

export type FilterOptions = Awaited<ReturnType<typeof withFilterOptions>['argv']>;
