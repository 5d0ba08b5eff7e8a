import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type Access,
  type AccessPlan,
  accessState,
  type Acl,
  applyAccess,
  isDone,
  planAccess,
} from '@apf/connectors';
import { printable, systemClock, toError, UsageError } from '@apf/core';
import type { Argv } from 'yargs';
import { ACCESS_FILE, readAccessFile } from '../../administration/access-file.js';
import {
  type Administered,
  administered,
  type ClusterOptions,
  withCluster,
} from '../../administration/cluster-options.js';
import { madePassword } from '../../administration/new-password.js';
import { onboarding } from '../../administration/onboarding.js';
import { defineCommand } from '../../command.js';
import { confirmed } from '../../confirm.js';

interface PlanOptions extends ClusterOptions {
  readonly file: string;
  readonly prune: boolean;
}

function withPlan<T>(yargs: Argv<T>): Argv<T & PlanOptions> {
  return withCluster(
    yargs
      .option('file', { type: 'string', default: ACCESS_FILE, describe: 'The access file' })
      .option('prune', {
        type: 'boolean',
        default: false,
        describe: "Remove who has permissions and is neither in the file nor in its 'keep'",
      })
      .option('json', { type: 'boolean', default: false, describe: 'Print one line of JSON' }),
  );
}

interface Planned {
  readonly access: Access;
  readonly plan: AccessPlan;
  readonly cluster: Administered;
}

async function planned(options: PlanOptions): Promise<Planned> {
  const access = await readAccessFile(options.file);
  const cluster = await administered(options);
  const state = await accessState(cluster.admin);
  const { prune } = options;
  const plan = planAccess(access, state, { now: systemClock.now(), prune, self: cluster.username });
  return { access, plan, cluster };
}

/** `apf kafka access plan` */
export const planCommand = defineCommand(
  (yargs) => withPlan(yargs),
  async ({ json, ...options }) => {
    const { plan } = await planned(options);
    if (json) console.log(JSON.stringify(plan));
    else show(plan);
  },
);

/** `apf kafka access apply` */
export const applyCommand = defineCommand(
  (yargs) =>
    withPlan(yargs)
      .option('out', {
        type: 'string',
        describe: 'A folder for what to send to each new user, password included; printed where absent',
      })
      .option('yes', { type: 'boolean', default: false, describe: 'Do not ask' }),
  async ({ json, yes, out, ...options }) => {
    const { access, plan, cluster } = await planned(options);
    if (!json) show(plan);
    if (!isDone(plan)) {
      if (!(await confirmed(`change this at ${cluster.servers}`, yes))) return;
      if (out !== undefined) await mkdir(out, { recursive: true, mode: 0o700 }).catch(notWritable(out));
      const passwords = new Map(plan.addUsers.map((user) => [user, madePassword()]));
      const passwordOf = (user: string): string => passwords.get(user)!;
      await applyAccess(cluster.admin, plan, passwordOf, async (user) => {
        const grant = access.grants.find((each) => each.user === user)!;
        const text = onboarding(grant, cluster, passwordOf(user));
        if (out !== undefined) await keep(text, user, out);
        else console.log(json ? JSON.stringify({ user, password: passwordOf(user), text }) : `\n${text}\n`);
      });
    }
    if (json) console.log(JSON.stringify({ ...plan, applied: true }));
    else if (!isDone(plan)) console.log('done: the broker agrees with the file');
  },
);

async function keep(text: string, user: string, folder: string): Promise<void> {
  // A user's name may hold what a file's must not.
  const path = join(folder, `${encodeURIComponent(user)}.txt`);
  await writeFile(path, `${text}\n`, { mode: 0o600 }).catch(notWritable(path));
  console.error(`apf: ${path} is for ${user} alone`);
}

const notWritable =
  (path: string) =>
  (error: unknown): never => {
    throw new UsageError(`${path} cannot be written: ${toError(error).message}`, {
      code: 'APF_FILE',
      cause: error,
    });
  };

function show(plan: AccessPlan): void {
  const { addUsers, addAcls, removeAcls, removeUsers, expired, unlisted } = plan;
  for (const user of addUsers) console.log(`+ user ${user}`);
  for (const acl of addAcls) console.log(`+ ${said(acl)}`);
  for (const acl of removeAcls) console.log(`- ${said(acl)}`);
  for (const user of removeUsers)
    console.log(`- user ${printable(user)}${expired.includes(user) ? ' (the grant is over)' : ''}`);
  if (unlisted.length > 0) {
    const names = unlisted.map((user) => printable(user)).join(', ');
    console.log(
      `  not in the file, with permissions: ${names} (--prune removes them, 'keep' names those who stay)`,
    );
  }
  if (isDone(plan)) console.log('nothing to change: the broker agrees with the file');
  else {
    const added = addUsers.length + addAcls.length;
    console.log(`${added} to add, ${removeAcls.length + removeUsers.length} to remove`);
  }
}

function said({ principal, host, permission, operation, resource, name, pattern }: Acl): string {
  const may = permission === 'DENY' ? 'may not' : 'may';
  const what = `${resource.toLowerCase()} ${name}${pattern === 'PREFIXED' ? '*' : ''}`;
  const where = host === '*' ? '' : ` from ${host}`;
  return printable(`${principal.replace(/^User:/, '')} ${may} ${operation} ${what}${where}`, 250);
}
