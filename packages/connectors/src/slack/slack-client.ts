import { FatalError, printable, RetryableError, silent, systemClock, UsageError } from '@apf/core';
import type { AlertContext, Clock } from '@apf/core';
import { LogLevel, WebClient } from '@slack/web-api';
import { slackError } from './slack-error.js';

const SLACK = 'https://slack.com/api/';
/** Attempts of one request, the first among them. */
const ATTEMPTS = 3;
/** A longer wait is left to the runner, in seconds. */
const LONGEST_WAIT = 30;
/** For one request, in ms. */
const TIMEOUT = 15_000;
/** Ids of channels, private groups, direct messages, and of members. */
const ID = /^[CGDUW][A-Z0-9]{7,20}$/;
/** Members in one answer: what Slack recommends at most. */
const PAGE = 200;

export interface SlackClientOptions {
  /** The bot's token (`xoxb-…`); by default the environment's SLACK_API_TOKEN, where it belongs. */
  readonly token?: string | undefined;
  /** Where the API is; by default the environment's SLACK_API_URL, else Slack. */
  readonly baseUrl?: string | undefined;
  readonly clock?: Clock | undefined;
}

/** What `execute` was given: its signal ends a wait for another attempt, its logger tells of it. */
export type SlackContext = Partial<Pick<AlertContext, 'signal' | 'logger'>>;

/**
 * Sends messages to channels and members of a Slack workspace.
 *
 * Rate limits, 5xx and network errors pass: they are tried {@link ATTEMPTS} times, after the time that Slack gives or 1
 * and 2 s, so that the batch need not be executed again; then a RetryableError leaves it to the runner. Everything else
 * that Slack refuses is a FatalError (APF_SLACK) with the remedy, a text that it does not take a PoisonError.
 */
export class SlackClient {
  private readonly client: WebClient;
  private readonly host: string;
  private readonly clock: Clock;

  /** @throws UsageError without a token, or with a URL that is none. */
  constructor(options: SlackClientOptions = {}) {
    const token = (options.token ?? process.env['SLACK_API_TOKEN'] ?? '').trim();
    if (!/^[\x21-\x7e]+$/.test(token)) {
      throw new UsageError(
        token === ''
          ? "Slack needs a token: set SLACK_API_TOKEN to your bot's (it begins with xoxb-)"
          : 'SLACK_API_TOKEN has characters that no token has: copy it again',
        { code: 'APF_SLACK' },
      );
    }
    const url = apiUrl(options.baseUrl ?? process.env['SLACK_API_URL'] ?? SLACK);
    this.host = url.host;
    this.clock = options.clock ?? systemClock;
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
   * Resolves once Slack has taken the message. What comes from an alert must go through `escapeSlack` first.
   * @param channel a channel's id or its name with `#`, or a member's id.
   */
  async post(channel: string, text: string, context: SlackContext = {}): Promise<void> {
    await this.attempt(channel, context, () => this.client.chat.postMessage({ channel, text }));
  }

  /**
   * Sends a message to a channel (`#newsletter`, or its id) or to a member, by real name or id.
   * @throws FatalError (APF_SLACK) for a channel, or a member, that the workspace does not have.
   */
  async sendMessage(recipient: string, text: string, context: SlackContext = {}): Promise<void> {
    await this.post(await this.resolve(recipient, context), text, context);
  }

  /** What `post` takes for a recipient: members are known by name only to whoever asks for their list. */
  async resolve(recipient: string, context: SlackContext = {}): Promise<string> {
    if (recipient.startsWith('#') || ID.test(recipient)) return recipient;
    const wanted = recipient.trim().toLowerCase();
    const found = (await this.members(recipient, context)).filter(({ names }) => names.includes(wanted));
    const [member] = found;
    const shown = printable(recipient);
    if (member === undefined) {
      throw new FatalError(
        `nobody in the Slack workspace is called '${shown}': check the real name, or give the id (a channel begins with #)`,
        { code: 'APF_SLACK' },
      );
    }
    if (found.length > 1) {
      throw new FatalError(
        `${found.length} in the Slack workspace are called '${shown}': give the id, one of ${found.map(({ id }) => id).join(', ')}`,
        { code: 'APF_SLACK' },
      );
    }
    return member.id;
  }

  private async members(recipient: string, context: SlackContext): Promise<Member[]> {
    const members: Member[] = [];
    let cursor = '';
    do {
      const page = await this.attempt(recipient, context, () =>
        this.client.users.list({ limit: PAGE, ...(cursor === '' ? {} : { cursor }) }),
      );
      for (const { id, deleted, real_name, name, profile } of page.members ?? []) {
        if (id === undefined || deleted) continue;
        const names = [real_name, profile?.real_name, profile?.display_name, name];
        members.push({ id, names: names.map((one) => one?.trim().toLowerCase()) });
      }
      cursor = page.response_metadata?.next_cursor ?? '';
    } while (cursor !== '');
    return members;
  }

  private async attempt<T>(
    channel: string,
    { signal, logger = silent }: SlackContext,
    request: () => Promise<T>,
  ): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await request();
      } catch (thrown) {
        const error = slackError(thrown, channel, this.host);
        const wait = error instanceof RetryableError ? (error.retryAfter ?? attempt) : Infinity;
        if (attempt === ATTEMPTS || wait > LONGEST_WAIT || signal?.aborted) throw error;
        logger.warn({ channel, attempt, wait }, error.message);
        await this.clock.sleep(wait * 1000, signal);
      }
    }
  }
}

interface Member {
  readonly id: string;
  /** In lower case. */
  readonly names: readonly (string | undefined)[];
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
