import { ApfError, type ErrorCode, FatalError, toError } from '@apf/core';
import { AuthenticationError, MultipleErrors, NetworkError, ProtocolError } from '@platformatic/kafka';
import type { AdminLogin } from './admin-login.js';

/** One line for what a broker or the way to it refused. @param what was tried, without its end: `topic x could not be made` */
export function adminError(what: string, thrown: unknown, login: AdminLogin): ApfError {
  if (thrown instanceof ApfError) return thrown;
  const chain = causes(thrown);
  const [code, why] = explained(chain, login);
  return new FatalError(`${what}: ${why}`, { code, cause: thrown });
}

/** Kafka's name of the error that a broker answered with, `TOPIC_ALREADY_EXISTS` say. */
export function brokerCode(thrown: unknown): string | undefined {
  const found = causes(thrown).find((error) => error instanceof ProtocolError);
  return found === undefined ? undefined : String(found.apiId);
}

function explained(chain: readonly Error[], login: AdminLogin): [ErrorCode, string] {
  const { servers, username } = login;
  const who = username === undefined ? 'whoever does not log in' : `user '${username}'`;
  const answer = chain.find((error) => error instanceof ProtocolError);
  const id = String(answer?.apiId ?? '');
  if (id === 'SASL_AUTHENTICATION_FAILED' || chain.some((error) => error instanceof AuthenticationError)) {
    return ['APF_AUTHENTICATION', `the broker ${servers} refused user '${username}' or the password`];
  }
  if (id === 'UNSUPPORTED_SASL_MECHANISM') {
    return ['APF_AUTHENTICATION', `the broker ${servers} does not know this mechanism; choose another`];
  }
  if (id.endsWith('AUTHORIZATION_FAILED')) {
    return [
      'APF_AUTHORIZATION',
      `the broker ${servers} does not permit it to ${who}: log in as an administrator`,
    ];
  }
  if (id === 'SECURITY_DISABLED') {
    return [
      'APF_AUTHORIZATION',
      `the broker ${servers} has no authorizer, so that permissions mean nothing there`,
    ];
  }
  if (answer) return ['APF_BROKER', said(answer)];
  const innermost = chain.at(-1)!;
  if (chain.some((error) => error instanceof NetworkError)) {
    const closed = innermost.message === 'Connection closed';
    const why = closed ? 'it closes the connection; does it want TLS or a login?' : innermost.message;
    return ['APF_BROKER', `the broker ${servers} cannot be reached: ${why}`];
  }
  return ['APF_BROKER', innermost.message];
}

/** What the broker itself says is nearer to the matter than the name of its error. */
function said({ serverErrorMessage, message }: ProtocolError): string {
  return (typeof serverErrorMessage === 'string' && serverErrorMessage) || message;
}

/** The client wraps what the broker said in layers of its own, the innermost last. */
function causes(thrown: unknown): Error[] {
  const error = isError(thrown) ? thrown : toError(thrown);
  const inner: unknown = error instanceof MultipleErrors ? error.errors[0] : error.cause;
  return [error, ...(isError(inner) ? causes(inner) : [])];
}

/** By its shape: one that the system made is of another realm where code runs in a context of its own. */
const isError = (thrown: unknown): thrown is Error =>
  typeof (thrown as { readonly message?: unknown } | null | undefined)?.message === 'string';
