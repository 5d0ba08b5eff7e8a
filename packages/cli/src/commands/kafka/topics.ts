import { checkTopicName, type TopicDetails } from '@apf/connectors';
import { UsageError } from '@apf/core';
import { administered, withCluster } from '../../administration/cluster-options.js';
import { defineCommand } from '../../command.js';
import { confirmed } from '../../confirm.js';
import { printTable } from '../../print-table.js';

const json = { type: 'boolean', default: false, describe: 'Print lines of JSON' } as const;

/** `apf kafka topics create` */
export const createTopics = defineCommand(
  (yargs) =>
    withCluster(
      yargs
        .positional('topics', { type: 'string', array: true, demandOption: true, describe: 'Their names' })
        .option('partitions', {
          type: 'number',
          default: 1,
          describe: 'How many share the work of one group',
        })
        .option('replicas', { type: 'number', default: 1, describe: 'How many brokers keep each' })
        .option('config', {
          type: 'string',
          array: true,
          nargs: 1,
          describe: 'Configuration of the topic as name=value, retention.ms=86400000 say; may be repeated',
        })
        .option('json', json)
        .example('apf kafka topics create sn --partitions 4', 'one that is there already is left as it is'),
    ),
  async ({ topics, partitions, replicas, config = [], json: asJson, ...options }) => {
    topics.forEach(checkTopicName);
    for (const [name, count] of Object.entries({ partitions, replicas })) {
      if (!Number.isInteger(count) || count < 1)
        throw new UsageError(`--${name} is a whole number from 1 on`);
    }
    const spec = { partitions, replicas, config: pairs(config) };
    const { admin } = await administered(options);
    for (const topic of topics) {
      const created = await admin.ensureTopic(topic, spec);
      if (asJson) console.log(JSON.stringify({ topic, created }));
      else console.log(created ? `topic ${topic} is made` : `topic ${topic} is there already`);
    }
  },
);

function pairs(settings: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    settings.map((setting) => {
      const at = setting.indexOf('=');
      if (at <= 0) throw new UsageError(`--config takes name=value, not '${setting}'`);
      return [setting.slice(0, at), setting.slice(at + 1)];
    }),
  );
}

/** `apf kafka topics delete` */
export const deleteTopics = defineCommand(
  (yargs) =>
    withCluster(
      yargs
        .positional('topics', { type: 'string', array: true, demandOption: true, describe: 'Their names' })
        .option('yes', { type: 'boolean', default: false, describe: 'Do not ask' })
        .option('json', json),
    ),
  async ({ topics, yes, json: asJson, ...options }) => {
    topics.forEach(checkTopicName);
    const { admin, servers } = await administered(options);
    const known = new Set((await admin.listTopics()).map(({ topic }) => topic));
    const present = topics.filter((topic) => known.has(topic));
    const what = `delete ${present.join(', ')} at ${servers} with all that is in ${present.length > 1 ? 'them' : 'it'}`;
    if (present.length > 0 && !(await confirmed(what, yes))) return;
    for (const topic of topics) {
      const deleted = present.includes(topic) && (await admin.dropTopic(topic));
      if (asJson) console.log(JSON.stringify({ topic, deleted }));
      else console.log(deleted ? `topic ${topic} is deleted` : `there is no topic ${topic}`);
    }
  },
);

/** `apf kafka topics list` */
export const listTopics = defineCommand(
  (yargs) => withCluster(yargs.option('json', json)),
  async ({ json: asJson, ...options }) => {
    const { admin } = await administered(options);
    const topics = await admin.listTopics();
    if (asJson) for (const topic of topics) console.log(JSON.stringify(topic));
    else if (topics.length === 0) console.log('there is no topic');
    else {
      printTable(
        ['topic', 'partitions', 'replicas'],
        topics.map(({ topic, partitions, replicas }) => [topic, partitions, replicas]),
      );
    }
  },
);

/** `apf kafka topics describe` */
export const describeTopics = defineCommand(
  (yargs) =>
    withCluster(
      yargs
        .positional('topics', { type: 'string', array: true, demandOption: true, describe: 'Their names' })
        .option('json', json),
    ),
  async ({ topics, json: asJson, ...options }) => {
    const { admin } = await administered(options);
    for (const topic of topics) {
      const details = await admin.describeTopic(topic);
      if (asJson) console.log(JSON.stringify(details));
      else describe(details);
    }
  },
);

function describe({ topic, partitions, replicas, partitionDetails, config }: TopicDetails): void {
  const settings = Object.entries(config).map(([name, value]) => `${name}=${value}`);
  console.log(
    [`${topic}: ${count(partitions, 'partition')}, ${count(replicas, 'replica')}`, ...settings].join(', '),
  );
  printTable(
    ['partition', 'leader', 'replicas', 'in sync', 'earliest', 'latest', 'messages'],
    partitionDetails.map((each) => [
      each.partition,
      each.leader,
      each.replicas.join(),
      each.inSync.join(),
      each.earliest,
      each.latest,
      each.latest - each.earliest,
    ]),
  );
}

const count = (number: number, what: string): string => `${number} ${what}${number === 1 ? '' : 's'}`;
