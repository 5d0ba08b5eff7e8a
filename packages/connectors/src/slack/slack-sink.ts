import {
  type Clock,
  type Logger,
  type Outgoing,
  PoisonError,
  type Refused,
  RetryableError,
  type Sink,
} from '@apf/core';
import type { SlackClient } from './slack-client.js';

/** Text for one channel, made of some of the outputs of a batch. */
export interface SlackPost {
  readonly channel: string;
  readonly text: string;
  readonly outgoing: readonly Outgoing[];
}

/** Makes posts of a batch's outputs, and says which can be none. Outputs that are in neither are done. */
export type Compose = (batch: readonly Outgoing[]) => {
  readonly posts: readonly SlackPost[];
  readonly refused: readonly Refused[];
};

export interface SlackSinkOptions {
  readonly client: SlackClient;
  readonly compose: Compose;
  readonly logger: Logger;
  readonly clock: Clock;
}

/** Slack wants a second between two messages to a channel: https://docs.slack.dev/apis/web-api/rate-limits */
const INTERVAL = 1000;

/**
 * Posts outputs to Slack, a batch at a time and at most one message a second to a channel. A batch that is written again
 * after a fault posts only what Slack had not taken; after a kill, what was not committed may be posted again.
 */
export class SlackSink implements Sink {
  private pending: readonly SlackPost[] = [];
  /** Of the batch in hand: what Slack has taken, and what it never will. */
  private readonly done = new Set<Outgoing>();
  private refused: Refused[] = [];
  private readonly lastPost = new Map<string, number>();
  private readonly addresses = new Map<string, string>();

  constructor(private readonly options: SlackSinkOptions) {}

  async open(): Promise<void> {
    // Slack needs no greeting; a token that is missing was refused before.
  }

  async write(batch: readonly Outgoing[]): Promise<readonly Refused[]> {
    const { posts, refused } = this.options.compose(batch.filter((outgoing) => !this.done.has(outgoing)));
    this.pending = posts;
    return refused;
  }

  async flush(signal: AbortSignal): Promise<readonly Refused[]> {
    for (const post of this.pending) {
      try {
        await this.post(post, signal);
      } catch (error) {
        if (!(error instanceof PoisonError)) throw error;
        this.refused.push(...post.outgoing.map((outgoing) => ({ outgoing, error })));
      }
      for (const outgoing of post.outgoing) this.done.add(outgoing);
    }
    const { refused } = this;
    this.pending = [];
    this.refused = [];
    this.done.clear();
    return refused;
  }

  async close(): Promise<void> {
    // Nothing is held open.
  }

  private async post({ channel, text }: SlackPost, signal: AbortSignal): Promise<void> {
    const { client, clock, logger } = this.options;
    const context = { signal, logger };
    const address = this.addresses.get(channel) ?? (await client.resolve(channel, context));
    this.addresses.set(channel, address);
    const wait = (this.lastPost.get(address) ?? -INTERVAL) + INTERVAL - clock.now();
    if (wait > 0) await clock.sleep(wait, signal);
    if (signal.aborted) throw new RetryableError('told to stop before Slack had all messages');
    await client.post(address, text, context);
    this.lastPost.set(address, clock.now());
  }
}
