import type { Refused } from '../contracts.js';
import { FatalError } from '../errors.js';

/** As many as execute may fail in a row: see {@link Breaker}. */
const IN_A_ROW = 20;

/** What is refused one after the other means that the step and its output do not fit, not that alerts are bad. */
export class Refusals {
  private row = 0;

  /** @param what in the plural, for the error */
  constructor(private readonly what: string) {}

  /** @param count of all that was written, refused or not. @throws FatalError when it is one too many in a row */
  note(count: number, refused: readonly Refused[]): void {
    if (count > refused.length) this.row = 0;
    this.row += refused.length;
    const last = refused.at(-1);
    if (last && this.row >= IN_A_ROW) {
      throw new FatalError(
        `${this.row} ${this.what} in a row were refused, so the step and its ${this.what === 'rows' ? 'table' : 'sink'} do not fit; nothing more is committed. The last error: ${last.error.message}`,
        { code: 'APF_TOO_MANY_ERRORS', cause: last.error },
      );
    }
  }
}
