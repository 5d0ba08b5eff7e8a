import type { Clock } from '@apf/core';
import { until } from './until.js';

/**
 * Says when the groups of a burst are due: evenly over a window, as DMTN-149 has the alerts of a visit arrive detector by
 * detector. A group that is late is due at once, so that the window ends when it should.
 */
export class GroupWindow {
  private begun = 0;
  private left = 0;

  /**
   * @param groups the sizes of the groups, in their order
   * @param from when the window begins, in milliseconds since 1970
   * @param length of the window, in milliseconds
   */
  constructor(
    private readonly groups: readonly number[],
    private readonly from: number,
    private readonly length: number,
    private readonly clock: Clock,
  ) {}

  /** Resolves when the next alerts are due, to how many: all of a group, or `most` at once and the others next. */
  async due(most: number, signal: AbortSignal): Promise<number> {
    const { groups, from, length, clock } = this;
    if (this.left === 0) {
      await until(from + (this.begun * length) / groups.length, clock, signal);
      this.left = groups[this.begun++]!;
    }
    const portion = Math.min(this.left, most);
    this.left -= portion;
    return portion;
  }

  /** Seconds by which the end of the window is past; negative before. */
  get overrun(): number {
    return (this.clock.now() - this.from - this.length) / 1000;
  }
}
