import type { Argv } from 'yargs';
import { type ConnectionOptions, withConnection } from '../connection/connection-options.js';
import { type DatabaseOptions, withDatabase } from '../database/database-options.js';

/** Where a command that looks at alerts finds them. */
export interface AlertOptions extends ConnectionOptions, DatabaseOptions {
  readonly in?: readonly string[] | undefined;
  readonly topic?: string | undefined;
  readonly db?: boolean | undefined;
  readonly schema?: string | undefined;
  readonly schemas?: string | undefined;
}

/** Adds the options that say where alerts are: files, a topic, or a database. */
export function withAlerts<T>(yargs: Argv<T>): Argv<T & AlertOptions> {
  const told = withDatabase(withConnection(yargs)).options({
    in: { type: 'string', array: true, describe: 'Look in these files, folders, globs or archives' },
    topic: { type: 'string', describe: 'Look in this topic, from its oldest message to what is there now' },
    db: { type: 'boolean', describe: 'Look in the database of --database, or of ./settings.ts' },
    schema: { type: 'string', describe: 'The schema of alerts without one: a file or a folder' },
    schemas: { type: 'string', describe: 'A folder with the schemas of alerts that have only an id' },
  });
  return told as unknown as Argv<T & AlertOptions>;
}
