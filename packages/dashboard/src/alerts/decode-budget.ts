import type { Clock } from '@apf/core';

/** Alerts that are decoded each second; more than anybody can look at. */
const PER_SECOND = 200;
/** What may be decoded at once after a pause, such as the last alerts at the start. */
const BURST = 600;

/** How many alerts may be decoded, so that a fast stream takes a part of the processor and not all of it. */
export class DecodeBudget {
  private left = BURST;
  private since: number;

  constructor(private readonly clock: Clock) {
    this.since = clock.now();
  }

  /**
   * Which of so many messages to decode: all where there is room, else some that are spread evenly, the last one among
   * them, and none where nothing is left.
   */
  choose(count: number): number[] {
    const now = this.clock.now();
    this.left = Math.min(BURST, this.left + (Math.max(0, now - this.since) * PER_SECOND) / 1_000);
    this.since = now;
    const taken = Math.min(count, Math.floor(this.left));
    this.left -= taken;
    return Array.from({ length: taken }, (_, i) => Math.ceil(((i + 1) * count) / taken) - 1);
  }
}
