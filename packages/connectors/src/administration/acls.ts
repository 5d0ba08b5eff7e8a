import { printable } from '@apf/core';
import {
  AclOperations,
  AclPermissionTypes,
  ResourcePatternTypes,
  ResourceTypes,
  type Admin,
} from '@platformatic/kafka';
import { type Acl, type AclGrant, aclKey, aclsOf } from './acl.js';
import type { Run } from './admin-client.js';
import { until } from './until.js';
import { fromWire, toWire } from './wire-acl.js';

/** What may be done with the rules of the authorizer. Each resolves once the broker acts on it. */
export interface AclAdmin {
  /** All rules, or those of one user; by user, resource and operation. */
  listAcls(user?: string): Promise<Acl[]>;
  /** Gives back those that were not there already. */
  addAcls(acls: readonly Acl[]): Promise<Acl[]>;
  /** Gives back those that were there. Only exactly these are removed. */
  removeAcls(acls: readonly Acl[]): Promise<Acl[]>;
  allow(grant: AclGrant): Promise<void>;
}

export function aclAdmin(run: Run): AclAdmin {
  const addAcls = async (acls: readonly Acl[]): Promise<Acl[]> => {
    if (acls.length === 0) return [];
    return run(`${usersOf(acls)} could not be given access`, async (admin) => {
      const before = await keysOf(admin);
      const added = acls.filter((acl) => !before.has(aclKey(acl)));
      if (added.length === 0) return [];
      await admin.createAcls({ creations: added.map(toWire) });
      await until(async () => {
        const now = await keysOf(admin);
        return added.every((acl) => now.has(aclKey(acl)));
      });
      return added;
    });
  };

  return {
    addAcls,
    allow: async (grant) => {
      await addAcls(aclsOf(grant));
    },

    listAcls: (user) =>
      run('permissions could not be listed', (admin) =>
        list(admin, user === undefined ? null : `User:${user}`),
      ),

    removeAcls: async (acls) => {
      if (acls.length === 0) return [];
      return run(`permissions of ${usersOf(acls)} could not be removed`, async (admin) => {
        const before = await keysOf(admin);
        const removed = acls.filter((acl) => before.has(aclKey(acl)));
        if (removed.length === 0) return [];
        await admin.deleteAcls({ filters: removed.map(toWire) });
        await until(async () => {
          const now = await keysOf(admin);
          return !removed.some((acl) => now.has(aclKey(acl)));
        });
        return removed;
      });
    },
  };
}

function usersOf(acls: readonly Acl[]): string {
  const users = [...new Set(acls.map(({ principal }) => principal.replace(/^User:/, '')))];
  return users.length === 1 ? `user ${printable(users[0] ?? '')}` : `${users.length} users`;
}

const keysOf = async (admin: Admin): Promise<Set<string>> => new Set((await list(admin, null)).map(aclKey));

async function list(admin: Admin, principal: string | null): Promise<Acl[]> {
  const resources = await admin.describeAcls({
    filter: {
      resourceType: ResourceTypes.ANY,
      resourceName: null,
      resourcePatternType: ResourcePatternTypes.ANY,
      principal,
      host: null,
      operation: AclOperations.ANY,
      permissionType: AclPermissionTypes.ANY,
    },
  });
  return resources
    .flatMap(({ acls, ...resource }) => acls.map((acl) => fromWire({ ...resource, ...acl })))
    .map((acl) => [aclKey(acl), acl] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, acl]) => acl);
}
