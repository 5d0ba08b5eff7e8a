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
import { defineCommand } from '../command.js';

const DEFAULT_NAME = 'default';

interface Options {
  readonly name: string | undefined;
  readonly json: boolean;
  readonly host: string | undefined;
  readonly autoCreate: boolean;
  readonly delete: boolean;
}

/** `apf kafka start|stop|status`: a real Kafka of one's own, to try and to test with. */
export const command = defineCommand(
  (yargs) =>
    yargs
      .positional('action', { choices: ['start', 'stop', 'status'] as const, demandOption: true })
      .option('name', { type: 'string', describe: `Which cluster; '${DEFAULT_NAME}' where absent` })
      .option('json', { type: 'boolean', default: false, describe: 'Print one line of JSON' })
      .option('host', {
        type: 'string',
        describe: 'start: let other machines reach the SASL listeners at this name or address',
      })
      .option('auto-create', {
        type: 'boolean',
        default: true,
        describe: 'start: a topic is made when it is used; --no-auto-create turns that off',
      })
      .option('delete', { type: 'boolean', default: false, describe: 'stop: delete topics and users too' }),
  async ({ action, ...options }) => {
    if (action === 'start') await start(options);
    else if (action === 'stop') await stop(options);
    else await status(options);
  },
);

async function start({ name = DEFAULT_NAME, json, host, autoCreate }: Options): Promise<void> {
  try {
    const cluster = await startCluster({
      dir: clusterDir(name),
      detached: true,
      autoCreateTopics: autoCreate,
      ...(host === undefined ? {} : { host }),
      onProgress: (line) => console.error(line),
    });
    console.log(json ? JSON.stringify(record(name, cluster)) : described(name, cluster));
  } catch (error) {
    if (error instanceof KafkaStartError) console.error(error.lastLogLines.join('\n'));
    throw error;
  }
}

async function stop({ name = DEFAULT_NAME, json, delete: remove }: Options): Promise<void> {
  await demandKnown(name);
  const dir = clusterDir(name);
  const cluster = await findCluster(dir);
  await cluster?.stop();
  if (remove) await removeCluster(dir);
  if (json)
    console.log(JSON.stringify({ name, running: false, stopped: cluster !== undefined, deleted: remove }));
  else {
    const did = cluster === undefined ? 'was not running' : 'is stopped';
    console.log(
      `Kafka '${name}' ${did}${remove ? ', its data is deleted' : '; its topics are kept for the next start'}`,
    );
  }
}

async function status({ name, json }: Options): Promise<void> {
  if (name !== undefined) await demandKnown(name);
  const names = name === undefined ? await clusterNames() : [name];
  const found = await Promise.all(
    names.map(async (each) => ({ name: each, cluster: await findCluster(clusterDir(each)) })),
  );
  if (json) {
    for (const { name: each, cluster } of found) {
      console.log(JSON.stringify(cluster ? record(each, cluster) : { name: each, running: false }));
    }
    return;
  }
  if (found.length === 0) console.log('no Kafka was started here; start one with: apf kafka start');
  for (const { name: each, cluster } of found) {
    console.log(cluster ? described(each, cluster) : `Kafka '${each}' is not running`);
  }
}

async function demandKnown(name: string): Promise<void> {
  clusterDir(name); // refuses what can be no name
  const names = await clusterNames();
  if (names.includes(name)) return;
  const known = names.length === 0 ? 'none was started here' : `there are: ${names.join(', ')}`;
  throw new UsageError(`there is no Kafka '${name}'; ${known}`);
}

function record(name: string, cluster: RunningCluster): object {
  const { bootstrapServers, saslServers, sslServers, caFile, description, log, alreadyRunning } = cluster;
  return {
    name,
    running: true,
    alreadyRunning,
    bootstrapServers,
    saslServers,
    sslServers,
    caFile,
    description,
    log,
  };
}

function described(name: string, cluster: RunningCluster): string {
  const option = name === DEFAULT_NAME ? '' : ` --name ${name}`;
  return [
    `Kafka '${name}' is running: ${cluster.description}`,
    `  in settings.ts, under PARAMS:   'bootstrap.servers': '${cluster.bootstrapServers}'`,
    `  for SCRAM users SASL_PLAINTEXT  '${cluster.saslServers}'`,
    `                  SASL_SSL        '${cluster.sslServers}', 'ssl.ca.location': '${cluster.caFile}'`,
    `  log ${cluster.log}`,
    `  end it with: apf kafka stop${option}`,
  ].join('\n');
}
