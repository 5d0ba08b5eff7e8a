import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ApiError } from '../page-api.js';

export interface AccessRules {
  /** Who does not know it is let in nowhere; without one everybody who reaches the server is. */
  readonly token: string | undefined;
  /** Whether the server listens on loopback alone: then a name that is not this machine's is an attack. */
  readonly loopback: boolean;
}

const LOCAL_NAMES = ['localhost', '127.0.0.1', '[::1]'];

const HEADERS = {
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data: blob:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
} as const;

/** What every answer says to browsers: nothing but this server's own files is run or loaded. */
export const SAFE_HEADERS: Readonly<Record<string, string>> = HEADERS;

/** Answers who is refused, or led elsewhere: then the reply is sent. */
export type AccessCheck = (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>;

/**
 * Lets in who may see the page. A page of another site can make a browser send requests here: it is told by the `Host`
 * that it asked for (DNS rebinding), by `Sec-Fetch-Site`, and for what changes something by `Origin`.
 * The token comes with the first visit (`/?token=…`), which leaves a cookie and forgets the address, or in
 * `Authorization: Bearer`.
 */
export function access(rules: AccessRules): AccessCheck {
  const wanted = rules.token === undefined ? undefined : digest(rules.token);
  const isToken = (given: string | undefined): boolean =>
    wanted === undefined || (given !== undefined && timingSafeEqual(digest(given), wanted));

  return async (request, reply) => {
    void reply.headers(HEADERS);
    const { headers } = request;
    if (rules.loopback && !isLocal(headers.host))
      return refuse(reply, 403, `this dashboard is at localhost, not at '${headers.host ?? ''}'`);
    if (headers['sec-fetch-site'] !== undefined && isForeign(request))
      return refuse(reply, 403, 'a page of another site asked: open the dashboard itself');
    if (request.method !== 'GET' && request.method !== 'HEAD' && !isOwn(request))
      return refuse(reply, 403, 'what changes something is taken from the dashboard itself only');
    if (wanted === undefined) return undefined;
    // An address that is none has no query.
    const { token } = (request.query ?? {}) as { readonly token?: unknown };
    if (request.method === 'GET' && pathOf(request) === '/' && typeof token === 'string' && isToken(token)) {
      return reply
        .header(
          'set-cookie',
          `${cookieName(request)}=${encodeURIComponent(token)}; Path=/; HttpOnly; SameSite=Strict`,
        )
        .redirect('/', 303);
    }
    if (!isToken(bearerOf(request)) && !isToken(cookieOf(request)))
      return refuse(
        reply,
        401,
        'open the address that the dashboard printed when it started, with its token',
      );
    return undefined;
  };
}

async function refuse(reply: FastifyReply, status: number, error: string): Promise<FastifyReply> {
  return reply.code(status).send({ error, code: 'APF_AUTHORIZATION' } satisfies ApiError);
}

/** Digests are of one length, as a comparison in constant time needs it. */
const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

const isLocal = (host: string | undefined): boolean =>
  host !== undefined && LOCAL_NAMES.includes(host.replace(/:\d+$/, '').toLowerCase());

/** Browsers say whose page asked; a link or a typed address may lead to the page itself from anywhere. */
function isForeign(request: FastifyRequest): boolean {
  const site = request.headers['sec-fetch-site'];
  if (site === 'same-origin' || site === 'none') return false;
  return !(request.headers['sec-fetch-mode'] === 'navigate' && pathOf(request) === '/');
}

function isOwn({ headers }: FastifyRequest): boolean {
  const { origin, host } = headers;
  return host !== undefined && (origin === `http://${host}` || origin === `https://${host}`);
}

/** Browsers do not tell the ports of a machine apart, two dashboards of it must. */
const cookieName = ({ socket }: FastifyRequest): string => `apf_dashboard_${socket.localPort}`;

const pathOf = ({ url }: FastifyRequest): string => url.split('?', 1)[0]!;

function bearerOf({ headers }: FastifyRequest): string | undefined {
  return /^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1];
}

function cookieOf(request: FastifyRequest): string | undefined {
  const name = cookieName(request);
  const found = (request.headers.cookie ?? '')
    .split(/; */)
    .find((pair) => pair.startsWith(`${name}=`))
    ?.slice(name.length + 1);
  try {
    return found === undefined ? undefined : decodeURIComponent(found);
  } catch {
    return undefined;
  }
}
