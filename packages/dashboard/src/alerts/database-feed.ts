import {
  type AlertCursor,
  FIRST_ALERT,
  selectWhere,
  type SqlDatabase,
  type StoredAlert,
  type StoredRow,
  StoredAlerts,
} from '@apf/connectors';
import { type Clock, systemClock, toError } from '@apf/core';
import type { TopicSampling } from '../page-api.js';
import type { AlertFeed, FeedListener } from './alert-feed.js';
import type { AlertStore } from './alert-store.js';
import { type KeptAlert, keptAlert } from './kept-alert.js';
import { readAgain } from './read-again.js';
import { SamplingCount } from './topic-sampling.js';

export interface DatabaseFeedOptions {
  readonly database: SqlDatabase;
  /** The name under which all alerts are listed. */
  readonly name: string;
  readonly clock?: Clock;
}

const FIRST = 500;
/** How often it is asked for what is new, in ms, and for how much. */
const LOOK = 1_000;
const PORTION = 500;
/** An object has hundreds of alerts at most, as a rule. */
const MOST_OF_OBJECT = 200;

/** The alerts of a light-curve database: the last ones, then what is written to it; and any by its id. */
export class DatabaseFeed implements AlertFeed {
  private readonly clock: Clock;
  private readonly count: SamplingCount;
  private readonly stored: StoredAlerts;
  private cursor: AlertCursor | undefined;

  constructor(
    private readonly options: DatabaseFeedOptions,
    private readonly store: AlertStore,
    private readonly listener: FeedListener,
  ) {
    this.clock = options.clock ?? systemClock;
    this.count = new SamplingCount(options.name);
    this.stored = new StoredAlerts(options.database);
  }

  topics(): readonly string[] {
    return [this.options.name];
  }

  sampling(): readonly TopicSampling[] {
    return [this.count.state(this.clock.now())];
  }

  run(signal: AbortSignal): Promise<void> {
    const { listener, clock } = this;
    return readAgain(
      () => this.read(signal),
      (error) => listener.onError(error),
      clock,
      signal,
    );
  }

  close(): Promise<void> {
    return this.options.database.close();
  }

  async seek(id: string): Promise<boolean> {
    const candid = /^\d{1,19}$/.test(id) ? BigInt(id) : undefined;
    const found = candid === undefined ? undefined : await this.stored.find(candid);
    const alerts = found ? [found] : await this.storedOf(id);
    for (const alert of alerts) this.store.add(this.kept(alert));
    return alerts.length > 0;
  }

  async ofObject(objectId: string): Promise<readonly unknown[]> {
    return (await this.storedOf(objectId)).map(({ alert }) => alert);
  }

  private async storedOf(objectId: string): Promise<StoredAlert[]> {
    const { rows } = await selectWhere(this.options.database, 'alert', 'oid', [objectId]);
    const ids = [...rows]
      .sort((a, b) => Number(a['mjd']) - Number(b['mjd']))
      .slice(-MOST_OF_OBJECT)
      .map(({ candid }) => BigInt(candid as bigint));
    const found: StoredAlert[] = [];
    for (const candid of ids) {
      const alert = await this.stored.find(candid);
      if (alert) found.push(alert);
    }
    return found;
  }

  private async read(signal: AbortSignal): Promise<void> {
    if (this.cursor === undefined) this.take(await this.stored.latestRows(FIRST));
    while (!signal.aborted) {
      const next = await this.stored.rowsAfter(this.cursor ?? FIRST_ALERT, PORTION);
      this.take(next);
      if (next.length < PORTION) await this.clock.sleep(LOOK, signal);
    }
  }

  private take(rows: readonly StoredRow[]): void {
    if (rows.length === 0) return;
    for (const row of rows) {
      try {
        this.store.add(this.kept(this.stored.decoded(row)));
      } catch (error) {
        this.count.failed(toError(error));
      }
    }
    this.cursor = rows.at(-1)!.cursor;
    this.count.add(this.clock.now(), rows.length, rows.length);
    this.listener.onAlerts();
  }

  private kept({ alert, schema, row }: StoredAlert): KeptAlert {
    const { topic, partition, offset, time, payload } = row as {
      topic: string;
      partition: number;
      offset: bigint;
      time: Date | string | number | null;
      payload: Buffer;
    };
    const message = {
      topic,
      partition: Number(partition),
      offset: Number(offset),
      value: payload,
      timestamp: time === null ? undefined : new Date(time).getTime(),
    };
    return keptAlert(this.options.name, message, 0, alert, schema);
  }
}
