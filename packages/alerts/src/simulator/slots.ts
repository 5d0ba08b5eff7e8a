/** A time at which something may be sent. */
export interface Slot {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Slots that went by unused since the last one, because what was sent in it took so long. */
  readonly skipped: number;
}

/**
 * The grid of a clock: slots are the whole multiples of an interval since 1970, as in Fink's and LSST's simulators. Who
 * is late takes the next one: nothing is sent off the grid, nothing is caught up.
 */
export class Slots {
  private last: number | undefined;

  /** @param interval milliseconds; 0 for no grid, where every slot is now */
  constructor(private readonly interval: number) {}

  next(now: number): Slot {
    if (this.interval === 0) return { at: now, skipped: 0 };
    const coming = Math.floor(now / this.interval) + 1;
    // A timer may fire a little early: the slot that was taken is not taken again.
    const number = this.last === undefined ? coming : Math.max(coming, this.last + 1);
    const skipped = this.last === undefined ? 0 : number - this.last - 1;
    this.last = number;
    return { at: number * this.interval, skipped };
  }
}
