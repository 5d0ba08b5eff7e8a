import { printable, UsageError } from '@apf/core';
import { type Acl, consumerAcls, producerAcls } from './acl.js';
import { checkUserName } from './names.js';

/** Who may read, and perhaps write, which topics, from where and until when. */
export interface Grant {
  readonly user: string;
  /** To read; a name with a star at its end stands for all that begin so. */
  readonly topics: readonly string[];
  /** How the ids of the user's consumer groups must begin, and those of its transactions. */
  readonly groupPrefix: string;
  /** IP addresses; any where there is none. */
  readonly hosts: readonly string[];
  /** Topics to write. */
  readonly writes?: readonly string[];
  /** The last day, as 2027-03-31, in UTC; without end where absent. */
  readonly until?: string;
  /** Who that is. The broker does not know; the access file does. */
  readonly name?: string;
  readonly institution?: string;
  readonly email?: string;
}

const DAY = 24 * 3_600_000;

/** @throws UsageError that names what is missing or wrong. */
export function checkGrant(grant: Grant): Grant {
  const { user, topics, groupPrefix, writes = [], until } = grant;
  checkUserName(user);
  const wrong = (what: string): never => {
    throw new UsageError(`the grant of ${user} ${what}`);
  };
  if (topics.length + writes.length === 0) wrong('names no topic');
  if (groupPrefix === '') wrong('has no group prefix: every group id of the user must begin with it');
  if (groupPrefix.includes('*')) wrong('has a star in its group prefix: a prefix needs none');
  if (until !== undefined && lastMoment(until) === undefined)
    wrong(`ends at '${printable(until)}', which is no day such as 2027-03-31`);
  grantAcls(grant);
  return grant;
}

/** The rules that say what a grant says. @throws UsageError for a name or host that Kafka would never match. */
export function grantAcls({ user, topics, groupPrefix, hosts, writes = [] }: Grant): Acl[] {
  const mine = [`${groupPrefix}*`];
  return [
    ...(topics.length > 0 ? consumerAcls({ user, hosts, topics, groups: mine }) : []),
    ...(writes.length > 0 ? producerAcls({ user, hosts, topics: writes, transactionalIds: mine }) : []),
  ];
}

/** Whether the last day of a grant is over. @param now milliseconds since 1970 */
export function isExpired({ until }: Grant, now: number): boolean {
  return until !== undefined && now >= (lastMoment(until) ?? Infinity);
}

/** When a day ends in UTC; undefined for what is none. */
function lastMoment(day: string): number | undefined {
  const start = Date.parse(`${day}T00:00:00Z`);
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(day) && !Number.isNaN(start);
  return isDay && new Date(start).toISOString().startsWith(day) ? start + DAY : undefined;
}
