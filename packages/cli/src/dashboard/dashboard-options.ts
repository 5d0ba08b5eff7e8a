import type { Argv } from 'yargs';
import { type ConnectionOptions, withConnection } from '../connection/connection-options.js';
import { type DatabaseOptions, withDatabase } from '../database/database-options.js';

const what = 'What to show:';
const letters = 'Dead letters:';
const who = 'Who may see it:';
const how = 'How alerts are read:';

/** The port where nobody names one: always the same, so that a page can be kept open. */
export const USUAL_PORT = 8600;

export interface ServeOptions extends ConnectionOptions, DatabaseOptions {
  readonly in?: readonly string[] | undefined;
  readonly topics?: readonly string[] | undefined;
  readonly groups?: readonly string[] | undefined;
  readonly metrics?: readonly string[] | undefined;
  readonly deadLetters?: string | undefined;
  readonly allowReplay: boolean;
  readonly host: string;
  readonly port: number;
  readonly tokenFile?: string | undefined;
  readonly open: boolean;
  readonly schema?: string | undefined;
  readonly schemas?: string | undefined;
  readonly registry?: string | undefined;
}

/** The options of `apf dashboard`. */
export function withDashboard<T>(yargs: Argv<T>): Argv<T & ServeOptions> {
  return withDatabase(withConnection(yargs)).options({
    topics: {
      group: what,
      type: 'string',
      array: true,
      requiresArg: true,
      describe: 'Names, or regular expressions that begin with ^; all that you may see where absent',
    },
    groups: {
      group: what,
      type: 'string',
      array: true,
      requiresArg: true,
      describe: 'Consumer groups, as topics; those that read these topics where absent',
    },
    metrics: {
      group: what,
      type: 'string',
      array: true,
      requiresArg: true,
      describe: 'The /metrics of steps: http://localhost:8000/metrics',
    },
    in: {
      group: what,
      type: 'string',
      array: true,
      requiresArg: true,
      describe: 'In place of a broker: alert files, folders, globs or archives',
    },
    database: {
      group: what,
      type: 'string',
      requiresArg: true,
      describe: 'In place of a broker: a light-curve database, a SQLite file or postgres://user@host/name',
    },
    'dead-letters': {
      group: letters,
      type: 'string',
      requiresArg: true,
      describe: 'The project of a step, or a folder of dead letters',
    },
    'allow-replay': {
      group: letters,
      type: 'boolean',
      default: false,
      describe: 'Let those who see the page send dead letters to their topics again',
    },
    host: {
      group: who,
      type: 'string',
      default: '127.0.0.1',
      requiresArg: true,
      describe: 'Where to listen: any other than this machine alone needs a token, which is made and printed',
    },
    port: {
      group: who,
      type: 'number',
      default: USUAL_PORT,
      requiresArg: true,
      describe: '0 is any free one',
    },
    'token-file': {
      group: who,
      type: 'string',
      requiresArg: true,
      describe: 'A file whose first line is the token, 16 characters or more',
    },
    open: { group: who, type: 'boolean', default: false, describe: 'Open the page in your browser' },
    schema: {
      group: how,
      type: 'string',
      describe: 'The schema of alerts that carry none: a file or a folder',
    },
    schemas: { group: how, type: 'string', describe: 'A folder with schemas by their ids' },
    registry: { group: how, type: 'string', describe: "The schema registry's URL" },
  }) as unknown as Argv<T & ServeOptions>;
}
