import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { FakeClock } from '@apf/core/testing';
import { EventStreams } from '../../src/server/event-streams';
import { memoryFeed } from '../memory-feed';
import { served } from '../served';

/** An answer that nobody reads: what is written to it stays. */
const unread = (): ServerResponse => new ServerResponse(new IncomingMessage(new Socket()));

const much = {
  topics: [{ topic: 'x'.repeat(100_000), read: 0, shown: 0, oneOf: 1, undecodable: 0, lastError: null }],
};

describe('the pages that listen', () => {
  it('are given up once they have not read for half a minute', async () => {
    const clock = new FakeClock();
    const streams = new EventStreams(clock);
    const [response, small] = [unread(), unread()];
    streams.add(response, {});
    streams.send('alerts', much);
    streams.send('letters', { count: 1 });
    await clock.advance(29_000);
    streams.add(small, {});
    streams.send('letters', { count: 2 });
    expect(response.destroyed).toBe(false);
    await clock.advance(2_000);
    streams.send('letters', { count: 3 });
    expect(response.destroyed).toBe(true);
    expect(small.destroyed).toBe(false);
  });

  it('make room, the oldest first, where there are too many and they are not new', async () => {
    const clock = new FakeClock();
    const streams = new EventStreams(clock);
    const pages = Array.from({ length: 50 }, unread);
    for (const page of pages) expect(streams.add(page, {})).toBe(true);
    expect(streams.add(unread(), {})).toBe(false);
    await clock.advance(60_000);
    expect(streams.add(unread(), {})).toBe(true);
    expect(pages.map(({ destroyed }) => destroyed)).toEqual(pages.map((_, i) => i === 0));
  });

  it('are not those that ask for the headers alone', async () => {
    const { url } = await served({ alerts: memoryFeed([]) });
    for (let asked = 0; asked < 51; asked++) {
      const head = await fetch(new URL('api/events', url), { method: 'HEAD' });
      expect([head.status, head.headers.get('content-type')]).toEqual([200, 'text/event-stream']);
    }
    const stop = new AbortController();
    const page = await fetch(new URL('api/events', url), { signal: stop.signal });
    expect(page.status).toBe(200);
    stop.abort();
  });
});
