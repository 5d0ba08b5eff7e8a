import { UsageError } from '@apf/core';
import { newPassword } from '../../administration/new-password.js';
import { argumentsByLetter, getopts } from '../getopts.js';
import { DocumentedMistake } from '../parse-documented.js';
import { finkCluster } from './fink-cluster.js';
import { AUTHENTICATION_USAGE } from './usage.js';

const mistake = (text: string, exitCode: number): DocumentedMistake =>
  new DocumentedMistake({ text, exitCode });

/** `fink_kafka --authentication …`: adds and deletes users, with the exit codes of Fink's own. */
export async function authentication(
  argv: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): Promise<void> {
  if (argv.length === 0)
    throw mistake(`Insufficient arguments for service: authentication\n\n${AUTHENTICATION_USAGE}`, 2);
  const read = getopts(argv, 'adu:p:h');
  const met = 'problem' in read ? read.met : read;
  const given = argumentsByLetter(met);
  if (given.has('h')) return console.log(AUTHENTICATION_USAGE);
  if ('problem' in read) {
    if (read.problem === 'unknown') throw mistake(`error: unknown option -${read.letter}`, 4);
    if (!given.has('d')) throw mistake(`error: option ${read.letter} is missing an argument`, 3);
  }
  const user = given.get('u');
  if (given.has('d')) {
    if (!user) throw mistake('error: missing username', 5);
    const removed = await (await finkCluster()).removeUser(user);
    console.log(
      removed ? `Deleted the credentials of user ${user}.` : `There are no credentials of user ${user}.`,
    );
    return;
  }
  if (!user) throw mistake('error: missing username/password', 5);
  const password = await passwordOf(user, given.get('p'), env);
  await (await finkCluster()).addUser(user, password, 'SCRAM-SHA-512');
  console.log(`Added the credentials of user ${user}.`);
}

async function passwordOf(user: string, given: string | undefined, env: NodeJS.ProcessEnv): Promise<string> {
  if (given) {
    console.error(
      'fink_kafka: warning: others on this machine can see -p PASSWORD; leave it out and set APF_NEW_PASSWORD or APF_NEW_PASSWORD_FILE, or type it when asked',
    );
    return given;
  }
  const inEnvironment = Boolean(env.APF_NEW_PASSWORD ?? env.APF_NEW_PASSWORD_FILE);
  if (!inEnvironment && !process.stdin.isTTY) throw mistake('error: missing username/password', 5);
  const { password } = await newPassword(user, { askPassword: !inEnvironment }, env);
  if (password === '') throw new UsageError('no password was given');
  return password;
}
