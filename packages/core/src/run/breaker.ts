import { FatalError } from '../errors.js';

const IN_A_ROW = 20;
const WINDOW = 200;

/**
 * Tells one bad alert from a step that is itself wrong: a typo must not dead-letter a night. Only unexpected errors of
 * `execute` count; a PoisonError is the author's own word on an alert.
 */
export class Breaker {
  private row = 0;
  private seen = 0;
  private failed = 0;
  private readonly window = new Uint8Array(WINDOW);

  succeeded(count: number): void {
    if (count === 0) return;
    this.row = 0;
    // An unbroken past has nothing to forget: the usual case costs one comparison.
    if (this.failed > 0) for (let i = 0; i < Math.min(count, WINDOW); i++) this.note(0);
  }

  /** Throws a FatalError when 20 alerts in a row, or half of the last 200, have failed. */
  failure(error: Error): void {
    this.row++;
    this.note(1);
    if (this.row >= IN_A_ROW || this.failed >= WINDOW / 2) {
      const how = this.row >= IN_A_ROW ? `${IN_A_ROW} alerts in a row` : `half of the last ${WINDOW} alerts`;
      throw new FatalError(
        `execute failed on ${how}, so the step itself must be wrong; nothing of this batch is committed. The last error: ${error.message}`,
        { code: 'APF_TOO_MANY_ERRORS', cause: error },
      );
    }
  }

  private note(failed: 0 | 1): void {
    const slot = this.seen++ % WINDOW;
    this.failed += failed - (this.window[slot] ?? 0);
    this.window[slot] = failed;
  }
}
