import { UsageError } from '@apf/core';
import { type Acl, aclKey } from './acl.js';
import { type Grant, grantAcls, isExpired } from './grant.js';
import type { KafkaAdmin } from './kafka-admin.js';
import { SCRAM_MECHANISMS } from './names.js';
import type { ScramUser } from './users.js';

/** All that an access file says. */
export interface Access {
  readonly grants: readonly Grant[];
  /** Users that are none of the file's business; a star at the end stands for any end. */
  readonly keep: readonly string[];
}

/** What a broker knows of its users. */
export interface AccessState {
  readonly users: readonly ScramUser[];
  readonly acls: readonly Acl[];
}

/** What makes a broker agree with an access file. */
export interface AccessPlan {
  readonly addUsers: readonly string[];
  readonly addAcls: readonly Acl[];
  readonly removeAcls: readonly Acl[];
  readonly removeUsers: readonly string[];
  /** Users that are removed because their grant is over. */
  readonly expired: readonly string[];
  /** Users with permissions that stay, though the file does not name them. */
  readonly unlisted: readonly string[];
}

export interface PlanOptions {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Remove who has permissions and is not in the file. */
  readonly prune: boolean;
  /** Who does this: never removed. */
  readonly self: string | undefined;
}

/** The kinds of rule that a grant can say; any other is left alone, and so is one that denies. */
const GRANTED = new Set(['TOPIC', 'GROUP', 'TRANSACTIONAL_ID']);

/**
 * Compares; nothing is changed. Of a user in the file every permission that the file does not give is removed. One who is
 * not in it stays, unless `prune` is set and there are permissions to take away: who has none cannot be told from an
 * administrator, whom no permission needs to allow anything.
 * @throws UsageError where the file would remove whoever applies it.
 */
export function planAccess(access: Access, state: AccessState, options: PlanOptions): AccessPlan {
  const { now, prune, self } = options;
  const active = access.grants.filter((grant) => !isExpired(grant, now));
  const expired = access.grants.filter((grant) => isExpired(grant, now)).map(({ user }) => user);
  if (self !== undefined && expired.includes(self)) {
    throw new UsageError(
      `the grant of ${self} is over, who is logged in here: log in as another administrator`,
    );
  }
  const known = new Set(state.users.map(({ user }) => user));
  const wanted = active.flatMap(grantAcls);
  const wantedKeys = new Set(wanted.map(aclKey));
  const heldKeys = new Set(state.acls.map(aclKey));
  const listed = new Set(active.map(({ user }) => user));
  const kept = (user: string): boolean => user === self || access.keep.some((name) => matches(name, user));
  const others = [...new Set(state.acls.map(userOf))].filter(
    (user) => user !== undefined && !listed.has(user) && !expired.includes(user) && !kept(user),
  ) as string[];
  const leaving = new Set([...expired, ...(prune ? others : [])]);
  return {
    addUsers: active.map(({ user }) => user).filter((user) => !known.has(user)),
    addAcls: wanted.filter((acl) => !heldKeys.has(aclKey(acl))),
    removeAcls: state.acls.filter((acl) => {
      const user = userOf(acl);
      if (user === undefined) return false;
      if (leaving.has(user)) return true;
      const ours = listed.has(user) && GRANTED.has(acl.resource) && acl.permission === 'ALLOW';
      return ours && !wantedKeys.has(aclKey(acl));
    }),
    removeUsers: [...leaving].filter((user) => known.has(user)),
    expired: expired.filter((user) => known.has(user) || state.acls.some((acl) => userOf(acl) === user)),
    unlisted: prune ? [] : others,
  };
}

export function isDone({ addUsers, addAcls, removeAcls, removeUsers }: AccessPlan): boolean {
  return [addUsers, addAcls, removeAcls, removeUsers].every((changes) => changes.length === 0);
}

/** Whom a rule is about; undefined where that is no user, but a principal of another kind. */
function userOf({ principal }: Acl): string | undefined {
  return principal.startsWith('User:') ? principal.slice('User:'.length) : undefined;
}

function matches(name: string, user: string): boolean {
  return name.endsWith('*') ? user.startsWith(name.slice(0, -1)) : user === name;
}

export async function accessState(admin: KafkaAdmin): Promise<AccessState> {
  return { users: await admin.listUsers(), acls: await admin.listAcls() };
}

/**
 * Does what was planned: who comes gets a login before permissions, who goes loses permissions before the login.
 * @param password gives the one of a new user, who has it for all mechanisms.
 * @param made is told of each new user at once: a password that was made must not be lost if what follows fails.
 */
export async function applyAccess(
  admin: KafkaAdmin,
  plan: AccessPlan,
  password: (user: string) => string,
  made: (user: string) => Promise<void> | void,
): Promise<void> {
  for (const user of plan.addUsers) {
    for (const mechanism of SCRAM_MECHANISMS) await admin.addUser(user, password(user), mechanism);
    await made(user);
  }
  await admin.addAcls(plan.addAcls);
  await admin.removeAcls(plan.removeAcls);
  for (const user of plan.removeUsers) await admin.removeUser(user);
}
