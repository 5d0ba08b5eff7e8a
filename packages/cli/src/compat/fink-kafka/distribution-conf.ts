import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileReason, printable, UsageError } from '@apf/core';
import { parseBashConf } from '../bash-conf.js';

/** What Fink's `fink.conf.distribution` says of the cluster for redistribution. */
export interface DistributionConf {
  /** The file; undefined where there is none, and what follows is Fink's default. */
  readonly path: string | undefined;
  /** `host:port` of each broker. */
  readonly brokers: readonly string[];
  /** DISTRIBUTION_TOPIC */
  readonly topics: readonly string[];
  /** Files with the logins of Fink's own producer and test consumer. */
  readonly producerJaas: string | undefined;
  readonly consumerJaas: string | undefined;
  /** Every plain assignment, by its name; of an array `NAME[0]`. */
  readonly values: ReadonlyMap<string, string>;
}

const BROKER = 'localhost:9093';
const TOPIC = 'fink_outstream';
const ASSIGNMENT = /^\s*(?:export\s+)?([A-Za-z_]\w*)(?:\[(\d{1,3})\])?=(.*)$/;

/**
 * The conf that was named, else that of FINK_HOME, else Fink's defaults. The file is a bash program: its assignments of
 * plain values are read, nothing in it is executed, and what else stands there is passed over.
 * @throws UsageError for a file that was named and cannot be read.
 */
export function distributionConf(
  named: string | undefined,
  env: NodeJS.ProcessEnv = process.env,
): DistributionConf {
  const home = env.FINK_HOME ? join(env.FINK_HOME, 'conf', 'fink.conf.distribution') : undefined;
  const path = named ?? home;
  const text = path === undefined ? undefined : textOf(path, named !== undefined);
  const values = assignments(text ?? '', path ?? '', env);
  const brokers = [...values].flatMap(([name, value]) =>
    name.startsWith('KAFKA_BROKER_IPPORT[') ? [value] : [],
  );
  const list = (value: string | undefined): string[] =>
    (value ?? '')
      .split(',')
      .map((each) => each.trim())
      .filter((each) => each !== '');
  const topics = list(values.get('DISTRIBUTION_TOPIC'));
  return {
    path: text === undefined ? undefined : path,
    brokers: brokers.length > 0 ? brokers : [BROKER],
    topics: topics.length > 0 ? topics : [TOPIC],
    producerJaas: values.get('FINK_PRODUCER_JAAS'),
    consumerJaas: values.get('FINK_TEST_CONSUMER_JAAS'),
    values,
  };
}

function textOf(path: string, demanded: boolean): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (!demanded && (error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new UsageError(
      `the configuration '${printable(path)}' cannot be read: ${fileReason(error)}; check the path`,
      {
        code: 'APF_FILE',
        cause: error,
      },
    );
  }
}

function assignments(text: string, path: string, env: NodeJS.ProcessEnv): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const line of text.split(/\r?\n/)) {
    const [, name, index, value = ''] = ASSIGNMENT.exec(line) ?? [];
    if (name === undefined) continue;
    try {
      const known = { ...env, ...Object.fromEntries(values) };
      for (const [, plain] of parseBashConf(`VALUE=${value}`, path, known)) {
        values.set(index === undefined ? name : `${name}[${index}]`, plain);
      }
    } catch (error) {
      // A loop's body, say, which computes: the values that matter are plain.
      if (!(error instanceof UsageError)) throw error;
    }
  }
  return values;
}

/** The login of a JAAS file. @throws UsageError for a file without one; its text is not shown. */
export function jaasLogin(path: string): { readonly username: string; readonly password: string } {
  const text = textOf(path, true) ?? '';
  const value = (key: string): string | undefined =>
    new RegExp(`\\b${key}\\s*=\\s*"([^"]*)"`).exec(text)?.[1];
  const [username, password] = [value('username'), value('password')];
  if (!username || !password) {
    throw new UsageError(`${path} has no username="…" and password="…"`, { code: 'APF_FILE' });
  }
  return { username, password };
}
