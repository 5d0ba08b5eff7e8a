import {
  clusterDir,
  clusterNames,
  findCluster,
  KafkaStartError,
  removeCluster,
  startCluster,
  type RunningCluster,
} from '@apf/connectors';
import { UsageError } from '@apf/core';
import { DEFAULT_CLUSTER } from '../../administration/cluster-options.js';
import { defineCommand } from '../../command.js';

const name = {
  type: 'string',
  describe: `Which cluster; '${DEFAULT_CLUSTER}' where absent`,
} as const;
const json = { type: 'boolean', default: false, describe: 'Print one line of JSON' } as const;

/** `apf kafka start` */
export const start = defineCommand(
  (yargs) =>
    yargs
      .option('name', name)
      .option('json', json)
      .option('host', {
        type: 'string',
        describe: 'Let other machines reach the SASL listeners at this name or address',
      })
      .option('port', { type: 'number', describe: 'The port of SASL_PLAINTEXT; a free one where absent' })
      .option('secure', {
        type: 'boolean',
        default: false,
        describe: 'Nobody comes in without a login, on this machine neither',
      })
      .option('auto-create', {
        type: 'boolean',
        default: true,
        describe: 'A topic is made when it is used; --no-auto-create turns that off',
      }),
  async ({ name: called = DEFAULT_CLUSTER, json: asJson, host, port, secure, autoCreate }) => {
    if (port !== undefined && !(Number.isInteger(port) && port > 0 && port < 65_536))
      throw new UsageError('--port is a whole number from 1 to 65535');
    try {
      const cluster = await startCluster({
        dir: clusterDir(called),
        detached: true,
        autoCreateTopics: autoCreate,
        secured: secure,
        ...(host === undefined ? {} : { host }),
        ...(port === undefined ? {} : { saslPort: port }),
        onProgress: (line) => console.error(line),
      });
      console.log(asJson ? JSON.stringify(record(called, cluster)) : described(called, cluster));
    } catch (error) {
      if (error instanceof KafkaStartError) console.error(error.lastLogLines.join('\n'));
      throw error;
    }
  },
);

/** `apf kafka stop` */
export const stop = defineCommand(
  (yargs) =>
    yargs
      .option('name', name)
      .option('json', json)
      .option('delete', { type: 'boolean', default: false, describe: 'Delete topics and users too' }),
  async ({ name: called = DEFAULT_CLUSTER, json: asJson, delete: remove }) => {
    await demandKnown(called);
    const dir = clusterDir(called);
    const cluster = await findCluster(dir);
    await cluster?.stop();
    if (remove) await removeCluster(dir);
    if (asJson) {
      const stopped = cluster !== undefined;
      console.log(JSON.stringify({ name: called, running: false, stopped, deleted: remove }));
      return;
    }
    const did = cluster === undefined ? 'was not running' : 'is stopped';
    console.log(
      `Kafka '${called}' ${did}${remove ? ', its data is deleted' : '; its topics are kept for the next start'}`,
    );
  },
);

/** `apf kafka status` */
export const status = defineCommand(
  (yargs) =>
    yargs.option('name', { ...name, describe: 'Which cluster; all where absent' }).option('json', json),
  async ({ name: called, json: asJson }) => {
    if (called !== undefined) await demandKnown(called);
    const names = called === undefined ? await clusterNames() : [called];
    const found = await Promise.all(
      names.map(async (each) => ({ name: each, cluster: await findCluster(clusterDir(each)) })),
    );
    if (asJson) {
      for (const { name: each, cluster } of found) {
        console.log(JSON.stringify(cluster ? record(each, cluster) : { name: each, running: false }));
      }
      return;
    }
    if (found.length === 0) console.log('no Kafka was started here; start one with: apf kafka start');
    for (const { name: each, cluster } of found) {
      console.log(cluster ? described(each, cluster) : `Kafka '${each}' is not running`);
    }
  },
);

async function demandKnown(called: string): Promise<void> {
  clusterDir(called); // refuses what can be no name
  const names = await clusterNames();
  if (names.includes(called)) return;
  const known = names.length === 0 ? 'none was started here' : `there are: ${names.join(', ')}`;
  throw new UsageError(`there is no Kafka '${called}'; ${known}`);
}

function record(called: string, cluster: RunningCluster): object {
  const { bootstrapServers, saslServers, sslServers, caFile, description, log, alreadyRunning, login } =
    cluster;
  return {
    name: called,
    running: true,
    alreadyRunning,
    secured: login.username !== undefined,
    bootstrapServers,
    saslServers,
    sslServers,
    caFile,
    description,
    log,
  };
}

function described(called: string, cluster: RunningCluster): string {
  const named = (option: string): string => (called === DEFAULT_CLUSTER ? '' : ` --${option} ${called}`);
  const { bootstrapServers, saslServers, sslServers, caFile, description, log, login } = cluster;
  return [
    `Kafka '${called}' is running: ${description}${login.username === undefined ? '' : ', with logins only'}`,
    ...(login.username === undefined
      ? [`  in settings.ts, under PARAMS:   'bootstrap.servers': '${bootstrapServers}'`]
      : []),
    `  for SCRAM users SASL_PLAINTEXT  '${saslServers}'`,
    `                  SASL_SSL        '${sslServers}', 'ssl.ca.location': '${caFile}'`,
    `  let somebody in: apf kafka grant --user NAME …${named('cluster')}`,
    `  log ${log}`,
    `  end it with: apf kafka stop${named('name')}`,
  ].join('\n');
}
