import { UsageError } from '../errors.js';

/** A day of the calendar as the milliseconds of its midnight, reckoned as if it were UTC. */
export type CalendarDay = number;

export const DAY = 86_400_000;
const HOUR = 3_600_000;
/** No zone was ever further than this from UTC (Manila before 1845: 15:56). */
const WIDEST_OFFSET = 16 * HOUR;

/**
 * The clock and calendar of one IANA time zone. Days are counted on the calendar: where clocks change, a day has 23 or
 * 25 hours, and a local time may come twice or never.
 */
export class LocalCalendar {
  readonly zone: string;
  readonly #format: Intl.DateTimeFormat;

  /** @param timezone IANA name; the process's own zone (TZ) where it is undefined. */
  constructor(timezone: string | undefined) {
    this.zone = timezone ?? ownZone();
    try {
      this.#format = new Intl.DateTimeFormat('en-US', {
        timeZone: this.zone,
        hourCycle: 'h23',
        year: 'numeric',
        month: 'numeric',
        day: 'numeric',
        hour: 'numeric',
        minute: 'numeric',
        second: 'numeric',
      });
    } catch {
      throw new UsageError(
        `timezone '${this.zone}' is not known; write an IANA name such as 'America/Santiago' or 'UTC'`,
        { code: 'APF_SETTINGS' },
      );
    }
  }

  /** What the clock on the wall shows at an instant, in ms, reckoned as if it were UTC; to the second. */
  wallClock(instant: number): number {
    const fields: Partial<Record<Intl.DateTimeFormatPartTypes, number>> = {};
    for (const { type, value } of this.#format.formatToParts(instant)) fields[type] = Number(value);
    const { year = 1970, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = fields;
    return Date.UTC(year, month - 1, day, hour, minute, second);
  }

  /** Local time minus UTC at an instant, in ms. */
  offset(instant: number): number {
    return this.wallClock(instant) - Math.floor(instant / 1000) * 1000;
  }

  day(instant: number): CalendarDay {
    return Math.floor(this.wallClock(instant) / DAY) * DAY;
  }

  /**
   * The first instant at which the wall clock shows `wall` or later. Where the clock jumps over `wall` that is the
   * jump; where `wall` comes twice, the first time.
   */
  firstInstantAt(wall: number): number {
    let from = wall - WIDEST_OFFSET;
    for (;;) {
      const offset = this.offset(from);
      const instant = wall - offset;
      const change = this.#offsetChange(from, instant);
      if (change === undefined) return instant;
      if (change + this.offset(change) >= wall) return change;
      from = change;
    }
  }

  /**
   * The first instant in (from, until] at which the offset differs from that at `from`, to the second. No zone has
   * changed its clocks twice within two days since 1970, so the ends of the range tell whether there is one.
   */
  #offsetChange(from: number, until: number): number | undefined {
    const offset = this.offset(from);
    if (this.offset(until) === offset) return undefined;
    let same = from;
    let changed = until;
    while (changed - same > 1000) {
      const middle = same + Math.floor((changed - same) / 2000) * 1000;
      if (this.offset(middle) === offset) same = middle;
      else changed = middle;
    }
    return changed;
  }
}

function ownZone(): string {
  // V8 gives undefined or 'Etc/Unknown' when TZ holds something that is in no time-zone database.
  const zone = new Intl.DateTimeFormat().resolvedOptions().timeZone as string | undefined;
  if (zone === undefined || zone === 'Etc/Unknown') {
    throw new UsageError(
      "the process's time zone is not known; set TZ, or 'timezone' beside 'change_hour', to an IANA name such as 'America/Santiago'",
      { code: 'APF_SETTINGS' },
    );
  }
  return zone;
}
