import { randomBytes } from 'node:crypto';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FatalError, systemClock } from '@apf/core';
import type { AdminLogin } from '../administration/admin-login.js';
import { isServing } from '../administration/kafka-admin.js';
import { isRunning } from './broker-process.js';
import { makeCertificates } from './certificates.js';
import { describeDistribution, findDistribution, KAFKA_VERSION } from './distribution.js';
import { launch } from './launch.js';
import { arePortsFree, freePorts } from './ports.js';
import { type Credentials, type Ports, serverProperties } from './server-properties.js';
import { writeState, type ClusterState } from './state.js';

export interface BrokerOptions {
  /** The folder that holds all of the cluster: data, certificates, log, state. It is made where it is missing. */
  readonly dir: string;
  /** The name or address at which other machines reach the SASL listeners; loopback alone where absent. */
  readonly host?: string;
  /** Nobody comes in without a login, over loopback neither; once secured, a cluster stays so. False where absent. */
  readonly secured?: boolean;
  /** The port of PLAINTEXT, and that of SASL_PLAINTEXT; any free ones where absent. */
  readonly port?: number;
  readonly saslPort?: number;
  /** Whether using a topic makes it; false where absent. */
  readonly autoCreateTopics?: boolean;
  /** The JVM's heap as in -Xmx; 512m where absent. */
  readonly heap?: string;
  /** Further lines of server.properties. */
  readonly properties?: Readonly<Record<string, string>>;
  readonly onProgress?: (line: string) => void;
}

/** Where one Kafka listens: `host:port`, as librdkafka's `bootstrap.servers` takes it. */
export interface Addresses {
  /** PLAINTEXT, on loopback only: its clients may do everything. In a secured cluster only the administrator logs in there. */
  readonly bootstrapServers: string;
  /** SASL_PLAINTEXT with SCRAM-SHA-256 and SCRAM-SHA-512: its users may do what `allow` gave them. */
  readonly saslServers: string;
  /** SASL_SSL with the same users. */
  readonly sslServers: string;
}

/** How long Kafka may take to serve; it needs 5 s on an idle machine. */
const START_WITHIN = 90_000;
const LOG_LINES = 15;
const LOOPBACK = '127.0.0.1';

/** Kafka was started and failed. The message is one line; these are its last words. */
export class KafkaStartError extends FatalError {
  constructor(
    message: string,
    readonly lastLogLines: readonly string[],
  ) {
    super(message, { code: 'APF_KAFKA_START' });
  }
}

/** Starts a broker in `dir`, on the data and ports of the state before where there is one; it may not serve yet. */
export async function startBroker(
  options: BrokerOptions,
  before: ClusterState | undefined,
): Promise<ClusterState> {
  const { dir, onProgress = () => undefined, heap = '512m', host = LOOPBACK } = options;
  const distribution = await findDistribution(onProgress);
  const inDocker = distribution.kind === 'docker';
  const publicBind = options.host === undefined ? LOOPBACK : '0.0.0.0';
  const ports = await choosePorts(before?.ports, publicBind, {
    ...(options.port === undefined ? {} : { plaintext: options.port }),
    ...(options.saslPort === undefined ? {} : { sasl: options.saslPort }),
  });
  const admin = before?.admin ?? (options.secured ? newAdmin() : undefined);
  const sameHost = before?.host === host && (await exists(join(dir, 'keystore.pem')));
  if (!sameHost) await makeCertificates(dir, host);
  const properties = join(dir, 'server.properties');
  await writeFile(
    properties,
    serverProperties({
      ports,
      host,
      privateBind: inDocker ? '0.0.0.0' : LOOPBACK,
      publicBind: inDocker ? '0.0.0.0' : publicBind,
      dataDir: join(dir, 'data'),
      keystore: join(dir, 'keystore.pem'),
      autoCreateTopics: options.autoCreateTopics ?? false,
      admin,
      extra: options.properties ?? {},
    }),
    { mode: 0o600 },
  );
  const clusterId = before?.clusterId ?? newClusterId();
  await writeFile(logFile(dir), ''); // of the last start only: it is shown when that fails
  const broker = await launch(distribution, {
    marker: randomBytes(8).toString('hex'),
    dir,
    properties,
    log: logFile(dir),
    clusterId,
    formatted: before !== undefined,
    ports,
    publicBind,
    heap,
  });
  const runsOn = describeDistribution(distribution);
  const state: ClusterState = { kafka: KAFKA_VERSION, runsOn, clusterId, host, ports, admin, broker };
  await writeState(dir, state);
  return state;
}

/** Kafka's form: 16 bytes in base64url. One that begins with `-` would be read as an option by the format tool. */
function newClusterId(): string {
  const bytes = randomBytes(16);
  bytes[0] = (bytes[0] ?? 0) & 0x3f;
  return bytes.toString('base64url');
}

/** The administrator of a secured cluster; his name is that of Fink's. */
function newAdmin(): Credentials {
  return { username: 'admin', password: randomBytes(24).toString('base64url') };
}

/** Those of the last start where they are free, so that settings which name them stay right. */
async function choosePorts(last: Ports | undefined, bind: string, wanted: Partial<Ports>): Promise<Ports> {
  for (const port of Object.values(wanted)) {
    if (await arePortsFree([port], bind)) continue;
    throw new FatalError(`port ${port} is taken by another program: stop it, or choose another port`, {
      code: 'APF_KAFKA_START',
    });
  }
  const before = last && { ...last, ...wanted };
  if (before !== undefined && (await arePortsFree(Object.values(before), bind))) return before;
  const [plaintext, sasl, ssl, controller] = (await freePorts(4, bind)) as [number, number, number, number];
  return { plaintext, sasl, ssl, controller, ...wanted };
}

/** Resolves once the broker answers. Rejects with a {@link KafkaStartError} when it has ended or takes too long. */
export async function untilServing(state: ClusterState, dir: string): Promise<void> {
  const end = systemClock.now() + START_WITHIN;
  while (!(await isServing(adminLoginOf(state)))) {
    const ended = !(await isRunning(state.broker));
    if (!ended && systemClock.now() < end) {
      await systemClock.sleep(100);
      continue;
    }
    const log = await readFile(logFile(dir), 'utf8').catch(() => '');
    const what = ended ? 'ended while it started' : `does not serve after ${START_WITHIN / 1000} s`;
    throw new KafkaStartError(
      `Kafka ${what}; its log is ${logFile(dir)}`,
      log.trimEnd().split('\n').slice(-LOG_LINES),
    );
  }
}

export function addressesOf({ host, ports }: ClusterState): Addresses {
  return {
    bootstrapServers: `${LOOPBACK}:${ports.plaintext}`,
    saslServers: `${host}:${ports.sasl}`,
    sslServers: `${host}:${ports.ssl}`,
  };
}

/** How whoever started the cluster administers it. */
export function adminLoginOf(state: ClusterState): AdminLogin {
  const { bootstrapServers: servers } = addressesOf(state);
  return state.admin === undefined ? { servers } : { servers, ...state.admin, mechanism: 'PLAIN' };
}

export function logFile(dir: string): string {
  return join(dir, 'broker.log');
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
