import {
  type Acl,
  ACL_OPERATIONS,
  type AclOperation,
  aclsOf,
  checkUserName,
  consumerAcls,
  producerAcls,
} from '@apf/connectors';
import { UsageError } from '@apf/core';
import type { Argv } from 'yargs';
import { administered, withCluster } from '../../administration/cluster-options.js';
import { defineCommand } from '../../command.js';
import { confirmed } from '../../confirm.js';
import { printTable } from '../../print-table.js';

interface AclOptions {
  readonly user: string;
  readonly consumer: boolean;
  readonly producer: boolean;
  readonly operation: readonly AclOperation[] | undefined;
  readonly topic: readonly string[] | undefined;
  readonly group: readonly string[] | undefined;
  readonly transactionalId: readonly string[] | undefined;
  readonly prefix: boolean;
  readonly host: readonly string[] | undefined;
}

function withAcl<T>(yargs: Argv<T>): Argv<T & AclOptions> {
  const list = { type: 'string', array: true, nargs: 1 } as const;
  return yargs.options({
    user: { type: 'string', demandOption: true, describe: "Whose; '*' is everybody" },
    consumer: { type: 'boolean', default: false, describe: 'To read the topics, in the groups' },
    producer: { type: 'boolean', default: false, describe: 'To write and make the topics' },
    operation: { ...list, choices: ACL_OPERATIONS, describe: 'Or exactly this, on all that is named' },
    topic: { ...list, describe: "A topic, or the beginning of some with a star: 'stamp_*'" },
    group: { ...list, describe: "A consumer group, or the beginning of some: 'uchile*'" },
    'transactional-id': { ...list, describe: "A producer's transactions, by their id" },
    prefix: { type: 'boolean', default: false, describe: 'All names are beginnings, without the star too' },
    host: { ...list, describe: 'The IP address from which; any where absent' },
  }) as unknown as Argv<T & AclOptions>;
}

/** @throws UsageError where the options say nothing, or what Kafka would never match. */
function meant(options: AclOptions): Acl[] {
  const { user, consumer, producer, operation = [], host = [], prefix } = options;
  const { topic = [], group = [], transactionalId = [] } = options;
  if (user !== '*') checkUserName(user);
  if (!consumer && !producer && operation.length === 0)
    throw new UsageError('say for what: --consumer, --producer, or an --operation');
  if (consumer && (topic.length === 0 || group.length === 0))
    throw new UsageError('a consumer needs a --topic and a --group');
  if (producer && topic.length === 0) throw new UsageError('a producer needs a --topic');
  const permission = {
    user,
    hosts: host,
    topics: topic,
    groups: group,
    transactionalIds: transactionalId,
    prefix,
  };
  const named = [
    ...topic.map((name) => ({ topic: name })),
    ...group.map((name) => ({ group: name })),
    ...transactionalId.map((name) => ({ transactionalId: name })),
  ];
  if (operation.length > 0 && named.length === 0)
    throw new UsageError('--operation needs a --topic, a --group or a --transactional-id');
  const hosts = host.length === 0 ? ['*'] : host;
  return [
    ...(consumer ? consumerAcls(permission) : []),
    ...(producer ? producerAcls(permission) : []),
    ...(operation.length > 0
      ? named.flatMap((name) =>
          hosts.flatMap((each) => aclsOf({ user, operations: operation, prefix, host: each, ...name })),
        )
      : []),
  ];
}

/** `apf kafka acls add` */
export const addAcls = defineCommand(
  (yargs) =>
    withCluster(
      withAcl(yargs)
        .option('json', { type: 'boolean', default: false, describe: 'Print lines of JSON' })
        .example(
          "apf kafka acls add --user jane --consumer --topic 'stamp_*' --group 'uchile*' --host 192.0.2.7",
          'what was permitted already stays so',
        ),
    ),
  async ({ json, ...options }) => {
    const acls = meant(options);
    const { admin } = await administered(options);
    const added = await admin.addAcls(acls);
    if (json) for (const acl of added) console.log(JSON.stringify(acl));
    else if (added.length === 0) console.log('all of it is permitted already');
    else show(added);
  },
);

/** `apf kafka acls remove` */
export const removeAcls = defineCommand(
  (yargs) =>
    withCluster(
      withAcl(yargs)
        .option('all', { type: 'boolean', default: false, describe: 'All that the user is permitted' })
        .option('yes', { type: 'boolean', default: false, describe: 'Do not ask' })
        .option('json', { type: 'boolean', default: false, describe: 'Print lines of JSON' }),
    ),
  async ({ json, yes, all, ...options }) => {
    const wanted = all ? undefined : meant(options);
    const { admin, servers } = await administered(options);
    const present = await admin.listAcls(options.user);
    const keys = wanted && new Set(wanted.map((acl) => JSON.stringify(row(acl))));
    const acls = present.filter((acl) => keys === undefined || keys.has(JSON.stringify(row(acl))));
    if (acls.length === 0) {
      if (!json) console.log('none of it is permitted');
      return;
    }
    if (!yes) show(acls);
    if (!(await confirmed(`remove these ${acls.length} permissions at ${servers}`, yes))) return;
    await admin.removeAcls(acls);
    if (json) for (const acl of acls) console.log(JSON.stringify(acl));
    else console.log(`${acls.length} permissions are removed`);
  },
);

/** `apf kafka acls list` */
export const listAcls = defineCommand(
  (yargs) =>
    withCluster(
      yargs
        .option('user', { type: 'string', describe: 'Of this user only' })
        .option('json', { type: 'boolean', default: false, describe: 'Print lines of JSON' }),
    ),
  async ({ user, json, ...options }) => {
    const { admin } = await administered(options);
    const acls = await admin.listAcls(user);
    if (json) for (const acl of acls) console.log(JSON.stringify(acl));
    else if (acls.length === 0)
      console.log(user === undefined ? 'nobody is permitted anything' : 'nothing is permitted');
    else show(acls);
  },
);

function show(acls: readonly Acl[]): void {
  printTable(['user', 'from', 'may', 'on', 'name'], acls.map(row));
}

function row({ principal, host, permission, operation, resource, name, pattern }: Acl): string[] {
  const may = permission === 'DENY' ? `not ${operation}` : operation;
  const from = host === '*' ? 'anywhere' : host;
  return [principal.replace(/^User:/, ''), from, may, resource, pattern === 'PREFIXED' ? `${name}*` : name];
}
