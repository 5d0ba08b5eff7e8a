import { type GroupDetails, type GroupMoves, resetTarget } from '@apf/connectors';
import { FatalError, printable } from '@apf/core';
import { administered, withCluster } from '../../administration/cluster-options.js';
import { defineCommand } from '../../command.js';
import { confirmed } from '../../confirm.js';
import { counted } from '../../consume/consumed.js';
import { printTable } from '../../print-table.js';

/** `apf kafka groups list` */
export const listGroups = defineCommand(
  (yargs) =>
    withCluster(yargs.option('json', { type: 'boolean', default: false, describe: 'Print lines of JSON' })),
  async ({ json, ...options }) => {
    const { admin } = await administered(options);
    const groups = await admin.listGroups();
    if (json) for (const group of groups) console.log(JSON.stringify(group));
    else if (groups.length === 0) console.log('there is no consumer group');
    else {
      printTable(
        ['group', 'state', 'type'],
        groups.map(({ group, state, type }) => [group, state, type]),
      );
    }
  },
);

/** `apf kafka groups describe` */
export const describeGroups = defineCommand(
  (yargs) =>
    withCluster(
      yargs
        .positional('groups', { type: 'string', array: true, demandOption: true, describe: 'Their ids' })
        .option('json', { type: 'boolean', default: false, describe: 'Print a line of JSON each' }),
    ),
  async ({ groups, json, ...options }) => {
    const { admin } = await administered(options);
    for (const group of groups) {
      const details = await admin.describeGroup(group);
      if (json) console.log(JSON.stringify(details));
      else describe(details);
    }
  },
);

function describe({ group, state, members, positions }: GroupDetails): void {
  const lag = positions.reduce((sum, position) => sum + position.lag, 0);
  const present = members.length === 1 ? '1 member' : `${members.length} members`;
  console.log(`${printable(group)}: ${state}, ${present}, ${counted(lag, 'message')} behind`);
  const owner = ({ topic, partition }: { topic: string; partition: number }): string => {
    const of = members.find(({ partitions }) =>
      partitions.some((each) => each.topic === topic && each.partition === partition),
    );
    return of === undefined ? '-' : `${of.client} at ${of.host.replace(/^\//, '')}`;
  };
  printTable(
    ['topic', 'partition', 'committed', 'latest', 'lag', 'read by'],
    positions.map((each) => [each.topic, each.partition, each.committed, each.latest, each.lag, owner(each)]),
  );
}

/** `apf kafka groups delete` */
export const deleteGroups = defineCommand(
  (yargs) =>
    withCluster(
      yargs
        .positional('groups', { type: 'string', array: true, demandOption: true, describe: 'Their ids' })
        .option('yes', { type: 'boolean', default: false, describe: 'Do not ask' })
        .option('json', { type: 'boolean', default: false, describe: 'Print lines of JSON' }),
    ),
  async ({ groups, yes, json, ...options }) => {
    const { admin, servers } = await administered(options);
    const known = new Set((await admin.listGroups()).map(({ group }) => group));
    const present = groups.filter((group) => known.has(group));
    const what = `forget where ${present.map((group) => printable(group)).join(', ')} had come to at ${servers}`;
    if (present.length > 0 && !(await confirmed(what, yes))) return;
    for (const group of groups) {
      const deleted = present.includes(group) && (await admin.deleteGroup(group));
      if (json) console.log(JSON.stringify({ group, deleted }));
      else
        console.log(
          deleted ? `group ${printable(group)} is deleted` : `there is no group ${printable(group)}`,
        );
    }
  },
);

/** `apf kafka groups reset` */
export const resetGroup = defineCommand(
  (yargs) =>
    withCluster(
      yargs
        .positional('group', { type: 'string', demandOption: true, describe: 'Its id' })
        .option('to', {
          type: 'string',
          demandOption: true,
          describe:
            'earliest, latest, a time (2026-03-01T04:00:00Z), an offset (1200), or a shift (+100, -100)',
        })
        .option('topic', {
          type: 'string',
          array: true,
          nargs: 1,
          describe: 'Only there; may be repeated. All that the group has read where absent',
        })
        .option('execute', {
          type: 'boolean',
          default: false,
          describe: 'Do it; without it, it is only shown',
        })
        .option('json', { type: 'boolean', default: false, describe: 'Print one line of JSON' })
        .example('apf kafka groups reset my_step --to 2026-03-01', 'shows what would change')
        .example('apf kafka groups reset my_step --to 2026-03-01 --execute', 'changes it'),
    ),
  async ({ group, to, topic, execute, json, ...options }) => {
    const target = resetTarget(to);
    const { admin } = await administered(options);
    const plan = await admin.planReset(group, target, topic);
    if (execute) await admin.reset(plan);
    if (json) console.log(JSON.stringify({ group, executed: execute, moves: plan.moves }));
    else show(plan, execute);
  },
);

function show({ group, members, moves }: GroupMoves, executed: boolean): void {
  if (moves.length === 0)
    throw new FatalError(`group '${printable(group)}' has committed nothing: name a --topic`);
  printTable(
    ['topic', 'partition', 'committed', 'moves to', 'by'],
    moves.map(({ topic, partition, from, to }) => [
      topic,
      partition,
      from,
      to,
      from === null ? null : to - from,
    ]),
  );
  if (executed) console.log(`group ${printable(group)} is moved`);
  else {
    const first = members.length === 0 ? '' : `; stop its ${members.length} active members first`;
    console.log(`nothing was changed: add --execute to move the group${first}`);
  }
}
