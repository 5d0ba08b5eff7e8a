import type { TopicStrategy } from '../contracts.js';
import { UsageError } from '../errors.js';
import { checkDateFormat, formatDay } from './date-format.js';
import { DAY, LocalCalendar, type CalendarDay } from './local-calendar.js';
import { checkTopic, isRegex } from './topic-name.js';

/** PARAMS of the strategy, with APF's names. */
export interface DailyTopicParams {
  /** One or several names with `%s` where the date goes; may be regular expressions, `^ATLAS_%s_.*`. */
  readonly topic_format: string | readonly string[];
  /** strftime; `'%Y%m%d'` by default. */
  readonly date_format?: string;
  /** Local hour, 0 to 24, at which the next day's topic joins; 22 by default, as in APF. 24 is midnight. */
  readonly change_hour?: number;
  /** How many dates stay subscribed; 8 by default, as in APF. */
  readonly retention_days?: number;
  /** IANA name; the process's own zone (TZ) by default. APF's was always UTC. */
  readonly timezone?: string;
}

/** The time during which one effective date holds, [from, until), in ms since 1970. */
interface Period {
  readonly day: CalendarDay;
  readonly from: number;
  readonly until: number;
}

/** `nextChange` looks this many dates ahead for topics that differ: formats by month or year change seldom. */
const LOOK_AHEAD = 800;

/**
 * A topic for each date. The effective date is the local calendar date, plus one calendar day from `change_hour` on; the
 * topics are those of the last `retention_days` effective dates, for each format, oldest first. It depends on the
 * clock alone: a restart, or a batch that runs past midnight, neither skips nor forgets a date.
 */
export class DailyTopicStrategy implements TopicStrategy {
  readonly #formats: readonly string[];
  readonly #dateFormat: string;
  readonly #changeHour: number;
  readonly #retention: number;
  readonly #calendar: LocalCalendar;
  #period: Period | undefined;

  /** @param where the setting that holds the parameters, for the errors. */
  constructor(
    params: DailyTopicParams,
    private readonly where = 'TOPIC_STRATEGY.PARAMS',
  ) {
    const { topic_format, date_format = '%Y%m%d', change_hour = 22, retention_days = 8, timezone } = params;
    const formats = typeof topic_format === 'string' ? topic_format.split(',') : (topic_format ?? []);
    this.#formats = [...new Set(formats.map((format) => format.trim()).filter((format) => format !== ''))];
    this.#dateFormat = date_format;
    this.#changeHour = change_hour;
    this.#retention = retention_days;
    this.#check();
    this.#calendar = new LocalCalendar(timezone);
  }

  get zone(): string {
    return this.#calendar.zone;
  }

  topics(now: Date): string[] {
    return this.#topicsOf(this.#periodAt(now.getTime()).day);
  }

  /** The effective dates held, oldest first, as they stand in the topics' names. */
  dates(now: Date): string[] {
    return this.#datesOf(this.#periodAt(now.getTime()).day, this.#retention);
  }

  nextChange(now: Date): Date | null {
    const period = this.#periodAt(now.getTime());
    const held = this.#topicsOf(period.day).join();
    for (let ahead = 1; ahead <= LOOK_AHEAD; ahead += 1) {
      const day = period.day + ahead * DAY;
      if (this.#topicsOf(day).join() !== held) {
        return new Date(ahead === 1 ? period.until : this.#startOf(day));
      }
    }
    return null;
  }

  /** The one topic that a producer writes to: that of the effective date. */
  current(now: Date): string {
    const [topic, ...others] = this.#topicsOf(this.#periodAt(now.getTime()).day, 1);
    if (topic === undefined || others.length > 0 || isRegex(topic)) {
      throw new UsageError(
        `${this.where}: a producer writes to one topic, so its 'topic_format' must be one name, not ${JSON.stringify(this.#formats)}`,
        { code: 'APF_SETTINGS' },
      );
    }
    return topic;
  }

  #check(): void {
    const { where } = this;
    const refuse = (why: string): never => {
      throw new UsageError(`${where}: ${why}`, { code: 'APF_SETTINGS' });
    };
    if (this.#formats.length === 0)
      refuse("'topic_format' is missing; write for example 'stamp_classifier_%s'");
    for (const format of this.#formats) {
      if (format.split('%s').length !== 2) {
        refuse(`topic_format '${format}' must hold %s once, where the date goes`);
      }
    }
    if (!Number.isInteger(this.#changeHour) || this.#changeHour < 0 || this.#changeHour > 24) {
      refuse(`change_hour must be a whole hour from 0 to 24, not ${this.#changeHour}`);
    }
    if (!Number.isInteger(this.#retention) || this.#retention < 1 || this.#retention > 3660) {
      refuse(`retention_days must be a whole number from 1 to 3660, not ${this.#retention}`);
    }
    checkDateFormat(this.#dateFormat, where);
    for (const topic of this.#topicsOf(0, 1)) checkTopic(topic, `${where}: topic_format`);
  }

  #topicsOf(newest: CalendarDay, dates = this.#retention): string[] {
    return this.#datesOf(newest, dates).flatMap((date) =>
      this.#formats.map((format) => format.replace('%s', () => date)),
    );
  }

  #datesOf(newest: CalendarDay, count: number): string[] {
    const days = Array.from({ length: count }, (_, index) => newest - (count - 1 - index) * DAY);
    return [...new Set(days.map((day) => formatDay(this.#dateFormat, day)))];
  }

  /** Asked for at each poll, so it is reckoned once a day. */
  #periodAt(now: number): Period {
    let period = this.#period;
    if (period === undefined || now < period.from || now >= period.until) {
      // The day after tomorrow begins later than now at any change_hour; where clocks went back over midnight the
      // calendar date alone may be a day behind.
      period = this.#periodFrom(this.#calendar.day(now) + 2 * DAY);
      while (now < period.from) period = this.#periodFrom(period.day - DAY);
      this.#period = period;
    }
    return period;
  }

  #periodFrom(day: CalendarDay): Period {
    return { day, from: this.#startOf(day), until: this.#startOf(day + DAY) };
  }

  /** When a date's topic joins: the day before, as soon as the clock on the wall reaches `change_hour`. */
  #startOf(day: CalendarDay): number {
    return this.#calendar.firstInstantAt(day - DAY + this.#changeHour * 3_600_000);
  }
}
