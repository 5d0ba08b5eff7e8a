import { RetryableError, UsageError, silent, systemClock, type AlertContext, type Clock } from '@apf/core';
import { LogLevel, WebClient } from '@slack/web-api';
import { PostedKeys } from './posted-keys.js';
import { slackError } from './slack-error.js';

const SLACK = 'https://slack.com/api/';
/** Attempts of one post, the first among them. */
const ATTEMPTS = 3;
/** A longer wait is left to the runner, in seconds. */
const LONGEST_WAIT = 30;
/** For one request, in ms. */
const TIMEOUT = 15_000;

export interface SlackNotifierOptions {
  /** A channel's id, or its name with `#`. */
  readonly channel: string;
  /** The bot's token (`xoxb-…`); by default the environment's SLACK_API_TOKEN, where it belongs. */
  readonly token?: string | undefined;
  /** Where the API is; by default the environment's SLACK_API_URL, else Slack. */
  readonly baseUrl?: string | undefined;
  /** A file that keeps what was posted, so that `once` holds over restarts too. */
  readonly memory?: string | undefined;
  readonly clock?: Clock | undefined;
}

export interface PostOptions {
  /** Post for this key (an object's id, say) only if nothing was posted for it yet. */
  readonly once?: string | undefined;
  /** What `execute` was given: its signal ends a wait for another attempt, its logger tells of it. */
  readonly context?: Pick<AlertContext, 'signal' | 'logger'> | undefined;
}

/**
 * Posts messages to a Slack channel, in the order in which they are given.
 *
 * Rate limits, 5xx and network errors pass: they are tried {@link ATTEMPTS} times, after the time that Slack gives or 1
 * and 2 s, so that the batch need not be executed again; then a RetryableError leaves it to the runner. Everything else
 * that Slack refuses is a FatalError (APF_SLACK) with the remedy, a text that it does not take a PoisonError.
 *
 * With `once`, a repeated batch posts nothing twice, since the keys posted are remembered (the last 100,000). After a
 * kill, what was posted of the batch that was not committed may be posted again, without `memory`; with it, at most the
 * one message between Slack's answer and the file.
 */
export class SlackNotifier {
  private readonly client: WebClient;
  private readonly host: string;
  private readonly keys: PostedKeys;
  private readonly clock: Clock;
  private readonly underWay = new Map<string, Promise<void>>();

  /** @throws UsageError without a token or a channel, or with a URL that is none. */
  constructor(private readonly options: SlackNotifierOptions) {
    const token = (options.token ?? process.env['SLACK_API_TOKEN'] ?? '').trim();
    if (!/^[\x21-\x7e]+$/.test(token)) {
      throw new UsageError(
        token === ''
          ? "Slack needs a token: set SLACK_API_TOKEN to your bot's (it begins with xoxb-)"
          : 'SLACK_API_TOKEN has characters that no token has: copy it again',
        { code: 'APF_SLACK' },
      );
    }
    if (options.channel === '')
      throw new UsageError('Slack needs a channel: give its id or #name', { code: 'APF_SLACK' });
    const url = apiUrl(options.baseUrl ?? process.env['SLACK_API_URL'] ?? SLACK);
    this.host = url.host;
    this.clock = options.clock ?? systemClock;
    this.keys = new PostedKeys(options.memory);
    this.client = new WebClient(token, {
      slackApiUrl: url.href,
      logger: quiet,
      maxRequestConcurrency: 1,
      retryConfig: { retries: 0 },
      rejectRateLimitedCalls: true,
      timeout: TIMEOUT,
      allowAbsoluteUrls: false,
      fetch: fetchOrReason,
    });
  }

  /**
   * Resolves once Slack has taken the message: true, or false where one was posted for `once` before. What comes from
   * an alert must go through {@link escapeSlack} first.
   */
  async post(text: string, { once, context }: PostOptions = {}): Promise<boolean> {
    if (once === undefined) {
      await this.send(text, context);
      return true;
    }
    const before = this.underWay.get(once);
    if (before !== undefined) {
      await before;
      return false;
    }
    let posted = false;
    const work = (async (): Promise<void> => {
      if (await this.keys.has(once)) return;
      await this.send(text, context);
      posted = true;
      await this.keys.add(once, context?.logger ?? silent);
    })();
    this.underWay.set(once, work);
    try {
      await work;
    } finally {
      this.underWay.delete(once);
    }
    return posted;
  }

  private async send(text: string, context: PostOptions['context']): Promise<void> {
    const { channel } = this.options;
    const { signal, logger = silent } = context ?? {};
    for (let attempt = 1; ; attempt++) {
      try {
        await this.client.chat.postMessage({ channel, text });
        return;
      } catch (thrown) {
        const error = slackError(thrown, channel, this.host);
        const wait = error instanceof RetryableError ? (error.retryAfter ?? attempt) : Infinity;
        if (attempt === ATTEMPTS || wait > LONGEST_WAIT || signal?.aborted) throw error;
        logger.warn({ channel, attempt, wait }, error.message);
        await this.clock.sleep(wait * 1000, signal);
      }
    }
  }

  async close(): Promise<void> {
    await this.keys.close();
  }
}

function apiUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new UsageError('SLACK_API_URL is no http(s) address: leave it unset for Slack itself', {
      code: 'APF_SLACK',
    });
  }
  if (!url.pathname.endsWith('/')) url.pathname += '/';
  return url;
}

/** `fetch failed` tells nobody anything: the reason is in the cause. */
async function fetchOrReason(url: string | URL, init?: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch (thrown) {
    const { message, cause } = thrown as { message: string; cause?: { code?: string; message?: string } };
    throw new Error(cause?.code ?? cause?.message ?? message, { cause: thrown });
  }
}

/** The client would print to the console; what matters comes as an error. */
const quiet = {
  debug: (): void => undefined,
  info: (): void => undefined,
  warn: (): void => undefined,
  error: (): void => undefined,
  setLevel: (): void => undefined,
  getLevel: (): LogLevel => LogLevel.ERROR,
  setName: (): void => undefined,
};
