import { type AvroSchema, FatalError, parseSchema } from '@apf/core';
import { defineFilter } from '../../src/filters/alert-filter.js';
import { filterOf } from '../../src/filters/filter-of.js';
import { FilterSet } from '../../src/filters/filter-set.js';
import { ALERT, ELASTICC_ALERT, LSST_ALERT, SMALL_ZTF } from '../expressions/alerts.js';

const filter = (exported: unknown, name = 'it') => filterOf(exported, name, `${name}.ts`);

function passed(set: FilterSet, alert: unknown, schema?: AvroSchema): (string | Error)[] {
  const names: (string | Error)[] = [];
  set.ask(alert, schema, (index, verdict) =>
    names.push(verdict === true ? set.filters[index]!.name : verdict),
  );
  return names;
}

const thrown = (act: () => unknown): Error => {
  try {
    act();
  } catch (error) {
    return error as Error;
  }
  throw new Error('nothing was thrown');
};

describe('a filter set', () => {
  it('asks each filter about an alert of its schema', () => {
    const set = new FilterSet({
      filters: [
        filter('candidate.magpsf < 20 and snr > 5', 'bright'),
        filter('candidate.magpsf < 10', 'brightest'),
        filter(
          defineFilter({ derived: ['mag', 'age'], passes: (_, { mag, age }) => mag < 20 && age === 10 }),
          'young',
        ),
        filter(
          defineFilter<typeof ALERT>({
            fields: ['candidate.fid'],
            passes: ({ candidate }) => candidate.fid === 2,
          }),
          'red',
        ),
      ],
    });
    expect(passed(set, ALERT, SMALL_ZTF)).toEqual(['bright', 'young', 'red']);
  });

  it('reads only what its filters read', () => {
    const set = new FilterSet({
      filters: [
        filter('candidate.magpsf < 20 and snr > 5'),
        filter({ fields: ['objectId', 'stamp?', 'nowhere?'], derived: ['mag'], passes: () => true }),
      ],
    });
    const fields = set.fields(SMALL_ZTF);
    expect([...fields].sort()).toEqual([
      'candidate.magpsf',
      'candidate.sigmapsf',
      'nowhere?',
      'objectId',
      'stamp?',
    ]);
    const decoder = SMALL_ZTF.decoder({ fields: (schema) => set.fields(schema) });
    const alert = decoder.decode(SMALL_ZTF.encode(ALERT));
    expect(alert).toEqual({
      objectId: 'ZTF18abcdefg',
      candidate: { magpsf: 18.5, sigmapsf: Math.fround(0.1) },
      stamp: ALERT.stamp,
    });
  });

  it('knows the alerts of a survey without a schema, as JSON brings them', () => {
    const set = new FilterSet({
      filters: [
        filter(
          {
            survey: 'lsst',
            derived: ['flux'],
            passes: (_: unknown, { flux }: { flux: number }) => flux === -1000,
          },
          'lsst',
        ),
        filter({ survey: ['ztf', 'elasticc'], expression: 'mag < 30' }, 'others'),
        filter({ expression: { ztf: 'candidate.fid == 2', lsst: "band == 'r'" } }, 'red'),
      ],
      onUnfit: () => undefined,
    });
    expect(passed(set, ALERT)).toEqual(['others', 'red']);
    expect(passed(set, LSST_ALERT)).toEqual(['lsst', 'red']);
    expect(passed(set, ELASTICC_ALERT)).toEqual(['others']);
  });

  it('gives NaN, false and undefined for derived values that an alert does not have', () => {
    const seen: unknown[] = [];
    const set = new FilterSet({
      filters: [
        filter({
          derived: ['mag', 'positive', 'band', 'ndet'],
          passes: (_: unknown, { mag, positive, band, ndet }: Record<string, unknown>) =>
            seen.push(mag, positive, band, ndet) > 0,
        }),
      ],
    });
    passed(
      set,
      { ...ALERT, candidate: { ...ALERT.candidate, magpsf: null, isdiffpos: '?', fid: 9 } },
      SMALL_ZTF,
    );
    expect(seen).toEqual([NaN, false, undefined, 4]);
  });

  it('reckons a derived value once for all filters, and anew for the next alert', () => {
    const mags: number[] = [];
    const derived = {
      derived: ['mag'],
      passes: (_: unknown, { mag }: { mag: number }) => mags.push(mag) > 0,
    };
    const set = new FilterSet({ filters: [filter(derived, 'one'), filter(derived, 'two')] });
    let reads = 0;
    const candidate = {
      ...ALERT.candidate,
      get magpsf() {
        reads++;
        return 17;
      },
    };
    passed(set, { ...ALERT, candidate }, SMALL_ZTF);
    passed(set, ALERT, SMALL_ZTF);
    expect([mags, reads]).toEqual([[17, 17, 18.5, 18.5], 1]);
  });

  it('reads what several expressions read once, and anew for the next alert', () => {
    const filters = Array.from({ length: 20 }, (_, i) =>
      filter(`mag < ${15 + i / 2} and candidate.fid == 2 and cone(150.1, 2.2, ${i + 1})`, `f${i}`),
    );
    const set = new FilterSet({ filters });
    const reads = { magpsf: 0, fid: 0, ra: 0 };
    const counted = (candidate: typeof ALERT.candidate) => ({
      ...ALERT,
      candidate: Object.defineProperties(
        { ...candidate },
        Object.fromEntries(
          (['magpsf', 'fid', 'ra'] as const).map((name) => [
            name,
            { get: () => (reads[name]++, candidate[name]), enumerable: true },
          ]),
        ),
      ),
    });
    expect(passed(set, counted(ALERT.candidate), SMALL_ZTF)).toHaveLength(12);
    expect(reads).toEqual({ magpsf: 1, fid: 1, ra: 1 });
    expect(passed(set, counted({ ...ALERT.candidate, magpsf: 22 }), SMALL_ZTF)).toHaveLength(5);
    expect(passed(set, counted({ ...ALERT.candidate, fid: 1 }), SMALL_ZTF)).toEqual([]);
  });

  it('lets a filter that throws disturb no other, and keeps the state of a class', () => {
    class EverySecond {
      #count = 0;
      readonly fields = ['candid'];
      passes(): boolean {
        return ++this.#count % 2 === 0;
      }
    }
    const set = new FilterSet({
      filters: [
        filter(
          {
            fields: ['candid'],
            passes: () => {
              throw new Error('broken');
            },
          },
          'broken',
        ),
        filter(EverySecond, 'second'),
      ],
    });
    expect(passed(set, ALERT, SMALL_ZTF)).toEqual([new Error('broken')]);
    expect(passed(set, ALERT, SMALL_ZTF)).toEqual([new Error('broken'), 'second']);
  });

  it('takes nothing but true for a pass', () => {
    const set = new FilterSet({
      filters: [filter({ fields: ['candid'], passes: () => Promise.resolve(true) })],
    });
    expect(passed(set, ALERT, SMALL_ZTF)).toEqual([
      new Error('passes() gives a promise, not true or false: it cannot be waited for'),
    ]);
    const odd = new FilterSet({ filters: [filter({ fields: ['candid'], passes: () => 'yes' })] });
    expect(passed(odd, ALERT, SMALL_ZTF)).toEqual([]);
  });

  it('names what a filter reads without saying so', () => {
    const set = new FilterSet({
      filters: [
        filter({ derived: ['mag'], passes: (_: unknown, derived: { snr: number }) => derived.snr > 5 }),
      ],
    });
    expect(passed(set, ALERT, SMALL_ZTF)).toEqual([
      new Error("it reads derived.snr without naming it: derived: ['mag', 'snr']"),
    ]);
  });
});

describe('the check against a schema', () => {
  const problem = (exported: unknown, schema = SMALL_ZTF): string => {
    const error = thrown(() => new FilterSet({ filters: [filter(exported)] }).fields(schema));
    expect(error).toBeInstanceOf(FatalError);
    expect(error).toMatchObject({ code: 'APF_USAGE' });
    return error.message;
  };

  it('says which filter reads a field that is not there, and the nearest', () => {
    expect(problem({ fields: ['candidate.magps'], passes: () => true })).toBe(
      "filter 'it': the alerts have no field 'candidate.magps'; did you mean 'candidate.magpsf'? (alerts: survey ztf, schema small.alert)",
    );
    expect(problem('candidate.magps < 20')).toContain("did you mean 'candidate.magpsf'?");
  });

  it.each([
    ['an expression', "cdsxmatch == 'RRLyr'"],
    ['a function', { fields: ['cdsxmatch'], passes: () => true }],
  ])('says that %s of cdsxmatch needs the cross-match first (3.6)', (_, exported) => {
    expect(problem(exported)).toMatch(/^filter 'it': needs cdsxmatch: run the cross-match step first \(/);
  });

  it('says that a filter is for another survey, or leaves it out where it may', () => {
    expect(problem({ survey: 'lsst', expression: 'snr > 5' })).toBe(
      "filter 'it': it is for alerts of lsst, these are of ztf (alerts: survey ztf, schema small.alert)",
    );
    const unfit: string[] = [];
    const set = new FilterSet({
      filters: [filter({ survey: 'lsst', expression: 'snr > 5' }, 'lsst'), filter('snr > 5', 'any')],
      onUnfit: (name) => unfit.push(name),
    });
    expect(passed(set, ALERT, SMALL_ZTF)).toEqual(['any']);
    expect(passed(set, ALERT, SMALL_ZTF)).toEqual(['any']);
    expect(unfit).toEqual(['lsst']);
  });

  it('refuses a derived value that a schema has nothing of', () => {
    const odd = parseSchema({ type: 'record', name: 'odd', fields: [{ name: 'x', type: 'int' }] });
    expect(problem({ derived: ['snr'], passes: () => true }, odd)).toContain("there is no field 'snr'");
  });
});

describe('a cap per visit', () => {
  const ztf = (jd: number, magpsf = 18) => ({ ...ALERT, candidate: { ...ALERT.candidate, jd, magpsf } });
  const count = (set: FilterSet, alerts: readonly unknown[]): number =>
    alerts.filter((alert) => passed(set, alert).length > 0).length;
  const capped = (cap: number) => new FilterSet({ filters: [filter({ cap, expression: 'mag < 19' })] });

  it('lets 20 of each visit pass, also where visits come mixed (F3)', () => {
    const visits = Array.from({ length: 90 }, (_, i) => ztf(2459000.5 + (i % 3) / 1000));
    expect(count(capped(20), visits)).toBe(60);
  });

  it('counts only what passes', () => {
    expect(count(capped(2), [ztf(1, 20), ztf(1, 20), ztf(1), ztf(1), ztf(1)])).toBe(2);
  });

  it.each([
    ['visit', [{ visit: 2025n }, { visit: 2025n, midpointMjdTai: 1 }, { visit: 2026n }]],
    [
      'ccdVisitId of the old schemas',
      [{ ccdVisitId: 111574n }, { ccdVisitId: 211574n }, { ccdVisitId: 111575n }],
    ],
    [
      'midpointMjdTai',
      [{ midpointMjdTai: 6.5, ccdVisitId: 1n }, { midpointMjdTai: 6.5 }, { midpointMjdTai: 7 }],
    ],
    ['midPointTai', [{ midPointTai: 6.5 }, { midPointTai: 6.5 }, { midPointTai: 7 }]],
  ])('knows visits by %s', (_, sources) => {
    const alerts = sources.map((source) => ({
      diaSource: { ...LSST_ALERT.diaSource, midpointMjdTai: null, ...source },
    }));
    const every = { cap: 1, fields: ['diaSource'], passes: () => true };
    expect(count(new FilterSet({ filters: [filter(every)] }), alerts)).toBe(2);
  });

  it('reads the fields of the visit', () => {
    const set = capped(1);
    expect(set.fields(SMALL_ZTF)).toContain('candidate.jd?');
  });
});
