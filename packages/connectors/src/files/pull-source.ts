import { END, systemClock, type RawMessage, type Source } from '@apf/core';

/** How long `poll` waits for messages, in ms; the contract's "short while". */
const POLL_TIME = 100;
/** Bytes after which `poll` gives what it has, so that `max` large alerts need not fit into memory at once. */
const POLL_BYTES = 16 * 1024 * 1024;

/**
 * A source that is read at the caller's pace: nothing is read ahead of `poll` but the group of messages in hand.
 * There is nothing to commit: a second run reads everything again.
 */
export abstract class PullSource implements Source {
  private groups: AsyncGenerator<readonly RawMessage[], void> | undefined;
  private pending: Promise<IteratorResult<readonly RawMessage[], void>> | undefined;
  private group: readonly RawMessage[] = [];
  private taken = 0;
  private ended = false;
  private paused = false;

  /** Checks that there is something to read. Rejects with a UsageError where there is not. */
  abstract open(): Promise<void>;

  /** All messages, in groups small enough to be held. Ended by `return` on close. */
  protected abstract read(): AsyncGenerator<readonly RawMessage[], void>;

  async poll(max: number, signal: AbortSignal): Promise<readonly RawMessage[] | typeof END> {
    if (this.paused) {
      await systemClock.sleep(POLL_TIME, signal);
      return [];
    }
    const batch: RawMessage[] = [];
    let bytes = 0;
    const stop = new AbortController();
    const timeUp = systemClock.sleep(POLL_TIME, AbortSignal.any([signal, stop.signal])).then(() => undefined);
    try {
      while (batch.length < max && bytes < POLL_BYTES) {
        const message = this.group[this.taken];
        if (message !== undefined) {
          this.taken++;
          bytes += message.value?.length ?? 0;
          batch.push(message);
        } else if (this.ended || !(await this.nextGroup(timeUp))) {
          break;
        }
      }
    } finally {
      stop.abort();
    }
    return batch.length === 0 && this.ended ? END : batch;
  }

  /** False when the time was up first; the group then comes to a later poll. */
  private async nextGroup(timeUp: Promise<undefined>): Promise<boolean> {
    this.groups ??= this.read();
    if (this.pending === undefined) {
      this.pending = this.groups.next();
      // It may fail between two polls; the next one awaits it again and throws.
      this.pending.catch(() => undefined);
    }
    const next = await Promise.race([this.pending, timeUp]);
    if (next === undefined) return false;
    this.pending = undefined;
    this.taken = 0;
    this.group = next.done ? [] : next.value;
    this.ended = next.done === true;
    return true;
  }

  pause(): void {
    this.paused = true;
  }

  resume(): void {
    this.paused = false;
  }

  async commit(): Promise<void> {
    // Files keep no offsets.
  }

  async close(): Promise<void> {
    this.ended = true;
    this.group = [];
    // A read from a pipe may never return: it is abandoned, not awaited.
    void this.groups?.return().catch(() => undefined);
  }
}
