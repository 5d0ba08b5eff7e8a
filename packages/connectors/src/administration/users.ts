import { pbkdf2, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { printable } from '@apf/core';
import {
  alterUserScramCredentialsV0,
  describeUserScramCredentialsV0,
  ScramMechanisms,
  type Admin,
  type Connection,
} from '@platformatic/kafka';
import { type Run, withAdmin } from './admin-client.js';
import { brokerCode } from './admin-error.js';
import type { AdminLogin } from './admin-login.js';
import { checkPassword, checkUserName, SCRAM_MECHANISMS, type ScramMechanism } from './names.js';
import { until } from './until.js';

export interface ScramUser {
  readonly user: string;
  /** With how many rounds each mechanism hashes; salts and hashes never leave the broker. */
  readonly mechanisms: readonly { readonly mechanism: ScramMechanism; readonly iterations: number }[];
}

/** What may be done with the users that log in by SCRAM. Each resolves once the broker acts on it. */
export interface UserAdmin {
  /** By name. */
  listUsers(): Promise<ScramUser[]>;
  /** Makes a user, or gives one a further mechanism or another password. */
  addUser(name: string, password: string, mechanism?: ScramMechanism): Promise<void>;
  /** False where there was no such user. Whoever is logged in stays so until the connection ends. */
  removeUser(name: string): Promise<boolean>;
}

/** How a password is hashed (RFC 5802), by Kafka's names; 4096 rounds is the fewest that Kafka takes. */
const SCRAM = {
  'SCRAM-SHA-256': { id: ScramMechanisms.SCRAM_SHA_256, digest: 'sha256', bytes: 32 },
  'SCRAM-SHA-512': { id: ScramMechanisms.SCRAM_SHA_512, digest: 'sha512', bytes: 64 },
} as const;
const ROUNDS = 4096;
const derive = promisify(pbkdf2);

/** @param loginServers where a new user's login is tried; without it what the brokers say of the user must do. */
export function userAdmin(run: Run, loginServers: string | undefined): UserAdmin {
  return {
    listUsers: () => run('users could not be listed', (admin) => describe(admin)),

    addUser: async (name, password, mechanism = 'SCRAM-SHA-256') =>
      run(`user ${checkUserName(name)} could not be made`, async (admin) => {
        const { id, digest, bytes } = SCRAM[mechanism];
        const salt = randomBytes(16);
        const saltedPassword = await derive(checkPassword(password), salt, ROUNDS, bytes, digest);
        await alterUserScramCredentialsV0.api.async(
          await anyBroker(admin),
          [],
          [{ name, mechanism: id, iterations: ROUNDS, salt, saltedPassword }],
        );
        // The credential reaches the brokers after the controller's answer; only a login shows that it has.
        if (loginServers !== undefined) {
          const login: AdminLogin = { servers: loginServers, username: name, password, mechanism };
          await until(() => withAdmin(login, (user) => user.connectToBrokers()).then(() => true));
        } else {
          await until(async () =>
            (await describe(admin, name)).some(({ mechanisms }) =>
              mechanisms.some((one) => one.mechanism === mechanism),
            ),
          );
        }
      }),

    removeUser: (name) =>
      run(`user ${printable(name)} could not be removed`, async (admin) => {
        const [user] = await describe(admin, name);
        if (user === undefined) return false;
        const broker = await anyBroker(admin);
        // One request each: the broker refuses one that names a user twice.
        for (const { mechanism } of user.mechanisms) {
          await alterUserScramCredentialsV0.api.async(broker, [{ name, mechanism: SCRAM[mechanism].id }], []);
        }
        await until(async () => (await describe(admin, name)).length === 0);
        return true;
      }),
  };
}

/** The SCRAM calls exist only as messages on a connection; each broker hands them on to the controller. */
async function anyBroker(admin: Admin): Promise<Connection> {
  const [connection] = (await admin.connectToBrokers()).values();
  if (connection === undefined) throw new Error('the cluster has no broker');
  return connection;
}

/** All users, or the one of this name: then none where there is none. */
async function describe(admin: Admin, name?: string): Promise<ScramUser[]> {
  try {
    const asked = name === undefined ? [] : [{ name }];
    const { results } = await describeUserScramCredentialsV0.api.async(await anyBroker(admin), asked);
    return results
      .map(({ user, credentialInfos }) => ({
        user,
        mechanisms: SCRAM_MECHANISMS.flatMap((mechanism) => {
          const known = credentialInfos.find((info) => info.mechanism === SCRAM[mechanism].id);
          return known === undefined ? [] : [{ mechanism, iterations: known.iterations }];
        }),
      }))
      .sort((a, b) => (a.user < b.user ? -1 : 1));
  } catch (error) {
    if (name !== undefined && brokerCode(error) === 'RESOURCE_NOT_FOUND') return [];
    throw error;
  }
}
