import { clusterDir, findCluster, KafkaStartError, type TopicDetails } from '@apf/connectors';
import { FatalError } from '@apf/core';
import { defineDocumented } from '../documented.js';
import { DocumentedMistake } from '../parse-documented.js';
import { authentication } from './authentication.js';
import { authorization, listing } from './authorization.js';
import { distributionConf } from './distribution-conf.js';
import { FINK_CLUSTER, finkCluster, startFinkCluster } from './fink-cluster.js';
import { HELP } from './usage.js';

/** How many share the work of one consumer group, as in Fink's. */
const PARTITIONS = 2;

/** `fink_kafka`: Fink's cluster for redistribution, its topics, users and permissions. */
export const command = defineDocumented({
  help: HELP,
  positionals: { action: { kind: 'text', optional: true } },
  options: {
    conf: { names: ['-c', '--conf'], kind: 'text' },
    createTopic: { names: ['--create-topic'], kind: 'text' },
    deleteTopic: { names: ['--delete-topic'], kind: 'text' },
    describeTopic: { names: ['--describe-topic'], kind: 'text' },
    listTopics: { names: ['--list-topics'], kind: 'flag' },
    authentication: { names: ['--authentication'], kind: 'rest' },
    authorization: { names: ['--authorization'], kind: 'rest' },
    listAcl: { names: ['--list-acl'], kind: 'flag' },
  },
  mistake: (kind, what) => {
    const text = {
      'unknown-option': `unknown option: ${what}`,
      'unknown-argument': `unknown argument: ${what}`,
      'no-value': `${what} requires an argument${what.endsWith('-topic') ? ' (Topic Name)' : ': path to configuration file'}`,
      'not-a-number': `${what} is no number`,
      missing: `${what} is missing`,
    }[kind];
    return { text, exitCode: 1 };
  },
  run: async (given) => {
    const { action } = given;
    if (action === 'start') return start(given.conf);
    if (action === 'stop') return stop();
    if (action !== undefined)
      throw new DocumentedMistake({ text: `unknown argument: ${action}`, exitCode: 1 });
    if (given.createTopic !== undefined) return createTopic(given.createTopic);
    if (given.deleteTopic !== undefined) return deleteTopic(given.deleteTopic);
    if (given.describeTopic !== undefined) return describeTopic(given.describeTopic);
    if (given.listTopics) return listTopics();
    if (given.authentication !== undefined) return authentication(given.authentication);
    if (given.authorization !== undefined) return authorization(given.authorization);
    if (given.listAcl) return listAcl();
    console.log(HELP);
    process.exitCode = 1;
  },
});

async function start(named: string | undefined): Promise<void> {
  const conf = distributionConf(named);
  if (conf.path !== undefined)
    console.log(`Reading ${named === undefined ? 'default' : 'custom'} conf file from ${conf.path} `);
  try {
    const cluster = await startFinkCluster(conf, (line) => console.error(line));
    console.log('Kafka Server started successfully');
    console.error(
      `fink_kafka: ${cluster.description} at ${cluster.saslServers}, by SASL_PLAINTEXT and SCRAM-SHA-512`,
    );
  } catch (error) {
    console.log('Starting Kafka Server failed');
    if (error instanceof KafkaStartError) console.error(error.lastLogLines.join('\n'));
    throw error;
  }
}

async function stop(): Promise<void> {
  await (await findCluster(clusterDir(FINK_CLUSTER)))?.stop();
  console.log('Kafka Server stopped');
}

async function createTopic(topic: string): Promise<void> {
  const made = await (await finkCluster()).ensureTopic(topic, { partitions: PARTITIONS });
  console.log(made ? `Created topic ${topic}.` : `Topic ${topic} already exists.`);
}

async function deleteTopic(topic: string): Promise<void> {
  if (!(await (await finkCluster()).dropTopic(topic)))
    throw new FatalError(`there is no topic '${topic}'`, { code: 'APF_TOPIC' });
  console.log(`Topic ${topic} is deleted.`);
}

async function describeTopic(topic: string): Promise<void> {
  console.log(described(await (await finkCluster()).describeTopic(topic)));
}

/** As Kafka's own tool describes it. */
function described({ topic, partitions, replicas, partitionDetails, config }: TopicDetails): string {
  const settings = Object.entries(config).map(([name, value]) => `${name}=${value}`);
  return [
    `Topic:${topic}\tPartitionCount:${partitions}\tReplicationFactor:${replicas}\tConfigs:${settings.join()}`,
    ...partitionDetails.map(
      (each) =>
        `\tTopic: ${topic}\tPartition: ${each.partition}\tLeader: ${each.leader}\tReplicas: ${each.replicas.join()}\tIsr: ${each.inSync.join()}`,
    ),
  ].join('\n');
}

async function listTopics(): Promise<void> {
  for (const { topic } of await (await finkCluster()).listTopics()) console.log(topic);
}

async function listAcl(): Promise<void> {
  const acls = await (await finkCluster()).listAcls();
  console.log(
    acls.length === 0 ? 'There is no ACL: nobody but the administrator may do anything.' : listing(acls),
  );
}
