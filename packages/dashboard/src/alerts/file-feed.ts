import { AvroFileSource } from '@apf/connectors';
import {
  type Clock,
  END,
  PoisonError,
  type RawMessage,
  silent,
  StreamCodec,
  type StreamCodecOptions,
  systemClock,
  toError,
} from '@apf/core';
import type { TopicSampling } from '../page-api.js';
import type { AlertFeed, FeedListener } from './alert-feed.js';
import type { AlertStore } from './alert-store.js';
import { keptAlert } from './kept-alert.js';
import { SamplingCount } from './topic-sampling.js';

export interface FileFeedOptions extends Pick<StreamCodecOptions, 'schema' | 'schemas'> {
  readonly paths: readonly string[];
  /** The name under which all of them are listed. */
  readonly name: string;
  readonly clock?: Clock;
}

const POLL = 20;

/** Alerts of files, folders and archives, read once. */
export class FileFeed implements AlertFeed {
  private readonly clock: Clock;
  private readonly count: SamplingCount;

  constructor(
    private readonly options: FileFeedOptions,
    private readonly store: AlertStore,
    private readonly listener: FeedListener,
  ) {
    this.clock = options.clock ?? systemClock;
    this.count = new SamplingCount(options.name);
  }

  topics(): readonly string[] {
    return [this.options.name];
  }

  sampling(): readonly TopicSampling[] {
    return [this.count.state(this.clock.now())];
  }

  async run(signal: AbortSignal): Promise<void> {
    const codec = new StreamCodec(this.options);
    const source = new AvroFileSource({ paths: this.options.paths, logger: silent });
    await source.open();
    try {
      while (!signal.aborted) {
        const messages = await source.poll(POLL, signal);
        if (messages === END) return;
        await codec.prepare(messages);
        for (const message of messages) this.take(codec, message);
        this.count.add(this.clock.now(), messages.length, messages.length);
        this.listener.onAlerts();
        // The page is served meanwhile.
        await this.clock.sleep(0, signal);
      }
    } finally {
      await source.close();
    }
  }

  private take(codec: StreamCodec, message: RawMessage): void {
    try {
      if (message.unreadable) throw message.unreadable;
      if (!message.value) return;
      for (const [record, { value, schema }] of codec.decode(message.value, message).entries())
        this.store.add(keptAlert(this.options.name, message, record, value, schema));
    } catch (error) {
      if (!(error instanceof PoisonError)) throw error;
      this.count.failed(toError(error));
    }
  }
}
