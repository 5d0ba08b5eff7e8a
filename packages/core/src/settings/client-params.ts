import { UsageError } from '../errors.js';
import { asVariable } from './find-setting.js';
import { LIBRDKAFKA_PROPERTIES } from './librdkafka-properties.js';
import { distance } from './nearest.js';
import { isSecretKey, show } from './secrets.js';
import type { Params } from './settings.js';

const refuse = (line: string): never => {
  throw new UsageError(`settings: ${line}`, { code: 'APF_SETTINGS' });
};

/** Two names of librdkafka for the same property. */
const ALSO: Readonly<Record<string, string>> = { 'bootstrap.servers': 'metadata.broker.list' };

const REMEDY: Readonly<Record<string, string>> = {
  'bootstrap.servers': "write the broker as 'host:port', several with commas between",
  'group.id': 'write the name of your consumer group, with the prefix that the broker gave you',
};

/**
 * Checks PARAMS of a Kafka client as far as it can be done without the client, which checks the rest.
 * @param needed properties that must be there.
 */
export function checkClientParams(params: Params, path: string, needed: readonly string[]): void {
  for (const [key, value] of Object.entries(params)) {
    const known = LIBRDKAFKA_PROPERTIES.includes(key);
    const near = known ? undefined : LIBRDKAFKA_PROPERTIES.find((name) => distance(key, name) <= 2);
    if (near !== undefined) refuse(`${path}.${key} is not a property of librdkafka; did you mean '${near}'?`);
    if (!['string', 'number', 'boolean'].includes(typeof value)) {
      const shown = isSecretKey(key) ? '' : `, not ${show(value)}`;
      refuse(`${path}.${key} must be text, a number, true or false${shown}`);
    }
  }
  for (const key of needed) {
    if (!has(params, key) && !has(params, ALSO[key] ?? key)) {
      refuse(`${path}.${key} is missing: ${REMEDY[key]}, or set ${variableOf(path, key)}`);
    }
  }
  checkSecurity(params, path);
  if (isTrue(params['enable.auto.commit'])) {
    refuse(
      `${path}.enable.auto.commit is not taken; remove it: offsets are committed when results are confirmed`,
    );
  }
}

function checkSecurity(params: Params, path: string): void {
  const protocol = params['security.protocol'];
  const sasl = typeof protocol === 'string' && protocol.toUpperCase().startsWith('SASL_');
  if (!sasl) {
    const given = ['sasl.username', 'sasl.password'].find((key) => has(params, key));
    if (given !== undefined) {
      refuse(
        `${path}.security.protocol must be 'SASL_SSL' or 'SASL_PLAINTEXT' for '${given}' to be used, not ${show(protocol ?? null)}`,
      );
    }
    return;
  }
  const mechanism = params['sasl.mechanism'] ?? params['sasl.mechanisms'] ?? 'GSSAPI';
  if (typeof mechanism !== 'string' || !/^(PLAIN|SCRAM-)/i.test(mechanism)) return;
  for (const key of ['sasl.username', 'sasl.password']) {
    if (has(params, key)) continue;
    const variable = variableOf(path, key);
    refuse(
      `${path}.${key} is missing: set ${variable} in the environment or in .env, or ${variable}_FILE to a file`,
    );
  }
}

const has = (params: Params, key: string): boolean => params[key] !== undefined && params[key] !== '';
const isTrue = (value: unknown): boolean => value === true || String(value).toLowerCase() === 'true';

/** The variable that sets a property, `APF__CONSUMER_CONFIG__PARAMS__GROUP_ID`. */
export const variableOf = (path: string, key: string): string =>
  `APF__${[...path.split('.'), key].map(asVariable).join('__')}`;
