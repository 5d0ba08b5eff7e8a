import type { PlayEvents } from '@apf/alerts';
import type { Display } from '../demo/display.js';
import type { SetBurst } from './set-burst.js';
import { pythonTime } from './shown-field.js';

export interface ReportOptions {
  readonly display: Display;
  /** Milliseconds since 1970, counted from in the lines. */
  readonly t0: number;
  /** Alerts in all; undefined where that is not known. */
  readonly total: number | undefined;
  readonly interval: number;
  readonly window: number | undefined;
  /** Whether there is a terminal for a progress bar. */
  readonly bar: boolean;
  /** Alerts that the broker has refused so far. */
  readonly refused: () => number;
}

/** What is printed while alerts are sent: `start` and `end` of a burst, each with its line and its record. */
abstract class Report implements PlayEvents<SetBurst> {
  private done = 0;
  private refused = 0;

  constructor(protected readonly options: ReportOptions) {}

  protected abstract start(burst: SetBurst, now: number): void;
  /** @param delivered alerts that the broker has @param whole whether it was not interrupted */
  protected abstract end(burst: SetBurst, delivered: number, whole: boolean): void;

  started(burst: SetBurst, now: number): void {
    burst.begin(now);
    this.start(burst, now);
  }

  progress(burst: SetBurst, sent: number): void {
    const { bar, display, total } = this.options;
    if (!bar) return;
    // What is sent again and again begins anew each time.
    const before = total === undefined ? 0 : this.done % total;
    display.progress(before + sent, total ?? burst.size);
  }

  finished(burst: SetBurst, sent: number): void {
    this.done += sent;
    const refused = this.options.refused();
    this.end(burst, sent - (refused - this.refused), sent === burst.size);
    this.refused = refused;
  }

  late(behind: { readonly slots: number } | { readonly seconds: number }): void {
    const { display, interval, window } = this.options;
    const text =
      'slots' in behind
        ? `sending took longer than the interval of ${interval} s: ${behind.slots} ${behind.slots === 1 ? 'slot was' : 'slots were'} left out`
        : window === undefined
          ? `${behind.seconds.toFixed(1)} s behind the rate: it goes on from now`
          : `a visit was sent ${behind.seconds.toFixed(1)} s after the end of its window of ${window} s`;
    display.note(`apf: cannot keep the pace: ${text}`);
  }
}

/** As Fink's simulator prints. */
export class ObservationReport extends Report {
  protected start(burst: SetBurst, now: number): void {
    const seconds = (now - this.options.t0) / 1000;
    this.options.display.result(`Observation start: t0 + : ${seconds.toFixed(2)} seconds`, {
      event: 'start',
      observation: burst.number,
      seconds,
    });
  }

  protected end({ shown, number }: SetBurst, alerts: number, whole: boolean): void {
    const { display } = this.options;
    const record = { event: 'sent', observation: number, alerts };
    if (!whole) display.result(`${alerts} alerts sent`, record);
    else if (shown) {
      const [first, last] = shown;
      display.result(`${alerts} alerts sent (${first} to ${last})`, { ...record, first, last });
    }
    if (whole)
      display.result(`Observation ${number} done...`, { event: 'done', observation: number, alerts });
  }
}

/** As LSST's alert_stream prints. */
export class VisitReport extends Report {
  protected start(burst: SetBurst, now: number): void {
    this.options.display.result(`visit: ${burst.id} \ttime: ${pythonTime(now)}`, {
      event: 'start',
      visit: burst.id,
      time: now / 1000,
    });
  }

  protected end({ id, number }: SetBurst, alerts: number, whole: boolean): void {
    if (!whole) return;
    const now = Date.now();
    this.options.display.result(`visits finished: ${number} \t time: ${pythonTime(now)}`, {
      event: 'done',
      visit: id,
      alerts,
      time: now / 1000,
    });
  }
}
