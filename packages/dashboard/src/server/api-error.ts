import { ExpressionError } from '@apf/alerts';
import { codeOf, printable, toError, UsageError } from '@apf/core';
import type { ApiError } from '../page-api.js';
import { Forbidden } from './forbidden.js';
import { NotFound } from './not-found.js';

/** An error as the page is told it. */
export function apiError(thrown: unknown): { status: number; body: ApiError } {
  const error = toError(thrown);
  const body = { error: printable(error.message, 1_000), code: codeOf(error, 'APF_FATAL') };
  if (error instanceof ExpressionError) return { status: 400, body: { ...body, at: error.column - 1 } };
  if (error instanceof UsageError) return { status: 400, body };
  if (error instanceof NotFound) return { status: 404, body };
  if (error instanceof Forbidden) return { status: 403, body };
  // What fastify itself says of a request: a wrong content type, a body that is no JSON.
  const { statusCode } = error as { statusCode?: number };
  const ofRequest = statusCode !== undefined && statusCode >= 400 && statusCode < 500;
  return ofRequest ? { status: statusCode, body: { ...body, code: 'APF_USAGE' } } : { status: 500, body };
}
