import { execFile } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { FatalError } from '@apf/core';

const execute = promisify(execFile);
const DAYS = '3650';

export interface Certificates {
  /** PEM of the authority that clients must trust: librdkafka's `ssl.ca.location`. */
  readonly caFile: string;
  /** PEM of the server's private key and certificate chain: Kafka's `ssl.keystore.location`. */
  readonly keystore: string;
}

/**
 * Makes a certificate authority and a server certificate for loopback and `host` in `dir`. The authority's key is
 * thrown away: nobody can sign anything else with it. OpenSSL signs, because Node can make keys but no certificates.
 */
export async function makeCertificates(dir: string, host: string): Promise<Certificates> {
  const work = await mkdtemp(join(dir, 'certificates-'));
  const at = (name: string): string => join(work, name);
  try {
    await writeKey(at('ca.key'));
    await writeKey(at('server.key'));
    await writeFile(at('openssl.cnf'), configuration(host));
    const config = ['-config', at('openssl.cnf')];
    await openssl('req', '-x509', '-new', '-key', at('ca.key'), '-days', DAYS, '-sha256', ...config,
      '-subj', '/CN=apf trial authority', '-extensions', 'authority', '-out', at('ca.pem')); // prettier-ignore
    await openssl('req', '-new', '-key', at('server.key'), '-sha256', ...config,
      '-subj', '/CN=apf trial broker', '-out', at('server.csr')); // prettier-ignore
    await openssl('x509', '-req', '-in', at('server.csr'), '-CA', at('ca.pem'), '-CAkey', at('ca.key'),
      '-set_serial', '1', '-days', DAYS, '-sha256', '-extfile', at('openssl.cnf'), '-extensions', 'server',
      '-out', at('server.pem')); // prettier-ignore
    const parts = await Promise.all(
      ['server.key', 'server.pem', 'ca.pem'].map((name) => readFile(at(name), 'utf8')),
    );
    const made = { caFile: join(dir, 'ca.pem'), keystore: join(dir, 'keystore.pem') };
    await writeFile(made.keystore, parts.join('\n'), { mode: 0o600 });
    await rename(at('ca.pem'), made.caFile);
    return made;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function writeKey(file: string): Promise<void> {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  await writeFile(file, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
}

function configuration(host: string): string {
  const own = isIP(host) ? `IP:${host}` : `DNS:${host}`;
  return [
    '[req]',
    'distinguished_name = subject',
    'prompt = no',
    '[subject]',
    '[authority]',
    'basicConstraints = critical, CA:TRUE',
    'keyUsage = critical, keyCertSign, cRLSign',
    'subjectKeyIdentifier = hash',
    '[server]',
    'basicConstraints = CA:FALSE',
    'extendedKeyUsage = serverAuth',
    `subjectAltName = ${[...new Set(['DNS:localhost', 'IP:127.0.0.1', own])].join(', ')}`,
    '',
  ].join('\n');
}

async function openssl(...args: string[]): Promise<void> {
  try {
    await execute('openssl', args);
  } catch (error) {
    const { code, stderr } = error as NodeJS.ErrnoException & { stderr?: string };
    const what =
      code === 'ENOENT'
        ? 'the program openssl is needed for the TLS listener; install the package openssl'
        : `openssl failed: ${stderr?.trim() ?? String(error)}`;
    throw new FatalError(what, { code: 'APF_KAFKA_START', cause: error });
  }
}
