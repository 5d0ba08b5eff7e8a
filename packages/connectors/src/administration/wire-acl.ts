import {
  type Admin,
  AclOperations,
  AclPermissionTypes,
  ResourcePatternTypes,
  ResourceTypes,
} from '@platformatic/kafka';
import type { Acl, AclResource } from './acl.js';

/** A rule as the protocol writes it: by numbers. */
export type WireAcl = Parameters<Admin['createAcls']>[0]['creations'][number];

export function toWire({ principal, host, operation, permission, resource, name, pattern }: Acl): WireAcl {
  return {
    resourceType: ResourceTypes[resource],
    resourceName: name,
    resourcePatternType: ResourcePatternTypes[pattern],
    principal,
    host,
    operation: AclOperations[operation as keyof typeof AclOperations],
    permissionType: AclPermissionTypes[permission],
  };
}

export function fromWire(acl: WireAcl): Acl {
  return {
    principal: acl.principal,
    host: acl.host,
    operation: nameIn(AclOperations, acl.operation),
    permission: acl.permissionType === AclPermissionTypes.DENY ? 'DENY' : 'ALLOW',
    resource: nameIn(ResourceTypes, acl.resourceType) as AclResource,
    name: acl.resourceName,
    pattern: acl.resourcePatternType === ResourcePatternTypes.PREFIXED ? 'PREFIXED' : 'LITERAL',
  };
}

function nameIn(names: Readonly<Record<string, number>>, value: number): string {
  return Object.keys(names).find((name) => names[name] === value) ?? String(value);
}
