import type { Clock } from '../clock.js';
import type { END, RawMessage, Source } from '../contracts.js';

/** Patience where nobody takes partitions away, in ms; timers take no more. */
const LONG = 2 ** 31 - 1;
/** How often a paused source is polled, in ms. */
const KEEP_ALIVE = 500;

export interface MembershipOptions {
  readonly source: Source;
  readonly clock: Clock;
  /** Aborted when no wait may go on. */
  readonly giveUp: AbortSignal;
  /** The poll under way, if there is one. */
  readonly polling: () => Promise<void> | undefined;
  readonly received: (polled: readonly RawMessage[] | typeof END) => void;
}

/** Keeps the consumer group's membership while the step is busy. */
export class Membership {
  /** Ends the present wait, to look again at what has changed. */
  rouse: () => void = () => undefined;
  private paused = false;
  private lastPoll = 0;

  constructor(private readonly options: MembershipOptions) {}

  /** A poll begins now. */
  polled(): void {
    this.lastPoll = this.options.clock.now();
  }

  /**
   * Waits for work that may take long. When it would outlast a third of the time after which the broker takes the
   * partitions away, they are all paused once, and polling goes on: a member that polls keeps its group. Pausing each
   * batch instead would throw the client's prefetch away and cost 13 times.
   */
  async keepDuring(work: Promise<void>): Promise<void> {
    const { source, clock, giveUp } = this.options;
    const patience = (source.maxPollInterval ?? LONG) / 3;
    let finished = false;
    const watched = work.finally(() => (finished = true));
    // Work that never waited is done within a few turns: no timer for it.
    for (let turn = 0; turn < 20 && !finished; turn++) await Promise.resolve();
    while (!finished && !giveUp.aborted) {
      const timer = new AbortController();
      const roused = new Promise<void>((resolve) => (this.rouse = resolve));
      const wait = this.paused ? KEEP_ALIVE : Math.max(0, this.lastPoll + patience - clock.now());
      const due = clock.sleep(wait, timer.signal).then(() => true);
      const overdue = await Promise.race([watched, roused, due]);
      timer.abort();
      if (overdue === true) await this.pollPaused();
    }
    if (this.paused) {
      this.paused = false;
      source.resume();
    }
  }

  private async pollPaused(): Promise<void> {
    const { source, giveUp, polling, received } = this.options;
    const underWay = polling();
    if (underWay) {
      await underWay;
      return;
    }
    if (!this.paused) {
      this.paused = true;
      source.pause();
    }
    this.polled();
    received(await source.poll(1, giveUp));
  }
}
