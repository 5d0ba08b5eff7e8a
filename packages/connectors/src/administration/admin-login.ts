import { readFileSync } from 'node:fs';
import { toError, UsageError } from '@apf/core';

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
