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
  /** Reads until `close`; rejects with what makes reading on impossible. */
  run(): Promise<void>;
  close(): Promise<void>;
}

/** Makes a feed of a store. `onAlerts` is told whenever something came. */
export type OpenFeed = (store: AlertStore, onAlerts: () => void) => AlertFeed;
