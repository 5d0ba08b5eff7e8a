import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { toError, UsageError } from '@apf/core';
import type { Connection } from '../../connection/connection.js';
import type { PlanOptions } from '../../distribute/distribution-plan.js';
import { type DistributionConf, jaasLogin } from '../fink-kafka/distribution-conf.js';
import { type FinkAccount, keptAccounts } from '../fink-kafka/fink-cluster.js';

/** Of a distribution, what Fink's configuration file says. */
export type ConfOptions = Pick<PlanOptions, 'topic' | 'schemaOut' | 'checkpoint' | 'since'> &
  Partial<Pick<PlanOptions, 'database' | 'filter' | 'rules' | 'mark' | 'topicPrefix'>> & {
    readonly params: Connection['params'];
  };

/** Where Fink's filters stand in its package: `fink_filters.filter_rrlyr.filter.rrlyr`. */
const DOTTED = /^fink_filters(?:\.\w+)*\.(\w+)$/;
/** The line that Fink's own service writes to its offset file. */
const FINKS_OWN = /^distributed till, (\d{1,15})\s*$/gm;

/**
 * What DISTRIBUTION_… come to. To Fink's keys are added DISTRIBUTION_DATABASE (as `--database`), DISTRIBUTION_FILTERS (as
 * `--filter`, one a line; a
 * dotted path into fink_filters counts by its last part) and DISTRIBUTION_MARK (as `--mark`).
 * @throws UsageError that names the key
 */
export async function confOptions(conf: DistributionConf): Promise<ConfOptions> {
  const { values, topics } = conf;
  const home = values.get('FINK_HOME') ?? process.env.FINK_HOME ?? '.';
  const text = (key: string): string | undefined => values.get(key)?.trim() || undefined;
  const given = <Key extends string>(name: Key, key: string): { [name in Key]?: string } => {
    const value = text(key);
    return value === undefined ? {} : ({ [name]: value } as { [name in Key]: string });
  };
  const filter = text('DISTRIBUTION_FILTERS')
    ?.split('\n')
    .map((line) => line.trim().replace(DOTTED, '$1'))
    .filter((line) => line !== '');
  return {
    params: await brokerOf(conf),
    ...(filter ? { filter, topic: undefined } : { topic: [...topics] }),
    schemaOut: text('DISTRIBUTION_SCHEMA') ?? join(home, 'schemas', 'distribution_schema'),
    ...positionOf(
      text('DISTRIBUTION_OFFSET_FILE') ?? join(home, 'distribution.offset'),
      text('DISTRIBUTION_OFFSET'),
    ),
    ...given('database', 'DISTRIBUTION_DATABASE'),
    ...given('rules', 'DISTRIBUTION_RULES_XML'),
    ...given('mark', 'DISTRIBUTION_MARK'),
    ...given('topicPrefix', 'SUBSTREAM_PREFIX'),
  };
}

/**
 * DISTRIBUTION_OFFSET is `latest` (where the last run ended), `earliest`, or ms since 1970. A file of Fink's own service
 * stays as it is: the first run here begins where that one ended.
 */
function positionOf(file: string, offset = 'latest'): Pick<ConfOptions, 'checkpoint' | 'since'> {
  const fink = [...offsetsIn(file).matchAll(FINKS_OWN)].at(-1)?.[1];
  const checkpoint = fink === undefined ? file : `${file}.apf`;
  if (offset === 'earliest') return { checkpoint, since: 'beginning' };
  if (offset === 'latest') {
    const first = fink !== undefined && !existsSync(checkpoint);
    return { checkpoint, since: first ? timeOf(fink) : undefined };
  }
  if (/^\d{1,15}$/.test(offset)) return { checkpoint, since: timeOf(offset) };
  throw new UsageError(`DISTRIBUTION_OFFSET is '${offset}': write latest, earliest or ms since 1970`, {
    code: 'APF_SETTINGS',
  });
}

function offsetsIn(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return '';
    const why = code === 'EISDIR' ? 'is a folder: name a file' : `cannot be read: ${toError(error).message}`;
    throw new UsageError(`DISTRIBUTION_OFFSET_FILE ${file} ${why}`, { code: 'APF_FILE', cause: error });
  }
}

const timeOf = (ms: string): string => new Date(Number(ms)).toISOString();

async function brokerOf({ brokers, producerJaas, values }: DistributionConf): Promise<Connection['params']> {
  const servers = values.get('DISTRIBUTION_SERVERS') || brokers.filter((broker) => broker !== '').join(',');
  if (servers === '')
    throw new UsageError('DISTRIBUTION_SERVERS is empty: write host:port', { code: 'APF_SETTINGS' });
  const login = await loginOf(values, producerJaas);
  return { 'bootstrap.servers': servers, ...saslOf(login) };
}

/** Librdkafka's properties of a login on Fink's cluster; without one they are those of an open broker. */
export function saslOf(login: FinkAccount | undefined): Connection['params'] {
  if (!login) return { 'security.protocol': 'PLAINTEXT' };
  return {
    'security.protocol': 'SASL_PLAINTEXT',
    'sasl.mechanism': 'SCRAM-SHA-512',
    'sasl.username': login.username,
    'sasl.password': login.password,
  };
}

/** The conf's own, else that of its JAAS file, else the one that `fink_kafka start` has made. */
async function loginOf(
  values: DistributionConf['values'],
  jaas: string | undefined,
): Promise<FinkAccount | undefined> {
  if (values.get('KAFKA_SECURITY_PROTOCOL') === 'PLAINTEXT') return undefined;
  const [username, password] = [values.get('KAFKA_SASL_USERNAME'), values.get('KAFKA_SASL_PASSWORD')];
  if (username && password) return { username, password };
  if (jaas !== undefined && existsSync(jaas)) return jaasLogin(jaas);
  return (await keptAccounts()).producer;
}
