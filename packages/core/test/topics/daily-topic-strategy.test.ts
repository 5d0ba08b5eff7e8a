import fc from 'fast-check';
import {
  currentTopic,
  DailyTopicStrategy,
  describeTopics,
  UsageError,
  type DailyTopicParams,
} from '@apf/core';

const HOUR = 3_600_000;

const daily = (params: Partial<DailyTopicParams> = {}): DailyTopicStrategy =>
  new DailyTopicStrategy({
    topic_format: 'stamp_classifier_%s',
    change_hour: 23,
    retention_days: 2,
    timezone: 'UTC',
    ...params,
  });
const at = (iso: string): Date => new Date(iso);
const line = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    expect(error).toBeInstanceOf(UsageError);
    return (error as Error).message;
  }
  return 'no error';
};

describe('DailyTopicStrategy', () => {
  it('holds the last retention_days dates, oldest first', () => {
    expect(daily().topics(at('2026-11-22T10:00Z'))).toEqual([
      'stamp_classifier_20261121',
      'stamp_classifier_20261122',
    ]);
  });

  it('lets the next date join at change_hour and the oldest leave', () => {
    const strategy = daily();
    expect(strategy.topics(at('2026-11-22T22:59:59.999Z')).at(-1)).toBe('stamp_classifier_20261122');
    expect(strategy.nextChange(at('2026-11-22T22:59:59.999Z'))).toEqual(at('2026-11-22T23:00Z'));
    expect(strategy.topics(at('2026-11-22T23:00Z'))).toEqual([
      'stamp_classifier_20261122',
      'stamp_classifier_20261123',
    ]);
    expect(strategy.nextChange(at('2026-11-22T23:00Z'))).toEqual(at('2026-11-23T23:00Z'));
  });

  it('gives the same topics when asked about an earlier time again', () => {
    const strategy = daily();
    const before = strategy.topics(at('2026-11-22T22:00Z'));
    strategy.topics(at('2026-12-01T00:00Z'));
    expect(strategy.topics(at('2026-11-22T22:00Z'))).toEqual(before);
  });

  it('holds all dates of the window for each format, by date', () => {
    const strategy = daily({ topic_format: ['ztf_%s_programid1', '^ATLAS_%s_.*'], retention_days: 2 });
    expect(strategy.topics(at('2026-01-01T00:00Z'))).toEqual([
      'ztf_20251231_programid1',
      '^ATLAS_20251231_.*',
      'ztf_20260101_programid1',
      '^ATLAS_20260101_.*',
    ]);
  });

  it('takes formats as comma-separated text', () => {
    expect(daily({ topic_format: 'a_%s, b_%s', retention_days: 1 }).topics(at('2026-01-01T00:00Z'))).toEqual([
      'a_20260101',
      'b_20260101',
    ]);
  });

  it("has APF's defaults: change at 22, eight dates", () => {
    const strategy = new DailyTopicStrategy({ topic_format: 'ztf_%s', timezone: 'UTC' });
    expect(strategy.topics(at('2026-11-22T21:59Z'))).toHaveLength(8);
    expect(strategy.topics(at('2026-11-22T21:59Z')).at(-1)).toBe('ztf_20261122');
    expect(strategy.topics(at('2026-11-22T22:00Z')).at(-1)).toBe('ztf_20261123');
  });

  it('changes at midnight with change_hour 24, and a day ahead with 0', () => {
    const now = at('2026-11-22T23:59Z');
    expect(daily({ change_hour: 24 }).current(now)).toBe('stamp_classifier_20261122');
    expect(daily({ change_hour: 24 }).nextChange(now)).toEqual(at('2026-11-23T00:00Z'));
    expect(daily({ change_hour: 0 }).current(now)).toBe('stamp_classifier_20261123');
    expect(daily({ change_hour: 0 }).nextChange(now)).toEqual(at('2026-11-23T00:00Z'));
  });

  describe('at clock changes', () => {
    const current = (zone: string, iso: string): string | undefined =>
      daily({ timezone: zone, topic_format: '%s', retention_days: 1 }).topics(at(iso)).at(0);
    const next = (zone: string, iso: string): string | undefined =>
      daily({ timezone: zone }).nextChange(at(iso))?.toISOString();

    it('changes at the first of two 23:00 in America/Santiago on 2026-04-04, and not again', () => {
      const zone = 'America/Santiago';
      expect(current(zone, '2026-04-05T01:59Z')).toBe('20260404');
      expect(next(zone, '2026-04-05T01:59Z')).toBe('2026-04-05T02:00:00.000Z');
      expect(current(zone, '2026-04-05T02:00Z')).toBe('20260405');
      expect(current(zone, '2026-04-05T03:00Z')).toBe('20260405');
      expect(current(zone, '2026-04-05T03:59Z')).toBe('20260405');
      expect(next(zone, '2026-04-05T03:30Z')).toBe('2026-04-06T03:00:00.000Z');
    });

    it('goes on to Sunday, not Monday, from Saturday 2026-09-05 23:30 in America/Santiago', () => {
      const zone = 'America/Santiago';
      expect(current(zone, '2026-09-06T03:30Z')).toBe('20260906');
      expect(next(zone, '2026-09-06T03:30Z')).toBe('2026-09-07T02:00:00.000Z');
      expect(current(zone, '2026-09-07T01:59Z')).toBe('20260906');
    });

    it('changes at the jump where change_hour does not exist', () => {
      // Clocks go from 24:00 to 01:00 in Santiago, from 02:00 to 03:00 in New York.
      expect(
        daily({ timezone: 'America/Santiago', change_hour: 0 }).nextChange(at('2026-09-06T03:30Z')),
      ).toEqual(at('2026-09-06T04:00Z'));
      expect(
        daily({ timezone: 'America/New_York', change_hour: 2 }).nextChange(at('2026-03-08T06:00Z')),
      ).toEqual(at('2026-03-08T07:00Z'));
    });

    it('neither goes back nor changes twice where clocks go back over midnight', () => {
      // St John's until 2011: at 00:01 back to 23:01 of the day before.
      const strategy = daily({
        timezone: 'America/St_Johns',
        change_hour: 24,
        topic_format: '%s',
        retention_days: 1,
      });
      expect(strategy.current(at('2010-11-07T02:29Z'))).toBe('20101106');
      expect(strategy.current(at('2010-11-07T02:30Z'))).toBe('20101107');
      expect(strategy.current(at('2010-11-07T02:45Z'))).toBe('20101107');
      expect(strategy.nextChange(at('2010-11-07T02:45Z'))).toEqual(at('2010-11-08T03:30Z'));
    });

    it('holds each date once where a zone leaves out a day', () => {
      // Samoa had no 30 December 2011.
      const strategy = daily({ timezone: 'Pacific/Apia', topic_format: '%s', retention_days: 1 });
      const seen: string[] = [];
      let now = at('2011-12-29T12:00Z');
      while (now < at('2012-01-02T00:00Z')) {
        seen.push(strategy.current(now));
        now = strategy.nextChange(now) as Date;
      }
      expect(seen).toEqual(['20111229', '20111230', '20111231', '20120101', '20120102']);
    });
  });

  it.each([
    ['Pacific/Honolulu', '2026-11-23T09:00:00.000Z'],
    ['Asia/Tokyo', '2026-11-22T14:00:00.000Z'],
    ['Asia/Kathmandu', '2026-11-22T17:15:00.000Z'],
    ['Pacific/Kiritimati', '2026-11-22T09:00:00.000Z'],
  ])('changes at 23:00 of the local clock in %s', (timezone, expected) => {
    const strategy = daily({ timezone });
    const change = at(expected);
    expect(strategy.nextChange(new Date(change.getTime() - HOUR))).toEqual(change);
    expect(strategy.current(new Date(change.getTime() - 1))).toBe('stamp_classifier_20261122');
    expect(strategy.current(change)).toBe('stamp_classifier_20261123');
  });

  it('walks through years in any zone, at any hour, without skipping or repeating a date', () => {
    const zones = Intl.supportedValuesOf('timeZone');
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.integer({ min: 0, max: 24 }),
        fc.date({ min: at('2012-02-01T00:00Z'), max: at('2034-01-01T00:00Z'), noInvalidDate: true }),
        (timezone, change_hour, start) => {
          const strategy = daily({
            timezone,
            change_hour,
            topic_format: '%s',
            retention_days: 1,
            date_format: '%F',
          });
          let now = start;
          let held = strategy.current(now);
          for (let day = 0; day < 400; day += 1) {
            const change = strategy.nextChange(now) as Date;
            expect(change.getTime()).toBeGreaterThan(now.getTime());
            const before = strategy.current(new Date(change.getTime() - 1));
            expect(before).toBe(held);
            now = change;
            const expected = new Date(Date.parse(held) + 24 * HOUR).toISOString().slice(0, 10);
            held = strategy.current(now);
            expect(held).toBe(expected);
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  it('agrees with the calendar date of the zone at any instant', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(
          'America/Santiago',
          'Pacific/Apia',
          'Europe/London',
          'Australia/Lord_Howe',
          'Asia/Tokyo',
        ),
        fc.date({ min: at('2013-01-01T00:00Z'), max: at('2034-01-01T00:00Z'), noInvalidDate: true }),
        (timezone, now) => {
          const local = new Intl.DateTimeFormat('sv-SE', { timeZone: timezone, dateStyle: 'short' }).format(
            now,
          );
          const strategy = daily({ timezone, change_hour: 24, date_format: '%F', topic_format: '%s' });
          expect(strategy.current(now)).toBe(local);
        },
      ),
    );
  });

  it('tells the next change of the topics, not of the date, where the format is coarser', () => {
    const strategy = daily({ date_format: '%Y%m', retention_days: 1, change_hour: 24 });
    expect(strategy.nextChange(at('2026-11-22T00:00Z'))).toEqual(at('2026-12-01T00:00Z'));
    expect(daily({ date_format: '%Y%m', retention_days: 3 }).topics(at('2026-12-01T00:00Z'))).toEqual([
      'stamp_classifier_202611',
      'stamp_classifier_202612',
    ]);
  });

  it.each([
    ['%Y%j', '2026-01-01', '2026001'],
    ['%Y%j', '2026-12-31', '2026365'],
    ['%y-%m-%d', '2026-03-04', '26-03-04'],
    ['%b%d', '2026-03-04', 'Mar04'],
    ['%Y_%U_%w', '2026-03-04', '2026_09_3'],
    ['%d', '2026-03-04', '04'],
    ['%-d', '2026-03-04', '4'],
  ])('writes %s of %s as Python does: %s', (date_format, day, expected) => {
    const strategy = daily({ date_format, topic_format: '%s', retention_days: 1, change_hour: 24 });
    expect(strategy.topics(at(`${day}T12:00Z`))).toEqual([expected]);
  });

  it('gives a producer exactly one topic, that of the effective date', () => {
    expect(currentTopic(daily(), at('2026-11-22T22:59Z'))).toBe('stamp_classifier_20261122');
    expect(currentTopic(daily(), at('2026-11-22T23:00Z'))).toBe('stamp_classifier_20261123');
  });

  it('refuses to give a producer several topics or a regular expression', () => {
    const now = at('2026-11-22T00:00Z');
    expect(line(() => currentTopic(daily({ topic_format: ['a_%s', 'b_%s'] }), now))).toBe(
      `TOPIC_STRATEGY.PARAMS: a producer writes to one topic, so its 'topic_format' must be one name, not ["a_%s","b_%s"]`,
    );
    expect(line(() => currentTopic(daily({ topic_format: '^a_%s' }), now))).toContain('must be one name');
  });

  it('describes itself at start: zone, dates, next change in local time and UTC', () => {
    expect(describeTopics(daily({ timezone: 'America/Santiago' }), at('2026-11-22T10:00Z'))).toBe(
      'topics stamp_classifier_20261121, stamp_classifier_20261122; zone America/Santiago; dates 20261121, 20261122; ' +
        'next change 2026-11-22 23:00 local time = 2026-11-23 02:00 UTC',
    );
  });

  it("uses the process's own zone by default", () => {
    expect(daily({ timezone: undefined }).zone).toBe(new Intl.DateTimeFormat().resolvedOptions().timeZone);
  });

  it.each(['%f', '%V', '%G', '%Z', '%c', '%X', '%H', '%s', '%Q', '%'])(
    'refuses the directive %s in date_format',
    (directive) => {
      expect(line(() => daily({ date_format: `%Y${directive}` }))).toMatch(
        /^TOPIC_STRATEGY\.PARAMS: date_format '%Y%.?' (uses %\w, which is not supported; a date can be made of|ends in %)/,
      );
    },
  );

  it.each<[string, Partial<DailyTopicParams>, string]>([
    ['no format', { topic_format: [] }, "'topic_format' is missing; write for example 'stamp_classifier_%s'"],
    ['no %s', { topic_format: 'ztf' }, "topic_format 'ztf' must hold %s once, where the date goes"],
    ['two %s', { topic_format: '%s_%s' }, "topic_format '%s_%s' must hold %s once, where the date goes"],
    ['hour', { change_hour: 25 }, 'change_hour must be a whole hour from 0 to 24, not 25'],
    ['half hour', { change_hour: 22.5 }, 'change_hour must be a whole hour from 0 to 24, not 22.5'],
    ['retention', { retention_days: 0 }, 'retention_days must be a whole number from 1 to 3660, not 0'],
    ['no date', { date_format: 'x' }, "date_format 'x' holds no date; write for example '%Y%m%d'"],
    [
      'slashes',
      { date_format: '%D' },
      "topic_format: 'stamp_classifier_01/01/70' is not a legal topic name: Kafka allows letters, digits, dot, underscore and dash, 249 at most",
    ],
  ])('refuses a wrong setting in one line: %s', (_, params, message) => {
    expect(line(() => daily(params))).toBe(`TOPIC_STRATEGY.PARAMS: ${message}`);
  });

  it('refuses an unknown zone', () => {
    expect(line(() => daily({ timezone: 'Chile/Santiago' }))).toBe(
      "timezone 'Chile/Santiago' is not known; write an IANA name such as 'America/Santiago' or 'UTC'",
    );
  });
});
