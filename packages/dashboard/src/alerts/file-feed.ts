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
import type { AlertFeed } from './alert-feed.js';
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
  private readonly stop = new AbortController();
  private readonly clock: Clock;
  private readonly count: SamplingCount;
  private running: Promise<void> | undefined;

  constructor(
    private readonly options: FileFeedOptions,
    private readonly store: AlertStore,
    private readonly onAlerts: () => void,
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

  run(): Promise<void> {
    this.running ??= this.read();
    return this.running;
  }

  async close(): Promise<void> {
    this.stop.abort();
    await this.running?.catch(() => undefined);
  }

  private async read(): Promise<void> {
    const { signal } = this.stop;
    const codec = new StreamCodec(this.options);
    const source = new AvroFileSource({ paths: this.options.paths, logger: silent });
    await source.open();
    try {
      while (!signal.aborted) {
        const messages = await source.poll(POLL, signal);
        if (messages === END) return;
        await codec.prepare(messages);
        let shown = 0;
        for (const message of messages) shown += this.take(codec, message);
        this.count.add(this.clock.now(), messages.length, shown);
        this.onAlerts();
        // The page is served meanwhile.
        await this.clock.sleep(0, signal);
      }
    } finally {
      await source.close();
    }
  }

  private take(codec: StreamCodec, message: RawMessage): number {
    try {
      if (message.unreadable) throw message.unreadable;
      if (!message.value) return 0;
      for (const [record, { value, schema }] of codec.decode(message.value, message).entries())
        this.store.add(keptAlert(this.options.name, message, record, value, schema));
      return 1;
    } catch (error) {
      if (!(error instanceof PoisonError)) throw error;
      this.count.failed(toError(error));
      return 0;
    }
  }
}
