import type { ApiError } from '../../src/page-api.js';

/** What the server answered instead of what was asked for. */
export class ApiFailure extends Error {
  constructor(
    message: string,
    readonly status: number,
    readonly code: string,
    /** For a filter: where in the expression it is wrong. */
    readonly at?: number,
  ) {
    super(message);
  }
}

export type Query = Readonly<Record<string, string | number | null | undefined>>;

/** The address of a route with its query; what is undefined, null or empty is left out. */
export function addressOf(route: string, query: Query = {}): string {
  const given = Object.entries(query).filter(
    ([, value]) => value !== undefined && value !== null && value !== '',
  );
  const search = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
  return search === '' ? route : `${route}?${search}`;
}

/** @throws ApiFailure with a line for the reader */
export async function getJson<T>(route: string, query: Query = {}, signal?: AbortSignal): Promise<T> {
  return answerOf<T>(await ask(addressOf(route, query), signal ? { signal } : {}));
}

/** @throws ApiFailure with a line for the reader */
export async function postJson<T>(route: string, body: unknown): Promise<T> {
  const headers = { 'content-type': 'application/json' };
  return answerOf<T>(await ask(route, { method: 'POST', headers, body: JSON.stringify(body) }));
}

async function ask(address: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(address, init);
  } catch (error) {
    if (init.signal?.aborted) throw error;
    throw new ApiFailure('the server does not answer: is apf dashboard still running?', 0, '');
  }
}

async function answerOf<T>(response: Response): Promise<T> {
  if (response.ok) return (await response.json()) as T;
  const body = (await response.json().catch(() => ({}))) as Partial<ApiError>;
  if (response.status === 401) {
    const remedy = 'open the address that apf dashboard printed, with its token';
    throw new ApiFailure(`this page is not open to everybody: ${remedy}`, 401, body.code ?? '');
  }
  const message = body.error ?? `the server answered ${response.status}`;
  throw new ApiFailure(message, response.status, body.code ?? '', body.at);
}
