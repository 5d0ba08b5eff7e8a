import { isIP } from 'node:net';
import { UsageError, printable } from '@apf/core';
import { checkTopicName } from './names.js';

/** As Kafka names them; ALL is every one of them. */
export const ACL_OPERATIONS = [
  'READ',
  'WRITE',
  'CREATE',
  'DELETE',
  'ALTER',
  'DESCRIBE',
  'DESCRIBE_CONFIGS',
  'ALTER_CONFIGS',
  'CLUSTER_ACTION',
  'IDEMPOTENT_WRITE',
  'ALL',
] as const;
export type AclOperation = (typeof ACL_OPERATIONS)[number];

export type AclResource = 'TOPIC' | 'GROUP' | 'CLUSTER' | 'TRANSACTIONAL_ID' | 'DELEGATION_TOKEN' | 'USER';

/** One rule of a broker's authorizer. */
export interface Acl {
  /** `User:jane`; `User:*` is everybody. */
  readonly principal: string;
  /** An address; `*` is any. */
  readonly host: string;
  readonly operation: string;
  readonly permission: 'ALLOW' | 'DENY';
  readonly resource: AclResource;
  /** `*` is any where the pattern is LITERAL. */
  readonly name: string;
  readonly pattern: 'LITERAL' | 'PREFIXED';
}

/** What a user may do where. A name that ends with `*` stands for all that begin so. */
export interface AclGrant {
  /** `*` is everybody. */
  readonly user: string;
  readonly operations: readonly AclOperation[];
  readonly topic?: string;
  readonly group?: string;
  readonly transactionalId?: string;
  /** The names are the beginnings of those allowed, with or without the `*`. */
  readonly prefix?: boolean;
  /** An IP address; any where absent. */
  readonly host?: string;
}

/** Who may do something, and where it is done: for the two things that nearly everybody does. */
export interface Permission {
  readonly user: string;
  /** IP addresses; any where there is none. */
  readonly hosts?: readonly string[];
  readonly topics?: readonly string[];
  readonly groups?: readonly string[];
  readonly transactionalIds?: readonly string[];
  readonly prefix?: boolean;
}

/** What a consumer needs: to read and describe its topics, to read in its groups. */
export const consumerAcls = (permission: Permission): Acl[] =>
  expand(permission, { topics: ['READ', 'DESCRIBE'], groups: ['READ'], transactionalIds: [] });

/** What a producer needs: to write, describe and create its topics, and its transactions. */
export const producerAcls = (permission: Permission): Acl[] =>
  expand(permission, {
    topics: ['WRITE', 'DESCRIBE', 'CREATE'],
    groups: [],
    transactionalIds: ['WRITE', 'DESCRIBE'],
  });

/** The rules that say what a grant says. @throws UsageError for a name or host that Kafka would never match. */
export function aclsOf({ user, operations, topic, group, transactionalId, prefix, host }: AclGrant): Acl[] {
  const one = (name: string | undefined): string[] => (name === undefined ? [] : [name]);
  return expand(
    {
      user,
      hosts: one(host),
      topics: one(topic),
      groups: one(group),
      transactionalIds: one(transactionalId),
      ...(prefix === undefined ? {} : { prefix }),
    },
    { topics: operations, groups: operations, transactionalIds: operations },
  );
}

type Operations = Readonly<Record<'topics' | 'groups' | 'transactionalIds', readonly AclOperation[]>>;

function expand(permission: Permission, operations: Operations): Acl[] {
  const { user, hosts = [], prefix = false } = permission;
  const where = hosts.length === 0 ? ['*'] : hosts.map(aclHost);
  const kinds = [
    ['topics', 'TOPIC'],
    ['groups', 'GROUP'],
    ['transactionalIds', 'TRANSACTIONAL_ID'],
  ] as const;
  return kinds.flatMap(([kind, resource]) =>
    (permission[kind] ?? []).flatMap((written) => {
      const { name, pattern } = namePattern(written, resource, prefix);
      return where.flatMap((host) =>
        operations[kind].map((operation): Acl => ({
          principal: `User:${user}`,
          host,
          operation,
          permission: 'ALLOW',
          resource,
          name,
          pattern,
        })),
      );
    }),
  );
}

function namePattern(written: string, resource: AclResource, prefix: boolean): Pick<Acl, 'name' | 'pattern'> {
  if (written === '*') return { name: '*', pattern: 'LITERAL' };
  const name = written.replace(/\*$/, '');
  if (resource === 'TOPIC') checkTopicName(name);
  else if (!/^[^\p{C}*]{1,249}$/u.test(name)) {
    throw new UsageError(
      `'${printable(written)}' cannot be a group: use no control character, and a star at the end only, where it stands for any end`,
    );
  }
  return { name, pattern: prefix || name !== written ? 'PREFIXED' : 'LITERAL' };
}

/**
 * An address as Kafka compares it: as Java prints it, which writes all eight parts of an IPv6 address, without zeros
 * before them, and an IPv4 address inside IPv6 as IPv4.
 * @throws UsageError for anything but an address: a name would match nobody, and Kafka would not say so.
 */
export function aclHost(host: string): string {
  if (host === '*') return host;
  const kind = isIP(host);
  if (kind === 4) return host;
  if (kind === 6 && !host.includes('%')) {
    const parts = ipv6Parts(host);
    if (parts.slice(0, 5).every((part) => part === 0) && parts[5] === 0xffff) {
      return parts
        .slice(6)
        .flatMap((part) => [part >> 8, part & 0xff])
        .join('.');
    }
    return parts.map((part) => part.toString(16)).join(':');
  }
  const shown = printable(host);
  throw new UsageError(
    /^[0-9a-f.:]+\/\d+$/i.test(host)
      ? `'${shown}' is a network; Kafka's permissions know single addresses, or '*' for any`
      : `'${shown}' is not an IP address: permissions go by address, names are not supported (find it with: getent hosts NAME)`,
  );
}

function ipv6Parts(address: string): number[] {
  const dotted = /^(.*:)(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(address);
  const [a = 0, b = 0, c = 0, d = 0] = dotted?.slice(2).map(Number) ?? [];
  const text = dotted ? `${dotted[1]}${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}` : address;
  const [head = '', tail] = text.split('::');
  const numbers = (part: string): number[] =>
    part === '' ? [] : part.split(':').map((hex) => parseInt(hex, 16));
  if (tail === undefined) return numbers(head);
  const [before, after] = [numbers(head), numbers(tail)];
  return [...before, ...Array<number>(8 - before.length - after.length).fill(0), ...after];
}

/** Equal for rules that say the same. */
export function aclKey({ principal, host, operation, permission, resource, name, pattern }: Acl): string {
  return JSON.stringify([principal, resource, pattern, name, permission, operation, host]);
}
