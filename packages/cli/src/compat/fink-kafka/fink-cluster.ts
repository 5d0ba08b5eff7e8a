import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { join } from 'node:path';
import {
  clusterDir,
  consumerAcls,
  findCluster,
  producerAcls,
  type RunningCluster,
  startCluster,
} from '@apf/connectors';
import { FatalError, UsageError } from '@apf/core';
import { madePassword } from '../../administration/new-password.js';
import { type DistributionConf, jaasLogin } from './distribution-conf.js';

/** The cluster that `fink_kafka` manages, for `apf kafka … --cluster` too. */
export const FINK_CLUSTER = 'fink';
const ACCOUNTS = 'fink-accounts.json';
/** Where Fink's own producer and consumer run. */
const HERE = '127.0.0.1';
/** How the group ids of Spark's Kafka source begin. */
const GROUPS = 'spark-kafka-*';

export interface FinkAccount {
  readonly username: string;
  readonly password: string;
}

/** Fink's own producer and test consumer. */
export interface FinkAccounts {
  readonly producer: FinkAccount;
  readonly consumer: FinkAccount;
}

/** @throws FatalError where it does not run. */
export async function finkCluster(): Promise<RunningCluster> {
  const cluster = await findCluster(clusterDir(FINK_CLUSTER));
  if (cluster !== undefined) return cluster;
  throw new FatalError("Fink's Kafka Cluster does not run: start it with fink_kafka start", {
    code: 'APF_BROKER',
  });
}

/**
 * Starts the cluster where it does not run: nobody comes in without a login, and nothing is permitted but what is granted.
 * Fink's producer may write the topics of the conf, its test consumer read them, both from this machine only.
 */
export async function startFinkCluster(
  conf: DistributionConf,
  onProgress: (line: string) => void,
): Promise<RunningCluster> {
  const [broker = ''] = conf.brokers;
  const { host, port } = addressOf(broker);
  const cluster = await startCluster({
    dir: clusterDir(FINK_CLUSTER),
    detached: true,
    secured: true,
    saslPort: port,
    ...(host === undefined ? {} : { host }),
    // As in Fink's: a topic that nobody made is a mistake in its name.
    autoCreateTopics: false,
    onProgress,
  });
  const { producer, consumer } = await finkAccounts(conf);
  for (const { username, password } of [producer, consumer])
    await cluster.addUser(username, password, 'SCRAM-SHA-512');
  const { topics } = conf;
  await cluster.addAcls([
    ...producerAcls({ user: producer.username, hosts: [HERE], topics }),
    ...consumerAcls({ user: consumer.username, hosts: [HERE], topics, groups: [GROUPS], prefix: true }),
  ]);
  return cluster;
}

/** Logins of the JAAS files that the conf names; where there is none, made once and kept with the cluster. */
export async function finkAccounts(conf: DistributionConf): Promise<FinkAccounts> {
  const kept = await keptAccounts();
  const account = (
    jaas: string | undefined,
    before: FinkAccount | undefined,
    username: string,
  ): FinkAccount =>
    jaas !== undefined && existsSync(jaas)
      ? jaasLogin(jaas)
      : (before ?? { username, password: madePassword() });
  const accounts = {
    producer: account(conf.producerJaas, kept.producer, 'finkProducer'),
    consumer: account(conf.consumerJaas, kept.consumer, 'finkConsumer'),
  };
  await writeFile(accountsPath(), `${JSON.stringify(accounts, null, 2)}\n`, { mode: 0o600 });
  return accounts;
}

const accountsPath = (): string => join(clusterDir(FINK_CLUSTER), ACCOUNTS);

/** The logins that were made when the cluster was started; none where it never was. */
export async function keptAccounts(): Promise<Partial<FinkAccounts>> {
  const path = accountsPath();
  return existsSync(path) ? (JSON.parse(await readFile(path, 'utf8')) as Partial<FinkAccounts>) : {};
}

function addressOf(broker: string): { readonly host: string | undefined; readonly port: number } {
  const [, host = '', digits = ''] = /^(.*):(\d+)$/.exec(broker) ?? [];
  const port = Number(digits);
  if (!(port > 0 && port < 65_536)) {
    throw new UsageError(`KAFKA_BROKER_IPPORT[0] is '${broker}': write host:port`, { code: 'APF_SETTINGS' });
  }
  const loopback = host === '' || host === 'localhost' || (isIP(host) === 4 && host.startsWith('127.'));
  return { host: loopback ? undefined : host, port };
}
