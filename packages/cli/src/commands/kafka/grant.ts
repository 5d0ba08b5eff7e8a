import { existsSync } from 'node:fs';
import { checkGrant, type Grant, grantAcls, SCRAM_MECHANISMS } from '@apf/connectors';
import { UsageError } from '@apf/core';
import { ACCESS_FILE, addToAccessFile } from '../../administration/access-file.js';
import { administered, withCluster } from '../../administration/cluster-options.js';
import { newPassword, withNewPassword } from '../../administration/new-password.js';
import { onboarding } from '../../administration/onboarding.js';
import { defineCommand } from '../../command.js';

const list = { type: 'string', array: true, nargs: 1 } as const;

/** `apf kafka grant`: lets a person in, and prints what to send to that person. */
export const grant = defineCommand(
  (yargs) =>
    withCluster(
      withNewPassword(
        yargs
          .option('user', { type: 'string', demandOption: true, describe: 'What the person logs in as' })
          .option('topics', {
            ...list,
            describe: "To read; commas between, a star stands for any end: 'stamp_classifier_*'",
          })
          .option('writes', { ...list, describe: 'Topics to write' })
          .option('group-prefix', {
            type: 'string',
            demandOption: true,
            describe: "How the ids of the person's consumer groups must begin",
          })
          .option('host', {
            ...list,
            describe: 'The IP address from which; any where absent; may be repeated',
          })
          .option('name', { type: 'string', describe: 'Who it is, for the access file' })
          .option('institution', { type: 'string', describe: 'Where from' })
          .option('email', { type: 'string', describe: 'And how to reach' })
          .option('until', {
            type: 'string',
            describe: 'The last day, as 2027-03-31; access apply ends it then',
          })
          .option('file', {
            type: 'string',
            describe: `The access file to note it in; ${ACCESS_FILE} where there is one`,
          })
          .option('json', { type: 'boolean', default: false, describe: 'Print one line of JSON' })
          .example(
            "apf kafka grant --user jane --topics 'stamp_classifier_*' --group-prefix uchile --host 192.0.2.7",
            'makes the user, permits it, and prints the settings to send',
          ),
      ),
    ),
  async (options) => {
    const { json, file = existsSync(ACCESS_FILE) ? ACCESS_FILE : undefined } = options;
    const wanted = granted(options);
    if (wanted.until !== undefined && file === undefined) {
      throw new UsageError(
        `--until needs --file: Kafka knows no dates, it is apf kafka access apply that ends a grant of the file`,
      );
    }
    const note = file === undefined ? undefined : await addToAccessFile(file, wanted);
    const { admin, servers, tls } = await administered(options);
    const created = !(await admin.listUsers()).some(({ user }) => user === wanted.user);
    const chosen = await newPassword(wanted.user, options);
    // A person who has a login keeps the password, unless another was given.
    const password = created || !chosen.made ? chosen.password : undefined;
    if (password !== undefined) {
      for (const mechanism of SCRAM_MECHANISMS) await admin.addUser(wanted.user, password, mechanism);
    }
    const acls = await admin.addAcls(grantAcls(wanted));
    await note?.();
    const text = onboarding(wanted, { servers, tls }, chosen.made ? password : undefined);
    if (json) {
      const shown = chosen.made && password !== undefined ? { password } : {};
      console.log(JSON.stringify({ user: wanted.user, created, acls, file, ...shown, text }));
      return;
    }
    console.log(text);
    console.error(
      `apf: user ${wanted.user} ${created ? 'is made' : 'was there already'}, ${acls.length} permissions were added; ${
        file === undefined ? 'no access file was named to note it in' : `noted in ${file}`
      }`,
    );
    if (created && chosen.made) console.error('apf: the password is shown this once only');
  },
);

interface GrantOptions {
  readonly user: string;
  readonly topics?: readonly string[] | undefined;
  readonly writes?: readonly string[] | undefined;
  readonly groupPrefix: string;
  readonly host?: readonly string[] | undefined;
  readonly name?: string | undefined;
  readonly institution?: string | undefined;
  readonly email?: string | undefined;
  readonly until?: string | undefined;
}

function granted({
  user,
  topics,
  writes,
  groupPrefix,
  host,
  name,
  institution,
  email,
  until,
}: GrantOptions): Grant {
  const split = (given: readonly string[] = []): string[] =>
    given.flatMap((each) => each.split(',')).flatMap((each) => (each.trim() === '' ? [] : [each.trim()]));
  return checkGrant({
    user,
    topics: split(topics),
    groupPrefix,
    hosts: split(host),
    writes: split(writes),
    ...(until === undefined ? {} : { until }),
    ...(name === undefined ? {} : { name }),
    ...(institution === undefined ? {} : { institution }),
    ...(email === undefined ? {} : { email }),
  });
}
