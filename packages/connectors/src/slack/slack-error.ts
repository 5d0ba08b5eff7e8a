import { FatalError, PoisonError, RetryableError, type ApfError } from '@apf/core';
import {
  WebAPIHTTPError,
  WebAPIPlatformError,
  WebAPIRateLimitedError,
  WebAPIRequestError,
} from '@slack/web-api';

const CODE = { code: 'APF_SLACK' } as const;

/** What Slack itself gives as passing: https://docs.slack.dev/reference/methods/chat.postMessage#errors */
const PASSING = new Set([
  'ratelimited',
  'rate_limited',
  'internal_error',
  'fatal_error',
  'service_unavailable',
  'request_timeout',
]);
/** Faults of this one text; the next one may be right. */
const TEXT = new Set(['msg_too_long', 'no_text', 'markdown_text_conflict']);
const TOKEN = new Set([
  'invalid_auth',
  'not_authed',
  'account_inactive',
  'token_revoked',
  'token_expired',
  'not_allowed_token_type',
]);

/**
 * What went wrong with a post, by what is to be done: rate limits, 5xx and the network pass (RetryableError), a text
 * that Slack does not take is its alert's dead letter (PoisonError), everything else needs a person (FatalError). The
 * original error is not kept: it may hold the token.
 *
 * @param host where the message was sent
 */
export function slackError(thrown: unknown, channel: string, host: string): ApfError {
  if (thrown instanceof WebAPIRateLimitedError) {
    return new RetryableError(
      `Slack limits the rate: again after ${thrown.retryAfter} s`,
      thrown.retryAfter,
      CODE,
    );
  }
  if (thrown instanceof WebAPIPlatformError) return platformError(thrown.data, channel, host);
  if (thrown instanceof WebAPIHTTPError) {
    const { statusCode } = thrown;
    if (statusCode >= 500 || statusCode === 408) {
      return new RetryableError(`Slack is out of order: ${host} answers HTTP ${statusCode}`, undefined, CODE);
    }
    return new FatalError(`${host} answers HTTP ${statusCode}, as Slack does not: check SLACK_API_URL`, CODE);
  }
  if (thrown instanceof WebAPIRequestError) {
    return new RetryableError(
      `Slack cannot be reached at ${host}: ${thrown.original.message}`,
      undefined,
      CODE,
    );
  }
  // The client throws bare errors for a 429 without a time, and for an answer that breaks off or is no JSON object.
  const limited = /retry header/i.test(String((thrown as Error).message));
  const what = limited
    ? 'Slack limits the rate, and does not say for how long'
    : `${host} gives no whole answer`;
  return new RetryableError(what, undefined, CODE);
}

function platformError(data: { error: unknown; needed?: unknown }, channel: string, host: string): ApfError {
  const error = typeof data.error === 'string' ? data.error : '';
  if (!/^[a-z][a-z0-9_]{0,60}$/.test(error)) {
    return new FatalError(`the answer of ${host} is not Slack's: check SLACK_API_URL`, CODE);
  }
  if (PASSING.has(error)) return new RetryableError(`Slack is out of order: ${error}`, undefined, CODE);
  if (TEXT.has(error)) return new PoisonError(`Slack does not take this text: ${error}`, CODE);
  return new FatalError(`${problem(error, channel, data.needed)} (${error})`, CODE);
}

function problem(error: string, channel: string, needed: unknown): string {
  if (TOKEN.has(error)) return 'Slack refuses the token: put a valid bot token (xoxb-…) into SLACK_API_TOKEN';
  switch (error) {
    case 'channel_not_found':
      return `Slack knows no channel '${channel}': check the name or id; into a private one the bot must be invited`;
    case 'not_in_channel':
      return `the Slack bot is not in '${channel}': invite it there, or give it the scope chat:write.public`;
    case 'is_archived':
      return `the Slack channel '${channel}' is archived: unarchive it, or name another`;
    case 'missing_scope':
      return `the token lacks the scope ${typeof needed === 'string' ? needed : 'chat:write'}: add it to the Slack app and install it again`;
    default:
      return `Slack refuses messages to '${channel}'`;
  }
}
