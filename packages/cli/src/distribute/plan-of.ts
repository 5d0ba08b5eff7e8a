import { UsageError } from '@apf/core';
import { connection, type Connection } from '../connection/connection.js';
import { distributionConf } from '../compat/fink-kafka/distribution-conf.js';
import { confOptions } from '../compat/fink-distribution/conf-options.js';
import type { DistributeOptions } from './distribute-options.js';
import { type DistributionPlan, distributionPlan, type PlanOptions } from './distribution-plan.js';

/** What the command line asks for, with the configuration file that it names below it. @throws UsageError */
export async function planOf(
  options: DistributeOptions & Pick<PlanOptions, 'schemaByTopic'>,
): Promise<DistributionPlan> {
  demandOnce(options);
  if (options.conf === undefined) return distributionPlan(options, await brokers(options));
  const { params, ...conf } = await confOptions(distributionConf(options.conf));
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  const merged = { ...conf, ...given } as DistributeOptions;
  // A filter of the command line takes the place of the file's topics.
  if (options.filter !== undefined) delete (merged as { topic?: unknown }).topic;
  const named = options.servers !== undefined || options.profile !== undefined;
  const to = named ? (await connection(options)).params : params;
  const noDatabase = `no database is named: give --database, or write DISTRIBUTION_DATABASE=… into ${options.conf}`;
  return distributionPlan(merged, { to, from: await fromBroker(options, to), noDatabase });
}

async function brokers(
  options: DistributeOptions,
): Promise<{ readonly to: Connection['params']; readonly from: Connection['params'] }> {
  // What is only tried from a database needs no broker.
  const nobody = options.dryRun && options.fromTopics === undefined;
  const to = nobody ? {} : (await connection(options)).params;
  return { to, from: await fromBroker(options, to) };
}

async function fromBroker(
  options: DistributeOptions,
  to: Connection['params'],
): Promise<Connection['params']> {
  const { fromServers: servers, fromProfile: profile } = options;
  if (servers === undefined && profile === undefined) return to;
  return (await connection({ servers, profile })).params;
}

/** Options that may be repeated. */
const LISTS = ['_', 'fromTopics', 'filter', 'topic', 'matchField', 'watchlist', 'kafka', 'X'];

/** yargs makes a list of what is given twice. */
function demandOnce(options: DistributeOptions): void {
  const twice = Object.entries(options).find(([name, value]) => Array.isArray(value) && !isList(name));
  if (twice) throw new UsageError(`--${twice[0]} is given twice`);
}

const isList = (name: string): boolean =>
  LISTS.includes(name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase()));
