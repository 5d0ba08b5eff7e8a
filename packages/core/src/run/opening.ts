import type { Clock } from '../clock.js';

interface Closable {
  close(): Promise<void> | void;
}

/** How long a close waits for what is still being opened, in ms: mostly it is a matter of milliseconds. */
const PATIENCE = 1_000;

/** Opens one thing at a time, and closes nothing before it is open: that would leave it open for ever. */
export class Opening {
  private under: { readonly thing: Closable; readonly over: Promise<void> } | undefined;

  constructor(private readonly clock: Clock) {}

  async open(thing: Closable, open: () => Promise<void> | void): Promise<void> {
    const opening = Promise.resolve(open());
    this.under = { thing, over: opening.catch(() => undefined) };
    await opening;
    this.under = undefined;
  }

  /** Resolves when it is closed, or will be as soon as it is open. */
  async close(thing: Closable): Promise<void> {
    if (this.under?.thing === thing) {
      const { over } = this.under;
      const waiting = new AbortController();
      const inTime = await Promise.race([
        over.then(() => true),
        this.clock.sleep(PATIENCE, waiting.signal).then(() => false),
      ]);
      waiting.abort();
      if (!inTime) {
        void over.then(() => thing.close()).catch(() => undefined);
        return;
      }
    }
    await thing.close();
  }
}
