import { pbkdf2, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { FatalError, systemClock, toError } from '@apf/core';
import {
  AclOperations,
  AclPermissionTypes,
  Admin,
  alterUserScramCredentialsV0,
  MultipleErrors,
  ResourcePatternTypes,
  ResourceTypes,
  ScramMechanisms,
  type Connection,
} from '@platformatic/kafka';

export type ScramMechanism = 'SCRAM-SHA-256' | 'SCRAM-SHA-512';
export type AclOperation = 'READ' | 'WRITE' | 'CREATE' | 'DELETE' | 'DESCRIBE' | 'ALL';

export interface AclGrant {
  readonly user: string;
  readonly operations: readonly AclOperation[];
  readonly topic?: string;
  readonly group?: string;
  readonly transactionalId?: string;
  /** The names are the beginnings of those allowed. */
  readonly prefix?: boolean;
}

export interface TopicSpec {
  /** 1 where absent. */
  readonly partitions?: number;
  /** Kafka's topic configuration, by its dotted names. */
  readonly config?: Readonly<Record<string, string>>;
}

/** What whoever may do everything on a cluster does. Each resolves once the broker acts on it. */
export interface ClusterAdmin {
  /** Makes a user, or gives one a further mechanism or another password. */
  addUser(name: string, password: string, mechanism?: ScramMechanism): Promise<void>;
  allow(grant: AclGrant): Promise<void>;
  createTopic(name: string, spec?: TopicSpec): Promise<void>;
  deleteTopic(name: string): Promise<void>;
  /** Forgets the records of a partition with offsets below `before`. */
  deleteRecords(topic: string, partition: number, before: number): Promise<void>;
}

/** How a password is hashed (RFC 5802), by Kafka's names; 4096 rounds is the fewest that Kafka takes. */
const SCRAM = {
  'SCRAM-SHA-256': { id: ScramMechanisms.SCRAM_SHA_256, digest: 'sha256', bytes: 32 },
  'SCRAM-SHA-512': { id: ScramMechanisms.SCRAM_SHA_512, digest: 'sha512', bytes: 64 },
} as const;
const ROUNDS = 4096;
const PATIENCE = 15_000;
const derive = promisify(pbkdf2);

/** Administration of a cluster by the super user's listener; a new user's login is tried at `saslServers`. */
export function clusterAdmin(addresses: {
  readonly bootstrapServers: string;
  readonly saslServers: string;
}): ClusterAdmin {
  const run = <T>(what: string, use: (admin: Admin) => Promise<T>): Promise<T> =>
    withAdmin({ servers: addresses.bootstrapServers }, use).catch((error: unknown) => {
      throw new FatalError(`${what}: ${reason(error)}`, { code: 'APF_BROKER', cause: error });
    });

  return {
    addUser: (name, password, mechanism = 'SCRAM-SHA-256') =>
      run(`user ${name} could not be made`, async (admin) => {
        const { id, digest, bytes } = SCRAM[mechanism];
        const salt = randomBytes(16);
        const saltedPassword = await derive(password, salt, ROUNDS, bytes, digest);
        const { results } = await alterUserScramCredentialsV0.api.async(
          await controller(admin),
          [],
          [{ name, mechanism: id, iterations: ROUNDS, salt, saltedPassword }],
        );
        const refused = results.find(({ errorCode }) => errorCode !== 0);
        if (refused) throw new Error(refused.errorMessage ?? `Kafka error ${refused.errorCode}`);
        // The credential reaches the broker after the controller's answer; only a login shows that it has.
        const login = { servers: addresses.saslServers, name, password, mechanism };
        await until(() => withAdmin(login, (user) => user.connectToBrokers()).then(() => true));
      }),

    allow: (grant) =>
      run(`user ${grant.user} could not be given access`, async (admin) => {
        const creations = aclsOf(grant);
        await admin.createAcls({ creations });
        await until(async () => {
          for (const { host: _, operation, permissionType, ...target } of creations) {
            const held = await admin.describeAcls({
              filter: { ...target, host: '*', operation, permissionType },
            });
            if (held.length === 0) return false;
          }
          return true;
        });
      }),

    createTopic: (name, { partitions = 1, config = {} } = {}) =>
      run(`topic ${name} could not be made`, async (admin) => {
        const configs = Object.entries(config).map(([key, value]) => ({ name: key, value }));
        await admin.createTopics({ topics: [name], partitions, replicas: 1, configs });
        await until(async () => {
          const { topics } = await admin.metadata({ topics: [name], forceUpdate: true });
          const made = topics.get(name)?.partitions ?? [];
          return made.length === partitions && made.every(({ leader }) => leader >= 0);
        });
      }),

    deleteTopic: (name) =>
      run(`topic ${name} could not be deleted`, async (admin) => {
        await admin.deleteTopics({ topics: [name] });
        await until(async () => !(await admin.listTopics()).includes(name));
      }),

    deleteRecords: (topic, partition, before) =>
      run(`records of ${topic} could not be deleted`, async (admin) => {
        const partitions = [{ partition, offset: BigInt(before) }];
        await admin.deleteRecords({ topics: [{ name: topic, partitions }] });
      }),
  };
}

/** Whether a broker serves requests at this address now. */
export async function isServing(bootstrapServers: string): Promise<boolean> {
  try {
    return await withAdmin({ servers: bootstrapServers }, async (admin) => {
      const { brokers } = await admin.metadata({ topics: [] });
      return brokers.size > 0;
    });
  } catch {
    return false;
  }
}

interface Login {
  readonly servers: string;
  readonly name?: string;
  readonly password?: string;
  readonly mechanism?: ScramMechanism;
}

/** A client for one use: it holds no connection to a broker that a test is about to kill. */
async function withAdmin<T>(login: Login, use: (admin: Admin) => Promise<T>): Promise<T> {
  const { mechanism, name, password } = login;
  const admin = new Admin({
    clientId: 'apf-admin',
    bootstrapBrokers: login.servers.split(','),
    retries: 0,
    connectTimeout: 2000,
    ...(mechanism && name !== undefined && password !== undefined
      ? { sasl: { mechanism, username: name, password } }
      : {}),
  });
  try {
    return await use(admin);
  } finally {
    await admin.close().catch(() => undefined);
  }
}

/** The SCRAM calls exist only as messages on a connection; one node is its own controller. */
async function controller(admin: Admin): Promise<Connection> {
  const [connection] = (await admin.connectToBrokers()).values();
  if (connection === undefined) throw new Error('the cluster has no broker');
  return connection;
}

type Acl = Parameters<Admin['createAcls']>[0]['creations'][number];

function aclsOf({ user, operations, prefix, ...names }: AclGrant): Acl[] {
  const targets: [number, string | undefined][] = [
    [ResourceTypes.TOPIC, names.topic],
    [ResourceTypes.GROUP, names.group],
    [ResourceTypes.TRANSACTIONAL_ID, names.transactionalId],
  ];
  return targets.flatMap(([resourceType, resourceName]) =>
    resourceName === undefined
      ? []
      : operations.map((operation): Acl => ({
          resourceType: resourceType as Acl['resourceType'],
          resourceName,
          resourcePatternType: prefix ? ResourcePatternTypes.PREFIXED : ResourcePatternTypes.LITERAL,
          principal: `User:${user}`,
          host: '*',
          operation: AclOperations[operation],
          permissionType: AclPermissionTypes.ALLOW,
        })),
  );
}

/** Repeats until it is true; a failing attempt is one more, until there is no time left. */
async function until(holds: () => Promise<boolean>): Promise<void> {
  const end = systemClock.now() + PATIENCE;
  for (;;) {
    const last = systemClock.now() >= end;
    try {
      if (await holds()) return;
    } catch (error) {
      if (last) throw error;
    }
    if (last) throw new Error(`the broker does not act on it after ${PATIENCE / 1000} s`);
    await systemClock.sleep(50);
  }
}

/** The client wraps what the broker said in layers of its own; the innermost is the one to read. */
function reason(error: unknown): string {
  let inner = toError(error);
  while (inner instanceof MultipleErrors || inner.cause instanceof Error) {
    const next: unknown = inner instanceof MultipleErrors ? inner.errors[0] : inner.cause;
    if (!(next instanceof Error)) break;
    inner = next;
  }
  return inner.message;
}
