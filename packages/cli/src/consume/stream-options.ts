import type { Argv } from 'yargs';
import { withConnection } from '../connection/connection-options.js';
import { FRAMINGS_OF_STREAMS, SURVEY_NAMES } from './consume-choices.js';

const what = 'What to read:';
const how = 'How they are read:';

/** The options of every command that reads a stream of alerts. */
// eslint-disable-next-line @typescript-eslint/explicit-module-boundary-types
export function withStreamOptions(yargs: Argv) {
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
    tail: { group: what, type: 'number', describe: 'The last so many messages' },
    from: {
      group: what,
      choices: ['earliest', 'latest'] as const,
      describe: 'Where to begin where nothing else says it; earliest where absent',
    },
    'until-eos': { group: what, type: 'boolean', describe: 'Stop at what is there now' },
    timeout: { group: what, type: 'number', describe: 'Stop after so many seconds without a message' },
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

export type StreamOptions = Awaited<ReturnType<typeof withStreamOptions>['argv']>;
