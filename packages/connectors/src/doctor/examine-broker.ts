import { lookup as resolveName } from 'node:dns/promises';
import { createConnection } from 'node:net';
import { once } from 'node:events';
import { toError } from '@apf/core';
import { brokersOf, type Params } from '../kafka/client-params.js';
import { OffsetLookup } from '../kafka/offset-lookup.js';
import type { BrokerView, TopicAccess } from './broker-view.js';
import type { Report } from './finding.js';

/** How long a broker may take to answer, in ms. */
const PATIENCE = 5_000;
const LOGIN_PATIENCE = 10_000;

/** A broker that can be used, to be asked more; `lookup` is to be closed. */
export interface ExaminedBroker {
  readonly lookup: OffsetLookup;
  /** What this account may do with topics; one is left out where the broker does not tell. */
  access(topics: readonly string[]): Promise<ReadonlyMap<string, TopicAccess>>;
}

/**
 * Name, connection, the addresses that it advertises, and login of a broker, in this order; what comes after a failure is
 * not tried.
 * @param role what the broker is for, as the settings call it
 * @returns undefined where it cannot be used
 */
export async function examineBroker(
  params: Params,
  role: string,
  report: Report,
): Promise<ExaminedBroker | undefined> {
  const addresses = brokersOf(params).split(',').map(parsed);
  const reached = await Promise.all(addresses.map((address) => reach(address)));
  const failures = reached.filter((result) => result.failed !== undefined);
  for (const { address, failed, remedy } of failures) {
    const status = failures.length === reached.length ? 'fail' : 'warn';
    report({ check: 'connection', status, message: `${role}: ${address}: ${failed}`, remedy: remedy ?? '' });
  }
  if (failures.length === reached.length) return undefined;
  report({ check: 'connection', status: 'ok', message: `${role}: ${brokersOf(params)} can be reached` });
  const first = addresses[reached.findIndex(({ failed }) => failed === undefined)]!;
  if (!(await examineAdvertised(params, first, role, report))) return undefined;
  try {
    const lookup = await OffsetLookup.open({ params, openTimeout: LOGIN_PATIENCE });
    const user = params['sasl.username'] as string | undefined;
    const as = user === undefined ? 'without an account' : `as ${user}`;
    report({ check: 'login', status: 'ok', message: `${role}: logged in ${as}` });
    const access = async (topics: readonly string[]): Promise<ReadonlyMap<string, TopicAccess>> =>
      (await view(params, first, topics))?.topics ?? new Map<string, TopicAccess>();
    return { lookup, access };
  } catch (thrown) {
    const [message, remedy] = parted(toError(thrown).message);
    report({ check: 'login', status: 'fail', message: `${role}: ${message}`, remedy });
    return undefined;
  }
}

/** Its client loads for those who ask alone. */
async function view(
  params: Params,
  address: Address,
  topics: readonly string[],
): Promise<BrokerView | undefined> {
  const { viewBroker } = await import('./broker-view.js');
  return viewBroker(params, address, topics, PATIENCE);
}

/** Clients talk to the addresses that the brokers give themselves, and to the one they were told only at first. */
async function examineAdvertised(
  params: Params,
  first: Address,
  role: string,
  report: Report,
): Promise<boolean> {
  const { advertised = [] } = (await view(params, first, [])) ?? {};
  const reached = await Promise.all(
    advertised.map(async ({ node, ...address }) => ({ node, ...(await reach(address)) })),
  );
  const failures = reached.filter(({ failed }) => failed !== undefined);
  for (const { node, address, failed } of failures) {
    report({
      check: 'advertised',
      status: failures.length === reached.length ? 'fail' : 'warn',
      message: `${role}: ${first.host}:${first.port} answers, but its broker ${node} says that it is at ${address}, and there ${failed}`,
      remedy:
        "clients go to the address that a broker gives itself: its operators set it with advertised.listeners; or take another of its addresses for PARAMS['bootstrap.servers']",
    });
  }
  return failures.length === 0 || failures.length < reached.length;
}

/** apf's errors say what is wrong, then a colon and what to do. */
export function parted(message: string): [what: string, remedy: string] {
  const at = message.lastIndexOf(': ');
  return at < 0 ? [message, ''] : [message.slice(0, at), message.slice(at + 2)];
}

interface Address {
  readonly host: string;
  readonly port: number;
}

function parsed(text: string): Address {
  const address = text.trim().replace(/^.*:\/\//, '');
  const [, host = address, port = '9092'] = /^(.*?)(?::(\d+))?$/.exec(address) ?? [];
  return { host: host.replace(/^\[|\]$/g, ''), port: Number(port) };
}

interface Reached {
  readonly address: string;
  readonly failed?: string;
  readonly remedy?: string;
}

async function reach({ host, port }: Address): Promise<Reached> {
  const address = `${host}:${port}`;
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
