import type { ServerResponse } from 'node:http';
import type { EventData } from '../page-api.js';

/** Pages that are open at once. */
const MOST = 50;
/** A page that does not read is left out until it does, and given up after so much, in bytes. */
const MOST_WAITING = 4_000_000;

/** The pages that listen: server-sent events (HTML Living Standard, section 9.2). */
export class EventStreams {
  private readonly open = new Set<ServerResponse>();
  private readonly last = new Map<string, string>();

  /** False where there are too many already. */
  add(response: ServerResponse, headers: Readonly<Record<string, string>>): boolean {
    if (this.open.size >= MOST) return false;
    response.writeHead(200, { ...headers, 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' });
    // How long a browser waits before it connects again, in ms.
    response.write('retry: 1000\n\n');
    for (const text of this.last.values()) response.write(text);
    this.open.add(response);
    response.once('close', () => this.open.delete(response));
    return true;
  }

  send<K extends keyof EventData>(event: K, data: EventData[K]): void {
    const text = `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
    this.last.set(event, text);
    for (const response of this.open) {
      if (response.writableLength > MOST_WAITING) response.destroy();
      else if (!response.writableNeedDrain) response.write(text);
    }
  }

  close(): void {
    for (const response of this.open) response.end();
  }
}
