import { isDeepStrictEqual } from 'node:util';
import * as fc from 'fast-check';
import { parseSchema, readContainer, UsageError, writeContainer } from '@apf/core';
import {
  startOfLastNights,
  syntheticSky,
  SYNTHETIC_VERSIONS,
  type SyntheticSkyOptions,
} from '../src/synthetic-sky.js';
import { altitude, lastNight, nightAround, nextNight } from '../src/synthetic-sky/site.js';
import { SURVEY_TRAITS } from '../src/synthetic-sky/survey-traits.js';
import { julianDate, mjdTai } from '../src/synthetic-sky/time-scales.js';
import { SURVEYS, type SurveyName } from '../src/surveys/survey-of.js';

const start = new Date('2026-03-14T12:00:00Z');
const options = { seed: 1, objects: 150, start, nights: 1, cutouts: false } as const;
const forms = SURVEYS.flatMap((survey) =>
  SYNTHETIC_VERSIONS[survey].map((version) => [survey, version] as const),
);

type Alert = Readonly<Record<string, unknown>>;
interface Sent {
  readonly kind: string;
  readonly objectId: string;
  readonly sourceId: bigint;
  readonly time: number;
  readonly alert: Alert;
}

function sent(survey: SurveyName, rest: Partial<SyntheticSkyOptions> = {}): Sent[] {
  const alerts = syntheticSky({ ...options, survey, ...rest }).alerts();
  return [...alerts].map(({ truth, alert, ...ids }) => ({
    kind: truth.kind,
    ...ids,
    alert: alert as object as Alert,
  }));
}

/** Jest compares in minutes what Node.js compares in milliseconds. */
function expectSame(received: unknown, expected: unknown): void {
  expect(isDeepStrictEqual(received, expected)).toBe(true);
}

/** Every number in an alert, however deep. */
function* numbersIn(value: unknown): Generator<number> {
  if (typeof value === 'number') yield value;
  else if (value && typeof value === 'object' && !Buffer.isBuffer(value)) {
    for (const part of Object.values(value)) yield* numbersIn(part);
  }
}

describe.each(forms)('the synthetic sky of %s %s', (survey, version) => {
  const sky = syntheticSky({ ...options, survey, version });
  const alerts = sent(survey, { version });

  it('fits its own schema there and back, value for value', () => {
    const some = sent(survey, { version, objects: 60, cutouts: true }).map(({ alert }) => alert);
    expect(some.length).toBeGreaterThan(40);
    const bytes = writeContainer(parseSchema(sky.schema), some);
    expectSame(readContainer(bytes).records, some);
  });

  it('holds finite numbers only', () => {
    for (const { alert } of alerts) {
      for (const number of numbersIn(alert))
        if (!Number.isFinite(number)) throw new Error(`there is a ${number}`);
    }
  });

  it('gives the same alerts again, by whatever steps they are taken, and others for another seed', () => {
    expectSame(sent(survey, { version }), alerts);
    const taken: Sent[] = [];
    const visits = [...syntheticSky({ ...options, survey, version }).visits()];
    // The visits backwards, each visit's alerts to the half first.
    for (const { alerts: found } of visits.reverse()) {
      const iterator = found[Symbol.iterator]();
      for (let i = 0; i < 3; i++) iterator.next();
      const all = [...found].map(({ truth, alert, ...ids }) => ({
        kind: truth.kind,
        ...ids,
        alert: alert as object as Alert,
      }));
      taken.unshift(...all);
    }
    expectSame(taken, alerts);
    expect(isDeepStrictEqual(sent(survey, { version, seed: 2 }), alerts)).toBe(false);
  });
});

describe.each(SURVEYS)('the synthetic sky of %s', (survey) => {
  const { site, lowestAltitude } = SURVEY_TRAITS[survey];
  const nights = 5;
  const alerts = sent(survey, { nights });

  it('is sent earliest first, those of an exposure by their ids, no id twice', () => {
    for (const [i, alert] of alerts.entries()) {
      const before = alerts[i - 1];
      if (before === undefined) continue;
      expect(
        alert.time > before.time || (alert.time === before.time && alert.sourceId > before.sourceId),
      ).toBe(true);
    }
    expect(new Set(alerts.map(({ sourceId }) => sourceId)).size).toBe(alerts.length);
    expect(alerts.every(({ sourceId }) => sourceId > 0n && sourceId < 2n ** 63n)).toBe(true);
  });

  it('comes in visits that count their alerts, each in one band and at one time', () => {
    const visits = [...syntheticSky({ ...options, survey, nights }).visits()];
    expect(visits.reduce((sum, { count }) => sum + count, 0)).toBe(alerts.length);
    expect(new Set(visits.map(({ id }) => id)).size).toBe(visits.length);
    for (const visit of visits) {
      const found = [...visit.alerts];
      expect(found).toHaveLength(visit.count);
      expect(found.every(({ time }) => time === visit.time)).toBe(true);
    }
  });

  it('is observed between dusk and dawn of the nights asked for, high in the sky', () => {
    const first = nextNight(site, start);
    const midnight = (first.start + first.end) / 2;
    const seen = new Set<number>();
    for (const visit of syntheticSky({ ...options, survey, nights }).visits()) {
      // Back from the middle of the exposure in TAI to its start in UTC.
      const jd = survey === 'ztf' ? visit.time : visit.time + 2400000.5 - (37 + 15) / 86_400;
      const index = Math.round(jd - midnight);
      const night = nightAround(site, midnight + index);
      seen.add(index);
      expect(jd).toBeGreaterThanOrEqual(night.start - 1e-6);
      expect(jd).toBeLessThan(night.end);
      const places = [...visit.alerts].map(({ alert }) => {
        const { ra, dec, decl } =
          (alert as { candidate?: Place; diaSource?: Place }).candidate ??
          (alert as { diaSource: Place }).diaSource;
        return [ra, dec ?? decl!] as const;
      });
      for (const [ra, dec] of places) {
        // A field's edge is lower than its centre.
        expect(altitude(site, ra, dec, jd)).toBeGreaterThan(lowestAltitude - 7);
      }
    }
    expect(seen.has(0)).toBe(true);
    expect(Math.min(...seen)).toBe(0);
    expect(Math.max(...seen)).toBeLessThan(nights);
  });

  it('leaves an object as it is when others are added', () => {
    // The first field's objects stay; the second field is new.
    const few = sent(survey, { objects: 100 });
    const ids = new Set(few.map(({ sourceId }) => sourceId));
    const same = sent(survey, { objects: 200 }).filter(({ sourceId }) => ids.has(sourceId));
    expectSame(same, few);
    expect(few.length).toBeGreaterThan(50);
  });

  it('has objects of every kind', () => {
    const kinds = new Set(alerts.map(({ kind }) => kind));
    const everlasting = ['RRab', 'RRc', 'EB', 'AGN', 'SN Ia', 'SN II'];
    expect([...kinds]).toEqual(expect.arrayContaining(everlasting));
    for (const kind of ['asteroid', 'bogus']) expect(kinds.has(kind)).toBe(survey !== 'elasticc');
  });

  it('observes any night', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('2002-01-01'), max: new Date('2040-01-01'), noInvalidDate: true }),
        (date) => {
          const visits = [...syntheticSky({ ...options, survey, objects: 100, start: date }).visits()];
          expect(visits).toHaveLength(2);
          expect(Math.min(...visits.map(({ count }) => count))).toBeGreaterThan(20);
        },
      ),
      { numRuns: 15 },
    );
  });

  it('can be that of the last nights', () => {
    for (let hour = 0; hour < 24; hour += 3) {
      const now = new Date(Date.UTC(2026, 5, 10, hour));
      const last = lastNight(site, now);
      for (const count of [1, 3]) {
        const first = nextNight(site, startOfLastNights(survey, now, count));
        expect(first.start - (last.start - count + 1)).toBeLessThan(0.01);
        expect(first.start - (last.start - count + 1)).toBeGreaterThan(-0.01);
      }
    }
  });
});

interface Place {
  readonly ra: number;
  readonly dec?: number;
  readonly decl?: number;
}

describe('the options of the synthetic sky', () => {
  it.each([
    [{ version: '5' }, 'the synthetic sky has no ztf alerts of version 5, only 4.02, 3.3'],
    [{ objects: -1 }, 'objects of the synthetic sky must be a whole number from 0 to 18000000, not -1'],
    [{ nights: 0 }, 'nights of the synthetic sky must be a whole number from 1 to 4000, not 0'],
    [{ seed: 0.5 }, 'the seed of the synthetic sky must be a whole number from 0 to 4294967295, not 0.5'],
    [{ objectsPerField: 0 }, 'objects per field of the synthetic sky must be'],
    [{ start: new Date(NaN) }, 'the synthetic sky begins in 1973 or later'],
    [{ start: new Date('1972-12-31') }, 'the synthetic sky begins in 1973 or later'],
  ])('%o are refused', (wrong, message) => {
    const make = (): unknown => syntheticSky({ ...options, survey: 'ztf', ...wrong });
    expect(make).toThrow(UsageError);
    expect(make).toThrow(message);
  });

  it('may ask for no object at all', () => {
    expect(sent('lsst', { objects: 0 })).toEqual([]);
  });

  it('put as many objects in a field as asked for', () => {
    const visits = [
      ...syntheticSky({ ...options, survey: 'lsst', objects: 1000, objectsPerField: 1000 }).visits(),
    ];
    expect(visits).toHaveLength(2);
    expect(visits[0]!.count).toBeGreaterThan(400);
  });

  it('speak of the times of the surveys', () => {
    const [ztf] = sent('ztf');
    const [lsst] = sent('lsst');
    expect(Math.abs(ztf!.time - julianDate(start))).toBeLessThan(1);
    expect(Math.abs(lsst!.time - mjdTai(julianDate(start)))).toBeLessThan(1);
  });
});
