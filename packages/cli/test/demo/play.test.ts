import type { Outgoing, Refused, Sink } from '@apf/core';
import { play, type Played } from '../../src/demo/play.js';

const MB = 1_000_000;

/** A broker that is read by somebody: after each flush the reader gets a part of what is on its way. */
class SlowlyRead implements Sink<Buffer> {
  readonly stats = { bytes: 0 };
  readonly values: Buffer[] = [];
  most = 0;
  private written = 0;

  constructor(private readonly refuse: (value: Buffer) => boolean = () => false) {}

  async open(): Promise<void> {}
  async close(): Promise<void> {}
  private refused: Refused[] = [];

  async write(batch: readonly Outgoing<Buffer>[]): Promise<void> {
    for (const outgoing of batch) {
      if (this.refuse(outgoing.value)) this.refused.push({ outgoing, error: new Error('too large') });
      else {
        this.values.push(outgoing.value);
        this.written += outgoing.value.length;
      }
    }
    this.most = Math.max(this.most, this.written - this.stats.bytes);
  }

  async flush(): Promise<Refused[]> {
    setImmediate(() => (this.stats.bytes += Math.ceil((this.written - this.stats.bytes) / 2)));
    return this.refused.splice(0);
  }
}

const messages = (...sizes: number[]): Outgoing<Buffer>[] =>
  sizes.map((size, offset) => ({
    value: Buffer.alloc(size, offset),
    origin: { topic: 'test', partition: 0, offset, value: null },
  }));
const nothing = (): Played => ({ messages: 0, bytes: 0, refused: [] });
const never = new AbortController().signal;

/** Reads whatever is left, so that the player need not wait for ever. */
const reading = (sink: SlowlyRead, played: Played): NodeJS.Timeout =>
  setInterval(() => (sink.stats.bytes = Math.max(sink.stats.bytes, played.bytes)), 5);

describe('playing to the embedded broker', () => {
  it('hands over every message in order, and never has more on its way than the broker keeps', async () => {
    const [sink, played] = [new SlowlyRead(), nothing()];
    const all = messages(...Array.from({ length: 200 }, (_, i) => 50_000 + i * 1000));
    const reader = reading(sink, played);
    await play(all, sink, sink.stats, played, never);
    clearInterval(reader);
    expect(sink.values).toEqual(all.map(({ value }) => value));
    expect(played).toMatchObject({
      messages: 200,
      bytes: all.reduce((sum, { value }) => sum + value.length, 0),
    });
    expect(sink.most).toBeLessThanOrEqual(4 * MB);
    expect(sink.most).toBeGreaterThan(0.4 * MB);
  });

  it('sends a message that is larger than that when nothing else is on its way', async () => {
    const [sink, played] = [new SlowlyRead(), nothing()];
    const reader = reading(sink, played);
    await play(messages(100, 6 * MB, 100), sink, sink.stats, played, never);
    clearInterval(reader);
    expect(sink.values.map(({ length }) => length)).toEqual([100, 6 * MB, 100]);
    expect(sink.most).toBe(6 * MB);
  });

  it('does not wait for what the broker refused', async () => {
    const [sink, played] = [new SlowlyRead((value) => value.length === 3 * MB), nothing()];
    const reader = reading(sink, played);
    await play(messages(3 * MB, 10, 3 * MB, 20), sink, sink.stats, played, never);
    clearInterval(reader);
    expect(played).toMatchObject({ messages: 2, bytes: 30 });
    expect(played.refused.map(({ outgoing }) => outgoing.origin.offset)).toEqual([0, 2]);
  });

  it('stops waiting for a reader when it is told to stop', async () => {
    const [sink, played, stop] = [new SlowlyRead(), nothing(), new AbortController()];
    function* interrupted(): Generator<Outgoing<Buffer>> {
      yield* messages(3 * MB, 3 * MB);
      setImmediate(() => stop.abort());
      yield* messages(3 * MB);
    }
    await play(interrupted(), sink, { bytes: 0 }, played, stop.signal);
    expect(played.messages).toBe(1);
    expect(sink.values).toHaveLength(1);
  });
});
