import { silent, UsageError } from '@apf/core';
import { PostedKeys } from './posted-keys.js';
import { SlackClient, type SlackClientOptions, type SlackContext } from './slack-client.js';

export interface SlackNotifierOptions extends SlackClientOptions {
  /** A channel's id, or its name with `#`. */
  readonly channel: string;
  /** A file that keeps what was posted, so that `once` holds over restarts too. */
  readonly memory?: string | undefined;
}

export interface PostOptions {
  /** Post for this key (an object's id, say) only if nothing was posted for it yet. */
  readonly once?: string | undefined;
  /** What `execute` was given. */
  readonly context?: SlackContext | undefined;
}

/**
 * Posts messages to a Slack channel, in the order in which they are given; errors are those of {@link SlackClient}.
 *
 * With `once`, a repeated batch posts nothing twice, since the keys posted are remembered (the last 100,000). After a
 * kill, what was posted of the batch that was not committed may be posted again, without `memory`; with it, at most the
 * one message between Slack's answer and the file.
 */
export class SlackNotifier {
  private readonly client: SlackClient;
  private readonly keys: PostedKeys;
  private readonly underWay = new Map<string, Promise<void>>();

  /** @throws UsageError without a token or a channel, or with a URL that is none. */
  constructor(private readonly options: SlackNotifierOptions) {
    this.client = new SlackClient(options);
    if (options.channel === '')
      throw new UsageError('Slack needs a channel: give its id or #name', { code: 'APF_SLACK' });
    this.keys = new PostedKeys(options.memory);
  }

  /**
   * Resolves once Slack has taken the message: true, or false where one was posted for `once` before. What comes from
   * an alert must go through {@link escapeSlack} first.
   */
  async post(text: string, { once, context }: PostOptions = {}): Promise<boolean> {
    if (once === undefined) {
      await this.client.post(this.options.channel, text, context);
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
      await this.client.post(this.options.channel, text, context);
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

  async close(): Promise<void> {
    await this.keys.close();
  }
}
