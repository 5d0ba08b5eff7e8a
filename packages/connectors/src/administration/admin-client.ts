import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { toError, UsageError } from '@apf/core';
import { Admin } from '@platformatic/kafka';

export type SaslMechanism = 'PLAIN' | 'SCRAM-SHA-256' | 'SCRAM-SHA-512';

/** Where a cluster is, and as whom to work on it. */
export interface AdminLogin {
  /** `host:port`, several with commas between. */
  readonly servers: string;
  readonly username?: string;
  readonly password?: string;
  /** SCRAM-SHA-512 where absent. */
  readonly mechanism?: SaslMechanism;
  /** Encrypted where it is there; PEM texts. */
  readonly tls?: { readonly ca?: string; readonly cert?: string; readonly key?: string };
}

/** Does something as an administrator, with an error of one line that begins with `what`. */
export type Run = <T>(what: string, use: (admin: Admin) => Promise<T>) => Promise<T>;

const CONNECT = 10_000;

/** A client for one use: it holds no connection to a broker that may be stopped meanwhile. */
export async function withAdmin<T>(login: AdminLogin, use: (admin: Admin) => Promise<T>): Promise<T> {
  const { servers, username, password, mechanism = 'SCRAM-SHA-512', tls } = login;
  const admin = new Admin({
    clientId: 'apf-admin',
    bootstrapBrokers: servers.split(','),
    retries: 0,
    connectTimeout: CONNECT,
    ...(username !== undefined && password !== undefined ? { sasl: { mechanism, username, password } } : {}),
    // A name goes into the TLS greeting, so that a proxy knows whom it is for; an address must not.
    ...(tls ? { tls, tlsServerName: !servers.split(',').some(isAddress) } : {}),
  });
  try {
    return await use(admin);
  } finally {
    await admin.close().catch(() => undefined);
  }
}

const isAddress = (server: string): boolean =>
  isIP(server.replace(/:\d+$/, '').replace(/^\[|\]$/g, '')) !== 0;

/** Whether a broker serves requests at this address now. */
export async function isServing(login: AdminLogin): Promise<boolean> {
  try {
    return await withAdmin(login, async (admin) => (await admin.metadata({ topics: [] })).brokers.size > 0);
  } catch {
    return false;
  }
}

const FILES = {
  ca: 'ssl.ca.location',
  cert: 'ssl.certificate.location',
  key: 'ssl.key.location',
} as const;

/**
 * The login that librdkafka's properties describe, so that whoever can consume from a broker says nothing new to
 * administer it.
 * @throws UsageError for a mechanism that cannot be used here, or a file that cannot be read.
 */
export function adminLogin(params: Readonly<Record<string, unknown>>): AdminLogin {
  const text = (name: string): string | undefined => {
    const value = params[name];
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const protocol = (text('security.protocol') ?? 'plaintext').toUpperCase();
  const [username, password] = [text('sasl.username'), text('sasl.password')];
  const tls = protocol.endsWith('SSL');
  return {
    servers: text('bootstrap.servers') ?? text('metadata.broker.list') ?? '',
    ...(protocol.startsWith('SASL')
      ? {
          mechanism: mechanismOf(text('sasl.mechanism') ?? text('sasl.mechanisms') ?? 'SCRAM-SHA-512'),
          ...(username === undefined ? {} : { username }),
          ...(password === undefined ? {} : { password }),
        }
      : {}),
    ...(tls ? { tls: Object.fromEntries(pemFiles(text)) } : {}),
  };
}

function mechanismOf(name: string): SaslMechanism {
  if (name === 'PLAIN' || name === 'SCRAM-SHA-256' || name === 'SCRAM-SHA-512') return name;
  throw new UsageError(
    `a broker cannot be administered by '${name}'; log in by PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512`,
  );
}

function pemFiles(text: (name: string) => string | undefined): [string, string][] {
  return Object.entries(FILES).flatMap(([key, property]): [string, string][] => {
    const path = text(property);
    if (path === undefined) return [];
    try {
      return [[key, readFileSync(path, 'utf8')]];
    } catch (error) {
      throw new UsageError(`${property} '${path}' cannot be read: ${toError(error).message}`, {
        code: 'APF_FILE',
        cause: error,
      });
    }
  });
}
