import { isIP } from 'node:net';
import { Admin } from '@platformatic/kafka';
import type { AdminLogin } from './admin-login.js';

/** Does something as an administrator, with an error of one line that begins with `what`. */
export type Run = <T>(what: string, use: (admin: Admin) => Promise<T>) => Promise<T>;

const CONNECT = 10_000;

/** A client for one use: it holds no connection to a broker that may be stopped meanwhile. */
export async function withAdmin<T>(login: AdminLogin, use: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = openAdmin(login);
  try {
    return await use(admin);
  } finally {
    await admin.close().catch(() => undefined);
  }
}

/** A client that connects when it is asked something; whoever opens it closes it. */
export function openAdmin(login: AdminLogin): Admin {
  const { servers, username, password, mechanism = 'SCRAM-SHA-512', tls } = login;
  return new Admin({
    clientId: 'apf-admin',
    bootstrapBrokers: servers.split(','),
    retries: 0,
    connectTimeout: CONNECT,
    ...(username !== undefined && password !== undefined ? { sasl: { mechanism, username, password } } : {}),
    // A name goes into the TLS greeting, so that a proxy knows whom it is for; an address must not.
    ...(tls ? { tls, tlsServerName: !servers.split(',').some(isAddress) } : {}),
  });
}

const isAddress = (server: string): boolean =>
  isIP(server.replace(/:\d+$/, '').replace(/^\[|\]$/g, '')) !== 0;
