import { type Acl, consumerAcls, producerAcls } from '@apf/connectors';
import { toError, UsageError } from '@apf/core';
import { argumentsByLetter, getopts } from '../getopts.js';
import { DocumentedMistake } from '../parse-documented.js';
import { finkCluster } from './fink-cluster.js';
import { AUTHORIZATION_USAGE } from './usage.js';

const mistake = (text: string, exitCode: number): DocumentedMistake =>
  new DocumentedMistake({ text, exitCode });
const illegal = (error: string): DocumentedMistake => mistake(`error: ${error}\n\n${AUTHORIZATION_USAGE}`, 6);

/** `fink_kafka --authorization …`: adds and removes permissions, with the exit codes of Fink's own. */
export async function authorization(argv: readonly string[]): Promise<void> {
  if (argv.length === 0)
    throw mistake(`Insufficient arguments for service: authorization\n\n${AUTHORIZATION_USAGE}`, 2);
  const read = getopts(argv, 'adu:H:c:pt:h');
  const given = argumentsByLetter('problem' in read ? read.met : read);
  if (given.has('h')) return console.log(AUTHORIZATION_USAGE);
  if ('problem' in read) {
    throw read.problem === 'unknown'
      ? mistake(`error: unknown option -${read.letter}`, 4)
      : mistake(`error: option ${read.letter} is missing an argument`, 3);
  }
  const remove = given.has('d');
  if (!remove && !given.has('a')) throw illegal('Illegal usage: say -a to add or -d to remove');
  const acls = meant(given, remove);
  const cluster = await finkCluster();
  if (remove) {
    const removed = await cluster.removeAcls(acls);
    console.log(removed.length === 0 ? 'There are no such ACLs.' : `Removed ACLs:\n\n${listing(removed)}`);
  } else {
    await cluster.addAcls(acls);
    console.log(`Added ACLs:\n\n${listing(acls)}`);
  }
}

function meant(given: ReadonlyMap<string, string>, remove: boolean): Acl[] {
  const [user, host, topic, group] = ['u', 'H', 't', 'c'].map((letter) => given.get(letter));
  if (!user || !host || !topic) throw illegal('Illegal usage');
  if (!given.has('p') && group === undefined)
    throw illegal(`use -c -p to ${remove ? 'remove' : 'add'} consumer/producer permissions`);
  if (group === '') throw mistake('error: no consumer-group given', 7);
  try {
    const permission = { user, hosts: [host], topics: [topic], groups: group === undefined ? [] : [group] };
    return [
      ...(given.has('p') ? producerAcls(permission) : []),
      ...(group === undefined ? [] : consumerAcls(permission)),
    ];
  } catch (error) {
    if (error instanceof UsageError) throw mistake(`error: ${toError(error).message}`, 6);
    throw error;
  }
}

/** As Kafka's own tool lists them. */
export function listing(acls: readonly Acl[]): string {
  const byResource = new Map<string, string[]>();
  for (const { resource, name, pattern, principal, host, operation, permission } of acls) {
    const key = `ResourcePattern(resourceType=${resource}, name=${name}, patternType=${pattern})`;
    const lines = byResource.get(key) ?? [];
    lines.push(
      ` \t(principal=${principal}, host=${host}, operation=${operation}, permissionType=${permission})`,
    );
    byResource.set(key, lines);
  }
  return [...byResource]
    .map(([resource, lines]) => `Current ACLs for resource \`${resource}\`: \n${lines.join('\n')}`)
    .join('\n\n');
}
