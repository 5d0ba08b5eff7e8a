import { type Framing, nearest, UsageError } from '@apf/core';

export const MECHANISMS = ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'] as const;
export type Mechanism = (typeof MECHANISMS)[number];

/** All that `apf login` keeps of a broker. */
export interface Profile {
  /** `host:port`, several with commas between. */
  readonly servers: string;
  readonly username?: string;
  readonly password?: string;
  readonly mechanism?: Mechanism;
  /** Whether the connection is encrypted. */
  readonly tls?: boolean;
  /** Files in PEM format: who signed the broker's certificate; the client's own certificate and key. */
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  /** The consumer group to use. */
  readonly group?: string;
  /** What every group id must begin with. */
  readonly groupPrefix?: string;
  readonly topics?: readonly string[];
  readonly framing?: Framing;
  /** `ztf`, `lsst`, … */
  readonly survey?: string;
  /** The schema of messages that carry none, a file or a folder. */
  readonly schema?: string;
  /** A folder with schemas by their ids. */
  readonly schemas?: string;
  /** The schema registry's URL. */
  readonly registry?: string;
  /** Seconds that a poll waits. */
  readonly timeout?: number;
  /** Further properties of librdkafka. */
  readonly settings?: Readonly<Record<string, string | number | boolean>>;
}

const TEXTS = [
  'servers',
  'username',
  'password',
  'mechanism',
  'ca',
  'cert',
  'key',
  'group',
  'groupPrefix',
  'framing',
  'survey',
  'schema',
  'schemas',
  'registry',
] as const;
const KEYS: readonly string[] = [...TEXTS, 'tls', 'topics', 'timeout', 'settings'];

/**
 * Checks a profile as it stands in a file that somebody may have edited.
 * @param where the file and the profile's name, for the errors.
 * @throws UsageError that names the key.
 */
export function checkProfile(value: unknown, where: string): Profile {
  const wrong = (what: string): never => {
    throw new UsageError(`${where}: ${what}`, { code: 'APF_FILE' });
  };
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return wrong('is no object');
  const given = value as Readonly<Record<string, unknown>>;
  for (const key of Object.keys(given)) {
    if (KEYS.includes(key)) continue;
    const near = nearest(key, KEYS);
    wrong(`'${key}' is no key of a profile${near ? `; did you mean '${near}'?` : ''}`);
  }
  for (const key of TEXTS) {
    if (given[key] !== undefined && typeof given[key] !== 'string') wrong(`'${key}' must be text`);
  }
  if (!given.servers) wrong("'servers' is missing: host:port, several with commas between");
  if (given.mechanism !== undefined && !(MECHANISMS as readonly unknown[]).includes(given.mechanism))
    wrong(`'mechanism' must be one of ${MECHANISMS.join(', ')}`);
  if (given.tls !== undefined && typeof given.tls !== 'boolean') wrong("'tls' must be true or false");
  if (given.timeout !== undefined && !(typeof given.timeout === 'number' && given.timeout >= 0))
    wrong("'timeout' must be seconds");
  if (given.topics !== undefined && !isTexts(given.topics)) wrong("'topics' must be a list of names");
  return given as unknown as Profile;
}

const isTexts = (value: unknown): boolean =>
  Array.isArray(value) && value.every((item) => typeof item === 'string');

/** Brokers as people write them: spaces and a comma too many, as in Fink's own template, do no harm. */
export function cleanServers(servers: string): string {
  return servers
    .split(',')
    .map((server) => server.trim())
    .filter((server) => server !== '')
    .join(',');
}
