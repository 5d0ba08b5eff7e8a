import { adminLogin, clusterDir, findCluster, type KafkaAdmin, kafkaAdmin } from '@apf/connectors';
import { UsageError } from '@apf/core';
import type { Argv } from 'yargs';
import { type ConnectionOptions, withConnection } from '../connection/connection-options.js';
import { connection } from '../connection/connection.js';

export const DEFAULT_CLUSTER = 'default';

export interface ClusterOptions extends ConnectionOptions {
  readonly cluster?: string | undefined;
}

/** Adds the options by which a command is told which cluster to administer, and as whom. */
export function withCluster<T>(yargs: Argv<T>): Argv<T & ClusterOptions> {
  return withConnection(
    yargs.option('cluster', {
      group: 'The broker:',
      type: 'string',
      describe: `One that apf kafka start has started; '${DEFAULT_CLUSTER}' unless a broker is named below`,
    }),
  );
}

export interface Administered {
  readonly admin: KafkaAdmin;
  /** Who administers it; undefined where nobody logs in. */
  readonly username: string | undefined;
  /** Where its users log in: `host:port`. */
  readonly servers: string;
  /** Whether that connection is encrypted. */
  readonly tls: boolean;
}

/**
 * The cluster that the options or the environment name, else the one that `apf kafka start` has started: a profile of
 * somebody's own is used only where it is named, since what is done here may not be undone.
 * @throws UsageError where there is none.
 */
export async function administered(
  options: ClusterOptions,
  env: NodeJS.ProcessEnv = process.env,
): Promise<Administered> {
  const { cluster, servers, profile } = options;
  const broker = servers ?? profile;
  if (cluster !== undefined && broker !== undefined) {
    throw new UsageError(`give --cluster or ${servers === undefined ? '--profile' : '--servers'}, not both`);
  }
  // An empty variable says nothing.
  if (cluster === undefined && (broker ?? (env.APF_SERVERS || env.APF_PROFILE || undefined)) !== undefined) {
    const login = adminLogin((await connection(options)).params);
    return {
      admin: kafkaAdmin(login),
      username: login.username,
      servers: login.servers,
      tls: login.tls !== undefined,
    };
  }
  const name = cluster ?? DEFAULT_CLUSTER;
  const running = await findCluster(clusterDir(name));
  if (running === undefined) {
    const option = name === DEFAULT_CLUSTER ? '' : ` --name ${name}`;
    throw new UsageError(
      `Kafka '${name}' does not run: start it with apf kafka start${option}, or name a broker with --servers or --profile`,
    );
  }
  return { admin: running, username: running.login.username, servers: running.saslServers, tls: false };
}
