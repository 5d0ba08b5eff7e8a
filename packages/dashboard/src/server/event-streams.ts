import type { ServerResponse } from 'node:http';
import type { Clock } from '@apf/core';
import type { EventData } from '../page-api.js';

/** Pages that are open at once. */
const MOST = 50;
/** Where there are so many, the oldest of them makes room for a new one once it is this old, in ms. */
const LEAST_AGE = 60_000;
/** A page that does not read is left out until it does, and given up after so much, in bytes, or so long, in ms. */
const MOST_WAITING = 4_000_000;
const PATIENCE = 30_000;

interface Page {
  readonly since: number;
  /** Since when it does not read; undefined while it does. */
  full: number | undefined;
}

/** The pages that listen: server-sent events (HTML Living Standard, section 9.2). */
export class EventStreams {
  /** In the order in which they came. */
  private readonly open = new Map<ServerResponse, Page>();
  private readonly last = new Map<string, string>();

  constructor(private readonly clock: Clock) {}

  /** False where there are too many already. */
  add(response: ServerResponse, headers: Readonly<Record<string, string>>): boolean {
    if (this.open.size >= MOST && !this.makeRoom()) return false;
    response.writeHead(200, { ...headers, 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' });
    // How long a browser waits before it connects again, in ms.
    response.write('retry: 1000\n\n');
    for (const text of this.last.values()) response.write(text);
    this.open.set(response, { since: this.clock.now(), full: undefined });
    response.once('close', () => this.open.delete(response));
    return true;
  }

  send<K extends keyof EventData>(event: K, data: EventData[K]): void {
    const text = `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
    this.last.set(event, text);
    const now = this.clock.now();
    for (const [response, page] of this.open) {
      if (!response.writableNeedDrain) {
        page.full = undefined;
        response.write(text);
        continue;
      }
      page.full ??= now;
      if (response.writableLength > MOST_WAITING || now - page.full >= PATIENCE) this.drop(response);
    }
  }

  close(): void {
    for (const response of this.open.keys()) response.end();
  }

  /** A page that is still there connects again; what was left behind does not. False where all of them are new. */
  private makeRoom(): boolean {
    const [oldest] = this.open;
    if (!oldest || this.clock.now() - oldest[1].since < LEAST_AGE) return false;
    this.drop(oldest[0]);
    return true;
  }

  private drop(response: ServerResponse): void {
    this.open.delete(response);
    response.destroy();
  }
}
