import { lookup as resolveName } from 'node:dns/promises';
import { createConnection } from 'node:net';
import { once } from 'node:events';
import { toError } from '@apf/core';
import { brokersOf, type Params } from '../kafka/client-params.js';
import { OffsetLookup } from '../kafka/offset-lookup.js';
import type { Report } from './finding.js';

/** How long a broker may take to answer, in ms. */
const PATIENCE = 5_000;
const LOGIN_PATIENCE = 10_000;

/**
 * Name, connection and login of a broker, in this order; what comes after a failure is not tried.
 * @param role what the broker is for, as the settings call it
 * @returns the open connection, to ask more; undefined where there is none
 */
export async function examineBroker(
  params: Params,
  role: string,
  report: Report,
): Promise<OffsetLookup | undefined> {
  const addresses = brokersOf(params)
    .split(',')
    .map((address) => address.trim());
  const reached = await Promise.all(addresses.map((address) => reach(address)));
  const failures = reached.filter((result) => result.failed !== undefined);
  for (const { address, failed, remedy } of failures) {
    const status = failures.length === reached.length ? 'fail' : 'warn';
    report({ check: 'connection', status, message: `${role}: ${address}: ${failed}`, remedy: remedy ?? '' });
  }
  if (failures.length === reached.length) return undefined;
  report({ check: 'connection', status: 'ok', message: `${role}: ${brokersOf(params)} can be reached` });
  try {
    const lookup = await OffsetLookup.open({ params, openTimeout: LOGIN_PATIENCE });
    const user = params['sasl.username'] as string | undefined;
    const as = user === undefined ? 'without an account' : `as ${user}`;
    report({ check: 'login', status: 'ok', message: `${role}: logged in ${as}` });
    return lookup;
  } catch (thrown) {
    const [message, remedy] = parted(toError(thrown).message);
    report({ check: 'login', status: 'fail', message: `${role}: ${message}`, remedy });
    return undefined;
  }
}

/** apf's errors say what is wrong, then a colon and what to do. */
export function parted(message: string): [what: string, remedy: string] {
  const at = message.lastIndexOf(': ');
  return at < 0 ? [message, ''] : [message.slice(0, at), message.slice(at + 2)];
}

interface Reached {
  readonly address: string;
  readonly failed?: string;
  readonly remedy?: string;
}

async function reach(address: string): Promise<Reached> {
  const colon = address.lastIndexOf(':');
  const host = (colon < 0 ? address : address.slice(0, colon))
    .replace(/^.*:\/\//, '')
    .replace(/^\[|\]$/g, '');
  const port = colon < 0 ? 9092 : Number(address.slice(colon + 1));
  try {
    await resolveName(host);
  } catch (error) {
    return {
      address,
      failed: `the name '${host}' is not known (${(error as NodeJS.ErrnoException).code ?? 'no address'})`,
      remedy: "check its spelling in PARAMS['bootstrap.servers'], and this machine's name server",
    };
  }
  const socket = createConnection({ host, port });
  try {
    await once(socket, 'connect', { signal: AbortSignal.timeout(PATIENCE) });
    return { address };
  } catch (error) {
    const { code, name } = error as NodeJS.ErrnoException;
    return name === 'AbortError'
      ? {
          address,
          failed: `no answer within ${PATIENCE / 1_000} s`,
          remedy: 'a firewall may be in the way: ask its operators to let this machine in',
        }
      : {
          address,
          failed: `the connection is refused (${code ?? name})`,
          remedy: 'check the port, and whether the broker runs',
        };
  } finally {
    socket.destroy();
  }
}
