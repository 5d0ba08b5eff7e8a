import { parseSchema } from '@apf/core';
import type { AlertFilter } from '../../src/filters/alert-filter.js';
import { BUILT_IN_FILTERS, coneFilter, TEMPLATE_FILTERS } from '../../src/filters/built-in/index.js';
import { FilterSet } from '../../src/filters/filter-set.js';
import { tryFilter } from '../../src/filters/try-filter.js';
import { syntheticSky } from '../../src/synthetic-sky.js';
import { SURVEYS } from '../../src/surveys/survey-of.js';
import { ALERT, ELASTICC_ALERT, LSST_ALERT } from '../expressions/alerts.js';

const named = (name: string): AlertFilter => BUILT_IN_FILTERS.find((filter) => filter.name === name)!;
const passes = (filter: AlertFilter, alert: unknown): boolean => {
  let passed = false;
  new FilterSet({ filters: [filter] }).ask(alert, undefined, (_, verdict) => {
    if (verdict !== true) throw verdict;
    passed = true;
  });
  return passed;
};
const ztf = (candidate: object, more: object = {}) => ({
  ...ALERT,
  ...more,
  candidate: { ...ALERT.candidate, isdiffpos: 't', ...candidate },
});
const lsst = (diaSource: object, more: object = {}) => ({
  ...LSST_ALERT,
  ...more,
  diaSource: { ...LSST_ALERT.diaSource, ...diaSource },
});

describe('the built-in filters', () => {
  it('say what they do and where their rule comes from', () => {
    for (const { name, definition } of [...BUILT_IN_FILTERS, ...TEMPLATE_FILTERS.slice(0, 1)]) {
      expect([name, definition.description]).toEqual([name, expect.stringMatching(/.{10}/)]);
      expect([name, definition.source]).toEqual([name, expect.stringMatching(/.{10}/)]);
    }
  });

  it.each(SURVEYS)('fit whole alerts of %s as the surveys send them, or say why not', (survey) => {
    const sky = syntheticSky({ survey, seed: 1, objects: 1, start: new Date(2026, 1, 1), nights: 1 });
    const unfit: string[] = [];
    new FilterSet({ filters: BUILT_IN_FILTERS, onUnfit: (name) => unfit.push(name) }).fields(
      parseSchema(sky.schema),
    );
    // These need what the cross-match or Fink's classifiers add.
    const added = ['rrlyr', 'sn_candidates', 'snialike'];
    const others = {
      ztf: ['lsst_quality'],
      lsst: ['fink_quality', 'ztf_quality'],
      elasticc: ['fink_quality', 'lsst_quality', 'sn_like', 'sso_known', 'sso_none', 'ztf_quality'],
    };
    expect(unfit.sort()).toEqual([...added, ...others[survey]].sort());
  });

  it('bright: SNR > 5 and brighter than 20 mag, in nJy, in the Jy of the old schemas, in magnitudes (F2, F5)', () => {
    const bright = named('bright');
    expect(passes(bright, ztf({ magpsf: 19.9, sigmapsf: 0.2 }))).toBe(true);
    expect(passes(bright, ztf({ magpsf: 20.1, sigmapsf: 0.2 }))).toBe(false);
    expect(passes(bright, ztf({ magpsf: 19.9, sigmapsf: 0.22 }))).toBe(false);
    expect(passes(bright, ztf({ magpsf: 19.9, sigmapsf: 0.2, isdiffpos: 'f' }))).toBe(false);
    expect(passes(bright, ztf({ magpsf: null }))).toBe(false);
    expect(passes(bright, lsst({ psfFlux: 36311, psfFluxErr: 7000 }))).toBe(true);
    expect(passes(bright, lsst({ psfFlux: 36310, psfFluxErr: 7000 }))).toBe(false);
    expect(passes(bright, lsst({ psfFlux: 36311, psfFluxErr: 7300 }))).toBe(false);
    expect(passes(bright, lsst({ psfFlux: 36311, psfFluxErr: 7300, snr: 5.1 }))).toBe(true);
    expect(passes(bright, lsst({ psfFlux: null, psfFluxErr: null }))).toBe(false);
    const old = { psfFlux: undefined, psFlux: null, midPointTai: 1, snr: 6 };
    expect(passes(bright, lsst({ ...old, diffFlux: 0.0000364 }))).toBe(true);
    expect(passes(bright, lsst({ ...old, diffFlux: 0.0000363 }))).toBe(false);
    expect(passes(bright, lsst({ ...old, diffFlux: null }))).toBe(false);
    const fluxcal = (psFlux: number) => ({
      diaSource: { ...ELASTICC_ALERT.diaSource, psFlux, psFluxErr: 1 },
    });
    expect([passes(bright, fluxcal(1001)), passes(bright, fluxcal(999))]).toEqual([true, false]);
  });

  it('Filter001 to Filter100 are it, 20 a visit (F1 to F3)', () => {
    expect(TEMPLATE_FILTERS.map(({ name }) => name)).toEqual([
      ...new Set(TEMPLATE_FILTERS.map(({ name }) => name)),
    ]);
    expect([TEMPLATE_FILTERS[0]!.name, TEMPLATE_FILTERS[99]!.name]).toEqual(['Filter001', 'Filter100']);
    expect(TEMPLATE_FILTERS[99]!.definition).toMatchObject({ cap: 20 });
    expect(passes(TEMPLATE_FILTERS[0]!, ztf({ magpsf: 19.9, sigmapsf: 0.2 }))).toBe(true);
  });

  it('rrlyr: what the cross-match calls so, in the old and the new spelling (Fink, filter_rrlyr)', () => {
    for (const [cdsxmatch, expected] of [
      ['RRLyr', true],
      ['RRLyrae', true],
      ['Unknown', false],
      [null, false],
    ])
      expect(passes(named('rrlyr'), ztf({}, { cdsxmatch }))).toBe(expected);
  });

  it('snialike: as Fink 0.1.6 had it', () => {
    const good = { rfscore: 0.1, cdsxmatch: 'Unknown' };
    const far = { neargaia: 6, distpsnr1: 6 };
    const snialike = named('snialike');
    expect(passes(snialike, ztf(far, good))).toBe(true);
    expect(passes(snialike, ztf(far, { ...good, rfscore: 0 }))).toBe(false);
    expect(passes(snialike, ztf(far, { ...good, cdsxmatch: 'RRLyr' }))).toBe(false);
    expect(passes(snialike, ztf({ ...far, neargaia: 5 }, good))).toBe(false);
    expect(passes(snialike, ztf({ ...far, distpsnr1: -999 }, good))).toBe(false);
  });

  it('sn_candidates: as Fink has it', () => {
    const scores = { snn_snia_vs_nonia: 0.1, snn_sn_vs_all: 0.6, cdsxmatch: 'EmG', roid: 0 };
    const candidate = { drb: 0.6, classtar: 0.5, ndethist: 2, jdstarthist: 2459000.5 - 90, jd: 2459000.5 };
    const filter = named('sn_candidates');
    expect(passes(filter, ztf(candidate, scores))).toBe(true);
    for (const wrong of [{ snn_sn_vs_all: 0.5 }, { cdsxmatch: 'Star' }, { roid: 3 }])
      expect([wrong, passes(filter, ztf(candidate, { ...scores, ...wrong }))]).toEqual([wrong, false]);
    for (const wrong of [{ drb: 0.5 }, { classtar: 0.4 }, { ndethist: 1 }, { jdstarthist: 2459000.4 - 90 }])
      expect([wrong, passes(filter, ztf({ ...candidate, ...wrong }, scores))]).toEqual([wrong, false]);
  });

  it('sn_like: the same without scores and cross-match, for the survey’s own alerts', () => {
    const candidate = { drb: 0.6, classtar: 0.5, ndethist: 2, jdstarthist: 2458950.5, ssdistnr: -999 };
    const filter = named('sn_like');
    expect(passes(filter, ztf(candidate))).toBe(true);
    for (const wrong of [{ drb: 0.4 }, { ssdistnr: 0 }, { ndethist: 1 }, { isdiffpos: 'f' }])
      expect([wrong, passes(filter, ztf({ ...candidate, ...wrong }))]).toEqual([wrong, false]);
    const source = { psfFlux: 1000, reliability: 0.9 };
    expect(passes(filter, lsst(source))).toBe(true);
    for (const wrong of [{ reliability: 0.2 }, { psfFlux: -1000 }, { isDipole: true }, { ssObjectId: 5n }])
      expect([wrong, passes(filter, lsst({ ...source, ...wrong }))]).toEqual([wrong, false]);
  });

  it('sso_known and sso_none: within 5 arcsec, 0 included; -999 and null are none (2.9, item C)', () => {
    const near: [number | null, boolean][] = [
      [0, true],
      [4.9, true],
      [5, false],
      [-999, false],
      [null, false],
    ];
    for (const [ssdistnr, known] of near) {
      const alert = ztf({ ssdistnr });
      expect([ssdistnr, passes(named('sso_known'), alert), passes(named('sso_none'), alert)]).toEqual([
        ssdistnr,
        known,
        !known,
      ]);
    }
    expect(passes(named('sso_known'), lsst({ ssObjectId: 5n }))).toBe(true);
    expect(passes(named('sso_known'), lsst({ ssObjectId: 0n }))).toBe(false);
    expect(
      passes(named('sso_known'), lsst({ ssObjectId: null }, { mpc_orbits: { designation: '2026 AA1' } })),
    ).toBe(true);
  });

  it('ztf_quality and fink_quality: rb, drb, nbad, fwhm, elong, magdiff', () => {
    const good = { rb: 0.65, drb: 0.65, nbad: 0, fwhm: 5, elong: 1.2, magdiff: -0.1 };
    expect(passes(named('ztf_quality'), ztf(good))).toBe(true);
    // Alerts of before June 2019 have no drb.
    expect(passes(named('ztf_quality'), ztf({ ...good, drb: undefined }))).toBe(true);
    for (const wrong of [
      { rb: 0.64 },
      { drb: 0.64 },
      { nbad: 1 },
      { fwhm: 5.1 },
      { elong: 1.3 },
      { magdiff: 0.11 },
      { rb: null },
    ])
      expect([wrong, passes(named('ztf_quality'), ztf({ ...good, ...wrong }))]).toEqual([wrong, false]);
    expect([0.55, 0.54].map((rb) => passes(named('fink_quality'), ztf({ ...good, rb })))).toEqual([
      true,
      false,
    ]);
    expect(passes(named('fink_quality'), ztf({ ...good, nbad: 1 }))).toBe(false);
  });

  it('lsst_quality: reliability and flags', () => {
    const filter = named('lsst_quality');
    expect(passes(filter, lsst({ reliability: 0.5, pixelFlags_bad: false }))).toBe(true);
    expect(passes(filter, lsst({ reliability: null, pixelFlags_bad: null }))).toBe(true);
    for (const wrong of [
      { reliability: 0.49 },
      { pixelFlags_bad: true },
      { pixelFlags_cr: true },
      { shape_flag: true },
    ])
      expect([wrong, passes(filter, lsst(wrong))]).toEqual([wrong, false]);
  });

  it('cone: across RA 0, and at a pole', () => {
    const cone = (ra: number, dec: number, radius: number) => ({
      name: 'cone',
      definition: coneFilter(ra, dec, radius),
    });
    expect(passes(cone(359.9999, 0, 1), ztf({ ra: 0.0001, dec: 0 }))).toBe(true);
    expect(passes(cone(359.9999, 0, 0.7), ztf({ ra: 0.0001, dec: 0 }))).toBe(false);
    expect(passes(cone(10, 89.9999, 1), ztf({ ra: 190, dec: 89.9999 }))).toBe(true);
  });
});

describe('tryFilter', () => {
  it('tries a filter on a synthetic night, with what it says that it reads', () => {
    const { asked, passed, errors } = tryFilter('snr > 5 and mag < 19');
    expect(passed.length).toBeGreaterThan(5);
    expect(passed.length).toBeLessThan(asked);
    expect(errors).toEqual([]);
    for (const { derived } of passed) expect(derived.mag).toBeLessThan(19);
    // What it does not name is not there.
    const careless = {
      fields: ['objectId'],
      passes: (alert: { candid?: bigint }) => alert.candid !== undefined,
    };
    expect(tryFilter(careless)).toMatchObject({ passed: [], errors: [] });
  });

  it('takes alerts of one’s own', () => {
    expect(tryFilter('mag < 19', { alerts: [ALERT, LSST_ALERT], survey: 'ztf' })).toMatchObject({
      asked: 2,
      passed: [{ alert: ALERT }],
    });
  });
});
