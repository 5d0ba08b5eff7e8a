import { checkUserName, SCRAM_MECHANISMS } from '@apf/connectors';
import { printable } from '@apf/core';
import { administered, withCluster } from '../../administration/cluster-options.js';
import { newPassword, withNewPassword } from '../../administration/new-password.js';
import { defineCommand } from '../../command.js';
import { confirmed } from '../../confirm.js';
import { printTable } from '../../print-table.js';

/** `apf kafka users add` */
export const addUser = defineCommand(
  (yargs) =>
    withCluster(
      withNewPassword(
        yargs
          .positional('name', { type: 'string', demandOption: true, describe: 'What the user logs in as' })
          .option('scram', {
            choices: SCRAM_MECHANISMS,
            array: true,
            nargs: 1,
            describe: 'How the user may prove the password; both ways where absent; may be repeated',
          })
          .option('json', { type: 'boolean', default: false, describe: 'Print one line of JSON' })
          .example('apf kafka users add jane', 'or gives a user of that name another password'),
      ),
    ),
  async ({ name, scram = SCRAM_MECHANISMS, json, ...options }) => {
    checkUserName(name);
    const { admin } = await administered(options);
    const { password, made } = await newPassword(name, options);
    const created = !(await admin.listUsers()).some(({ user }) => user === name);
    for (const mechanism of scram) await admin.addUser(name, password, mechanism);
    if (json) {
      console.log(JSON.stringify({ user: name, created, mechanisms: scram, ...(made ? { password } : {}) }));
      return;
    }
    console.log(`user ${name} ${created ? 'is made' : 'has a new password'} (${scram.join(', ')})`);
    if (made) console.log(`password ${password} (it is shown this once only)`);
  },
);

/** `apf kafka users remove` */
export const removeUser = defineCommand(
  (yargs) =>
    withCluster(
      yargs
        .positional('name', { type: 'string', demandOption: true, describe: 'What the user logs in as' })
        .option('keep-acls', {
          type: 'boolean',
          default: false,
          describe: 'Leave what the user was permitted, for another of the same name',
        })
        .option('yes', { type: 'boolean', default: false, describe: 'Do not ask' })
        .option('json', { type: 'boolean', default: false, describe: 'Print one line of JSON' }),
    ),
  async ({ name, keepAcls, yes, json, ...options }) => {
    const { admin, servers } = await administered(options);
    const acls = keepAcls ? [] : await admin.listAcls(name);
    const present = (await admin.listUsers()).some(({ user }) => user === name);
    const what = `remove user ${printable(name)} and ${acls.length} permissions at ${servers}`;
    if ((present || acls.length > 0) && !(await confirmed(what, yes))) return;
    // Permissions first: they end at once, while whoever is logged in stays so.
    await admin.removeAcls(acls);
    const removed = present && (await admin.removeUser(name));
    if (json) console.log(JSON.stringify({ user: name, removed, acls: acls.length }));
    else if (!present) console.log(`there is no user ${printable(name)}`);
    else console.log(`user ${printable(name)} is removed, with ${acls.length} permissions`);
  },
);

/** `apf kafka users list` */
export const listUsers = defineCommand(
  (yargs) =>
    withCluster(yargs.option('json', { type: 'boolean', default: false, describe: 'Print lines of JSON' })),
  async ({ json, ...options }) => {
    const { admin } = await administered(options);
    const users = await admin.listUsers();
    if (json) for (const user of users) console.log(JSON.stringify(user));
    else if (users.length === 0) console.log('there is no user');
    else {
      printTable(
        ['user', 'mechanisms'],
        users.map(({ user, mechanisms }) => [user, mechanisms.map(({ mechanism }) => mechanism).join(', ')]),
      );
    }
  },
);
