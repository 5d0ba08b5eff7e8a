import type { TopicSampling } from '../page-api.js';
import type { AlertStore } from './alert-store.js';

/** Where alerts come from. What it reads it adds to the store that it was made with. */
export interface AlertFeed {
  /** Topics under which alerts are listed. */
  topics(): readonly string[];
  sampling(): readonly TopicSampling[];
  /** Looks for an alert, or an object's last one, that the store no longer has; adds it. False where there is none. */
  seek?(id: string): Promise<boolean>;
  /** All alerts of an object, where more are known than the store has. */
  ofObject?(objectId: string): Promise<readonly unknown[]>;
  /** Reads until there is nothing more or the signal is aborted; rejects with what makes reading on impossible. */
  run(signal: AbortSignal): Promise<void>;
  /** Frees what it holds, once `run` is over. */
  close?(): Promise<void>;
}

/** What a feed tells whoever has opened it. */
export interface FeedListener {
  /** Something came. */
  onAlerts(): void;
  /** Reading failed; it is tried again. */
  onError(error: Error): void;
}

/** Makes a feed that fills a store. */
export type OpenFeed = (store: AlertStore, listener: FeedListener) => AlertFeed;
