import type { Clock } from '@apf/core';
import { GroupWindow } from './group-window.js';
import { Slots } from './slots.js';
import { until } from './until.js';

/** Alerts that are sent together: an observation of Fink's simulator, a visit of LSST's. */
export interface Burst<A> {
  /** How many alerts it has. */
  readonly size: number;
  /** The sizes of the groups that it consists of, in their order; all is one group where absent. */
  readonly groups?: readonly number[] | undefined;
  /** The alerts from `from` up to, not including, `to`. */
  take(from: number, to: number): Promise<readonly A[]>;
}

export interface Pace {
  /** Seconds between bursts, on the clock's grid (see {@link Slots}); 0: each as soon as the one before is confirmed. */
  readonly interval: number;
  /** Alerts per second, evenly spaced; as fast as they go where it is absent. */
  readonly rate?: number | undefined;
  /** Seconds from its slot on over which the groups of a burst are spread, each sent at once. Not with a rate. */
  readonly window?: number | undefined;
}

/** Where alerts go. */
export interface Transmitter<A> {
  send(alerts: readonly A[]): Promise<void>;
  /** Resolves when everything that was sent is confirmed, or refused for good. */
  flush(): Promise<void>;
}

/** What a play tells of itself. All times are milliseconds since 1970. */
export interface PlayEvents<B> {
  /** The first alert of a burst is about to leave. */
  started(burst: B, now: number): void;
  /** So many alerts of it were sent. */
  progress(burst: B, sent: number): void;
  /** All that was sent of it (less than all of it only after an abort) is confirmed. */
  finished(burst: B, sent: number): void;
  /** The pace could not be kept: slots that went by unused, or seconds by which the rate or the window was missed. */
  late(behind: { readonly slots: number } | { readonly seconds: number }): void;
}

export interface PlayOptions<A, B extends Burst<A>> extends Pace {
  readonly bursts: Iterable<B> | AsyncIterable<B>;
  readonly transmitter: Transmitter<A>;
  readonly events: PlayEvents<B>;
  readonly clock: Clock;
  /** Ends the play: nothing more is sent, what was sent is still flushed. */
  readonly signal: AbortSignal;
}

/** Alerts handed over at once. */
const PORTION = 100;
/** Alerts of a rate may leave so much too early, in seconds, so that timers are not the limit. */
const TICK = 0.02;
/** Behind a rate by more than this, in seconds, the rest is not caught up but goes on from now; behind a window, it is said. */
const PATIENCE = 1;

/**
 * Sends bursts of alerts at a pace. A burst begins in a slot of the clock's grid and is flushed before the next begins;
 * one that is late takes the next slot.
 */
export async function play<A, B extends Burst<A>>(options: PlayOptions<A, B>): Promise<void> {
  const { bursts, interval, rate, window, transmitter, events, clock, signal } = options;
  const slots = new Slots(interval * 1000);
  const metronome = rate === undefined ? undefined : new Metronome(rate, clock, (late) => events.late(late));
  for await (const burst of bursts) {
    if (signal.aborted) return;
    const { at, skipped } = slots.next(clock.now());
    if (skipped > 0) events.late({ slots: skipped });
    await until(at, clock, signal);
    if (signal.aborted) return;
    events.started(burst, clock.now());
    if (interval > 0) metronome?.restart();
    const groups =
      window === undefined
        ? undefined
        : new GroupWindow(burst.groups ?? [burst.size], at, window * 1000, clock);
    let sent = 0;
    while (sent < burst.size && !signal.aborted) {
      const most = Math.min(burst.size - sent, metronome?.portion ?? PORTION);
      const portion = (await groups?.due(most, signal)) ?? most;
      await metronome?.due(portion, signal);
      if (signal.aborted) break;
      await transmitter.send(await burst.take(sent, sent + portion));
      sent += portion;
      events.progress(burst, sent);
    }
    if (groups && groups.overrun > PATIENCE) events.late({ seconds: groups.overrun });
    await transmitter.flush();
    events.finished(burst, sent);
  }
}

/** Says when alerts of an even rate are due. */
class Metronome {
  readonly portion: number;
  private origin: number | undefined;
  private count = 0;

  constructor(
    private readonly rate: number,
    private readonly clock: Clock,
    private readonly late: (behind: { seconds: number }) => void,
  ) {
    this.portion = Math.min(PORTION, Math.max(1, Math.floor(rate * TICK)));
  }

  restart(): void {
    this.origin = undefined;
  }

  /** Resolves when the next `portion` alerts are due. */
  async due(portion: number, signal: AbortSignal): Promise<void> {
    if (this.origin === undefined) this.begin();
    const behind = (this.clock.now() - this.next) / 1000;
    if (behind > PATIENCE) {
      this.late({ seconds: behind });
      this.begin();
    }
    await until(this.next, this.clock, signal);
    this.count += portion;
  }

  private get next(): number {
    return this.origin! + (this.count * 1000) / this.rate;
  }

  private begin(): void {
    this.origin = this.clock.now();
    this.count = 0;
  }
}
