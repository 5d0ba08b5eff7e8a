import { isSecretKey, LIBRDKAFKA_PROPERTIES, nearest, secretsIn, UsageError } from '@apf/core';
import type { ConnectionOptions } from './connection-options.js';
import { isProfileFile, readProfileFile } from './profile-file.js';
import { cleanServers, type Profile } from './profile.js';
import { ProfileStore } from './profile-store.js';
import { askSecret, secretFromFile } from './read-secret.js';

type Properties = Record<string, string | number | boolean>;

/** A broker and how to reach it. */
export interface Connection {
  readonly servers: string;
  readonly username: string | undefined;
  /** librdkafka's properties: brokers, security, and those given one by one. */
  readonly params: Readonly<Properties>;
  /** Values that must never be shown. */
  readonly secrets: readonly string[];
  /** The profile's name; undefined where the options say all. */
  readonly name: string | undefined;
  /** What the profile says besides: topics, framing, schemas. Empty without one. */
  readonly profile: Partial<Profile>;
}

export interface ConnectionSurroundings {
  readonly env?: NodeJS.ProcessEnv;
  readonly store?: ProfileStore;
  /** Asks for a secret; undefined where nobody can be asked. */
  readonly ask?: (question: string) => Promise<string | undefined>;
  /** Says a line to the user. */
  readonly say?: (line: string) => void;
}

/**
 * What `--servers`, `--profile` and their like come to. An option goes over the environment, which goes over the
 * profile; with `--servers` alone no profile is used, so that no password goes to a broker for which it was not meant.
 * @throws UsageError for what is missing or does not fit together, a file that cannot be read included.
 */
export async function connection(
  options: ConnectionOptions,
  surroundings: ConnectionSurroundings = {},
): Promise<Connection> {
  const { env = process.env, ask = askSecret, say = (line) => console.error(line) } = surroundings;
  refuseTwice(options);
  const { name, profile } = await chosenProfile(options, env, surroundings.store ?? new ProfileStore(), say);
  const servers = cleanServers(options.servers ?? env.APF_SERVERS ?? profile.servers ?? '');
  if (servers === '') {
    throw new UsageError(
      'no broker is named: give --servers host:port, or --profile and a name from apf login',
    );
  }
  // Configurations of others write '' where there is no account.
  const username = (options.username ?? env.APF_USERNAME ?? profile.username) || undefined;
  const password =
    username === undefined ? undefined : await passwordOf(options, profile, username, { env, ask, say });
  if (username === undefined && (options.password ?? options.passwordFile) !== undefined)
    throw new UsageError('a password without --username is of no use');
  const params = {
    'bootstrap.servers': servers,
    ...securityOf(options, profile, username, password),
    ...profile.settings,
    ...given(options.kafka ?? []),
  };
  return { servers, username, params, secrets: secretsIn(params), name, profile };
}

/** yargs makes a list of an option that is given twice. */
function refuseTwice(options: ConnectionOptions): void {
  for (const name of [
    'servers',
    'profile',
    'username',
    'password',
    'mechanism',
    'ca',
    'cert',
    'key',
  ] as const)
    if (Array.isArray(options[name])) throw new UsageError(`--${name} is given twice`);
  if (Array.isArray(options.passwordFile)) throw new UsageError('--password-file is given twice');
}

async function chosenProfile(
  options: ConnectionOptions,
  env: NodeJS.ProcessEnv,
  store: ProfileStore,
  say: (line: string) => void,
): Promise<{ name: string | undefined; profile: Partial<Profile> }> {
  const wanted = options.profile ?? env.APF_PROFILE;
  if (wanted !== undefined) {
    if (isProfileFile(wanted)) return { name: undefined, profile: await readProfileFile(wanted) };
    return { name: wanted, profile: await store.get(wanted) };
  }
  if (options.servers !== undefined || env.APF_SERVERS !== undefined) return { name: undefined, profile: {} };
  const names = await store.names();
  const [only] = names;
  if (only === undefined) return { name: undefined, profile: {} };
  if (names.length > 1) {
    throw new UsageError(
      `name a broker with --servers, or one of your profiles with --profile: ${names.join(', ')}`,
    );
  }
  const profile = await store.get(only);
  say(`apf: using the profile '${only}' (${profile.servers})`);
  return { name: only, profile };
}

async function passwordOf(
  options: ConnectionOptions,
  profile: Partial<Profile>,
  username: string,
  { env, ask, say }: Required<Pick<ConnectionSurroundings, 'env' | 'ask' | 'say'>>,
): Promise<string | undefined> {
  if (options.password !== undefined && options.passwordFile !== undefined)
    throw new UsageError('give --password or --password-file, not both');
  if (options.passwordFile !== undefined) return secretFromFile(options.passwordFile);
  if (options.password !== undefined) {
    say('apf: warning: --password is seen by others on this machine; use --password-file or APF_PASSWORD');
    return options.password;
  }
  if (env.APF_PASSWORD) return env.APF_PASSWORD;
  if (env.APF_PASSWORD_FILE) return secretFromFile(env.APF_PASSWORD_FILE);
  // A password belongs to its user.
  if (username === profile.username) {
    if (profile.password !== undefined) return profile.password;
    // Fink gives names without a password: they are for its statistics.
    if (options.username === undefined) return undefined;
  }
  const typed = await ask(`Password of ${username}`);
  if (typed) return typed;
  throw new UsageError(
    `there is no password for '${username}': set APF_PASSWORD, or name a file with --password-file`,
  );
}

function securityOf(
  options: ConnectionOptions,
  profile: Partial<Profile>,
  username: string | undefined,
  password: string | undefined,
): Properties {
  const mechanism = options.mechanism ?? profile.mechanism ?? 'SCRAM-SHA-512';
  const ca = options.ca ?? profile.ca;
  const cert = options.cert ?? profile.cert;
  const key = options.key ?? profile.key;
  if (cert === undefined && key !== undefined) throw new UsageError('--key needs --cert, whose key it is');
  const sasl = username !== undefined && password !== undefined;
  // PLAIN sends the password as it is.
  const implied = ca !== undefined || cert !== undefined || (sasl && mechanism === 'PLAIN');
  const tls = options.tls ?? profile.tls ?? implied;
  if (!tls && (options.ca ?? options.cert) !== undefined)
    throw new UsageError('--ca and --cert are for an encrypted connection: leave out --no-tls');
  return {
    'security.protocol': `${sasl ? 'SASL_' : ''}${tls ? 'SSL' : 'PLAINTEXT'}`,
    ...(sasl ? { 'sasl.mechanism': mechanism, 'sasl.username': username, 'sasl.password': password } : {}),
    ...(tls && ca !== undefined ? { 'ssl.ca.location': ca } : {}),
    ...(tls && cert !== undefined ? { 'ssl.certificate.location': cert } : {}),
    ...(tls && key !== undefined ? { 'ssl.key.location': key } : {}),
  };
}

/** `-X name=value`, as kcat has it. */
function given(settings: readonly string[]): Properties {
  const result: Properties = {};
  for (const setting of settings) {
    const at = setting.indexOf('=');
    const name = at < 0 ? setting : setting.slice(0, at);
    if (at <= 0) throw new UsageError(`--kafka takes name=value, not '${name}'`);
    if (isSecretKey(name))
      throw new UsageError(
        `--kafka ${name}: a secret does not belong on the command line; use --password-file`,
      );
    if (!LIBRDKAFKA_PROPERTIES.includes(name)) {
      const near = nearest(name, LIBRDKAFKA_PROPERTIES);
      throw new UsageError(
        `--kafka ${name}: there is no such property of librdkafka${near ? `; did you mean '${near}'?` : ''}`,
      );
    }
    result[name] = setting.slice(at + 1);
  }
  return result;
}
