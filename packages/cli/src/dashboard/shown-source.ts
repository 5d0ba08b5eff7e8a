import { adminLogin, ALERT_FILES, databaseAt, listFiles, openDatabase } from '@apf/connectors';
import { BrokerFeed, DatabaseFeed, type DashboardOptions, FileFeed, watchedBroker } from '@apf/dashboard';
import { folderSchemaSource, loadSchema, silent, UsageError } from '@apf/core';
import { type Connection, connection } from '../connection/connection.js';
import { namePatterns } from '../consume/name-patterns.js';
import { schemaSources } from '../consume/schema-sources.js';
import type { ServeOptions } from './dashboard-options.js';

/** What a dashboard shows, and the broker that it is of. */
export interface ShownSource {
  readonly shown: Pick<DashboardOptions, 'title' | 'source' | 'alerts' | 'stream' | 'metrics'>;
  readonly broker: Connection | undefined;
}

/** @throws UsageError for options that do not go together, FatalError for a database or files that cannot be read */
export async function shownSource(options: ServeOptions): Promise<ShownSource> {
  const { in: paths, database } = options;
  if (paths !== undefined && database !== undefined)
    throw new UsageError('name one thing to show: --in or --database');
  const other = paths === undefined ? (database === undefined ? undefined : '--database') : '--in';
  if (other !== undefined) {
    const [wrong] = (['topics', 'groups', 'metrics'] as const).filter((name) => options[name] !== undefined);
    if (wrong !== undefined) throw new UsageError(`--${wrong} is of a broker: leave it out with ${other}`);
  }
  if (paths !== undefined) return { shown: await files(paths, options), broker: undefined };
  if (database !== undefined) return { shown: await stored(database), broker: undefined };
  return broker(options);
}

async function files(
  paths: readonly string[],
  { schema, schemas }: ServeOptions,
): Promise<ShownSource['shown']> {
  // Where there is nothing to read, that is said before a page is served.
  await listFiles(paths, ALERT_FILES, silent);
  const name = paths.join(', ').slice(0, 80);
  const reading = {
    paths,
    name,
    schema: schema === undefined ? undefined : loadSchema(schema),
    schemas: schemas === undefined ? undefined : folderSchemaSource(schemas),
  };
  return {
    title: name,
    source: 'files',
    alerts: (store, listener) => new FileFeed(reading, store, listener),
  };
}

async function stored(address: string): Promise<ShownSource['shown']> {
  const database = await openDatabase(databaseAt(address), process.cwd(), { existing: true });
  return {
    title: database.where,
    source: 'database',
    alerts: (store, listener) => new DatabaseFeed({ database, name: 'alert' }, store, listener),
  };
}

async function broker(options: ServeOptions): Promise<ShownSource> {
  const topics = namePatterns(options.topics, '--topics');
  const groups = namePatterns(options.groups, '--groups');
  const metrics = (options.metrics ?? []).map(metricsUrl);
  const reached = await connection(options);
  const { params, servers, profile } = reached;
  const reading = { params, topics, ...schemaSources(options, profile) };
  return {
    shown: {
      title: reached.name === undefined ? servers : `${reached.name} (${servers})`,
      source: 'broker',
      alerts: (store, listener) => new BrokerFeed(reading, store, listener),
      stream: watchedBroker(adminLogin(params), { topics, groups }),
      metrics,
    },
    broker: reached,
  };
}

function metricsUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url;
  // What stands before an @ may be a password.
  const said = text.replace(/^.*@/s, '…@');
  throw new UsageError(`--metrics '${said}' is no URL: http://host:port/metrics`);
}
