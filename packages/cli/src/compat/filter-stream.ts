import { supervise } from '@apf/connectors';
import { toError, UsageError } from '@apf/core';
import type { Connection } from '../connection/connection.js';
import { FilterCatalogue } from '../filters/filter-catalogue.js';
import { outputTopics } from '../filters/output-topics.js';
import { printFilterSummary } from '../filters/print-filter-summary.js';
import { type FilterRun, runFilters } from '../filters/run-filters.js';
import { defineDocumented } from './documented.js';
import { lsstParams } from './lsst-stream.js';

const HELP = `usage: filterStream.py [-h] [--group GROUP] broker topic filterNum

Consumes stream from Kafka, filters alerts, and produces a new stream.

positional arguments:
  broker         Hostname or IP and port of Kafka broker.
  topic          Name of Kafka topic stream to read.
  filterNum      Number of the filter to run, in the order of their names: of
                 those in ./filters, or 1-100 for Filter001 to Filter100. With a
                 second number, all from the first to the second.

optional arguments:
  -h, --help     show this help message and exit
  --group GROUP  Globally unique name of the consumer group. Consumers in the
                 same group will share messages (i.e., only one consumer will
                 receive a message, as in a queue). Default is value of
                 $HOSTNAME.`;

/** Where LSST's compose files have the broker, for those of their lines that do not name it. */
const BROKER = 'kafka:9092';
/** Seconds for finishing what is in hand after a signal. */
const PATIENCE = 30;

export const command = defineDocumented({
  help: HELP,
  positionals: {
    broker: { kind: 'text' },
    topic: { kind: 'text' },
    filterNum: { kind: 'text' },
    last: { kind: 'text', optional: true },
  },
  options: { group: { names: ['--group'], kind: 'text' } },
  async run(given) {
    const { broker, topic, first, last } = meant(given);
    const catalogue = await FilterCatalogue.open(undefined);
    const numbered = catalogue.entries.filter(({ from }) => from !== 'built-in');
    const count = numbered.length;
    if (last > count) {
      const whose = numbered[0]?.from === 'own' ? `, the filters in ${catalogue.place}` : '';
      throw new UsageError(`there is no filter ${last}: filterNum goes from 1 to ${count}${whose}`);
    }
    const filters = await catalogue.choose([`${first}-${last}`]);
    const params = lsstParams(broker, given.group);
    const to: Connection = {
      servers: broker,
      username: undefined,
      params,
      secrets: [],
      name: undefined,
      profile: {},
    };
    const run: FilterRun = {
      filters,
      topics: outputTopics(
        filters.map(({ name }) => name),
        {},
        [topic],
      ),
      lenient: false,
      plan: {
        ...{
          topics: [topic],
          group: params['group.id'],
          from: 'earliest',
          untilEnd: false,
          byObservation: false,
        },
        ...{ since: undefined, until: undefined, tail: undefined, survey: undefined },
      },
      from: to,
      to: { ...to, params: { 'bootstrap.servers': broker } },
      schemas: {},
      dryRun: false,
      partitions: 1,
      deadLetters: './dead-letters',
      say: (line) => console.error(line),
      // The signal is told already.
      interrupted: () => undefined,
    };
    let failure: Error | undefined;
    await supervise(
      async (signal) => {
        signal.addEventListener('abort', () => console.error('%% Aborted by user'), { once: true });
        try {
          printFilterSummary(await runFilters(run, signal), false);
          return 0;
        } catch (thrown) {
          failure = toError(thrown);
          return 1;
        }
      },
      { patience: PATIENCE, say: (line) => console.error(line) },
    );
    if (failure) throw failure;
  },
});

interface Meant {
  readonly broker: string;
  readonly topic: string;
  readonly first: number;
  readonly last: number;
}

/** `broker topic N`, `broker topic FIRST LAST`, and the older `topic FIRST LAST` of DMTN-081. */
function meant(given: {
  readonly broker: string;
  readonly topic: string;
  readonly filterNum: string;
  readonly last: string | undefined;
}): Meant {
  const { broker, topic, filterNum, last } = given;
  const old = last === undefined && /^\d+$/.test(topic);
  const [from, to] = old ? [topic, filterNum] : [filterNum, last ?? filterNum];
  for (const number of [from, to])
    if (!/^\d{1,9}$/.test(number))
      throw new UsageError(`filterNum is a number, not '${number.slice(0, 40)}'`);
  const range = { first: Number(from), last: Number(to) };
  return old ? { broker: BROKER, topic: broker, ...range } : { broker, topic, ...range };
}
