import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { readContainer } from '@apf/core';
import { lightCurveOf, mergeLightCurves } from '../../src/light-curve/light-curve-of.js';
import type { LightCurve, LightCurvePoint } from '../../src/light-curve/light-curve.js';

const candidate = {
  jd: 2459000.75,
  fid: 1,
  candid: 1250000000000000001n,
  isdiffpos: 't',
  magpsf: 18,
  sigmapsf: 0.1,
  diffmaglim: 20.5,
  magnr: 17,
  sigmagnr: 0.01,
  distnr: 0.5,
  nbad: 0,
};
const upperLimit = { jd: 2458999.75, fid: 2, candid: null, isdiffpos: null, magpsf: null, diffmaglim: 19.5 };
const ztf = (fields: object): object => ({ objectId: 'ZTF18abcdefg', candid: 1n, candidate, ...fields });

function curveOf(alert: unknown): LightCurve {
  const curve = lightCurveOf(alert);
  if (!curve) throw new Error('no survey');
  return curve;
}
const pointsOf = (alert: unknown): readonly LightCurvePoint[] => curveOf(alert).points;
const withSign = (isdiffpos: unknown): LightCurvePoint =>
  pointsOf(ztf({ candidate: { ...candidate, isdiffpos } }))[0]!;

describe('the light curve of a ZTF alert', () => {
  it('has detections and upper limits in the order of time, the alert itself marked', () => {
    const earlier = { ...candidate, jd: 2458998.75, candid: 7n, fid: 3 };
    const curve = curveOf(ztf({ prv_candidates: [upperLimit, earlier] }));
    expect(curve).toMatchObject({ survey: 'ztf', objectId: 'ZTF18abcdefg', unit: 'nJy', zeroPoint: 31.4 });
    expect(curve.points).toMatchObject([
      { kind: 'detection', id: '7', isAlert: false, band: 'i' },
      { kind: 'upper limit', id: null, isAlert: false, band: 'r', magnitude: null, limit: 19.5, flux: null },
      { kind: 'detection', id: '1250000000000000001', isAlert: true, band: 'g', magnitude: 18, limit: 20.5 },
    ]);
    const { time } = curve.points[2]!;
    expect(time).toMatchObject({ value: 2459000.75, format: 'jd', scale: 'utc', mjdUtc: 59000.25 });
    expect(time.mjdTai).toBeCloseTo(59000.25 + 37 / 86400, 9);
  });

  it.each([
    ['t', 1],
    ['1', 1],
    [1, 1],
    [true, 1],
    ['f', -1],
    ['0', -1],
    [0, -1],
    [false, -1],
    ['x', null],
    [null, null],
    [-999, null],
  ])('gives the difference flux the sign that isdiffpos %p means', (isdiffpos, sign) => {
    const point = withSign(isdiffpos);
    expect(point).toMatchObject({ sign, magnitude: 18 });
    // 10 ** ((31.4 - 18) / 2.5) nJy
    if (sign === null) expect(point.flux).toBeNull();
    else expect(point.flux).toBeCloseTo(sign * 229086.765, 2);
    expect(point.fluxError).toBeCloseTo(229086.765 * 0.1 * 0.921034, 1);
  });

  it('adds the difference to the reference for the apparent magnitude, or takes it off', () => {
    const [plus, minus] = [withSign('t'), withSign('f')];
    expect(plus.apparentMagnitude).toBeCloseTo(-2.5 * Math.log10(10 ** -6.8 + 10 ** -7.2), 9);
    expect(minus.apparentMagnitude).toBeCloseTo(-2.5 * Math.log10(10 ** -6.8 - 10 ** -7.2), 9);
    expect(plus.apparentMagnitudeError).toBeGreaterThan(0);
    const far = pointsOf(ztf({ candidate: { ...candidate, distnr: 3 } }))[0]!;
    expect(far.apparentMagnitude).toBeNull();
  });

  it('reads sentinels, NaN and other types as null', () => {
    for (const none of [-999, NaN, null, undefined, 'x', Infinity, {}]) {
      const [point] = pointsOf(
        ztf({ candidate: { ...candidate, sigmapsf: none, diffmaglim: none, magnr: none, fid: none } }),
      );
      expect(point).toMatchObject({ magnitudeError: null, fluxError: null, limit: null, band: null });
      expect(point!.apparentMagnitude).toBeNull();
    }
    expect(pointsOf(ztf({ candidate: { ...candidate, jd: null } }))).toEqual([]);
  });

  it('says which quality flags are raised', () => {
    expect(pointsOf(ztf({ candidate: { ...candidate, nbad: 2 } }))[0]!.flags).toEqual(['nbad']);
  });

  it('turns forced counts into fluxes, with a magnitude from 3 sigma on', () => {
    const forced = {
      jd: 2458990.5,
      fid: 2,
      magzpsci: 26.4,
      forcediffimflux: 100,
      forcediffimfluxunc: 10,
      procstatus: '0',
    };
    const [seen, faint, failed] = pointsOf(
      ztf({
        fp_hists: [
          forced,
          { ...forced, jd: 2458991.5, forcediffimflux: -20 },
          { ...forced, jd: 2458992.5, forcediffimflux: -99999, forcediffimfluxunc: -99999, procstatus: '61' },
        ],
      }),
    );
    // Five magnitudes between the zero points: a factor of 100.
    expect(seen).toMatchObject({ kind: 'forced', id: null, sign: 1, flags: [] });
    expect(seen!.flux).toBeCloseTo(10000, 6);
    expect(seen!.fluxError).toBeCloseTo(1000, 6);
    expect(seen!.magnitude).toBeCloseTo(21.4, 9);
    expect(seen!.limit).toBeCloseTo(31.4 - 2.5 * Math.log10(5000), 9);
    expect(faint).toMatchObject({ sign: -1, magnitude: null, magnitudeError: null });
    expect(failed).toMatchObject({ flux: null, fluxError: null, flags: ['procstatus 61'] });
  });
});

describe('the light curve of an LSST alert', () => {
  const source = {
    diaSourceId: 25409136044802067n,
    diaObjectId: 17n,
    midpointMjdTai: 61000.5,
    band: 'i',
    ra: 1,
    dec: 2,
    psfFlux: -3630.780547701014,
    psfFluxErr: 363.0780547701014,
    scienceFlux: 1e5,
    scienceFluxErr: 100,
    pixelFlags_edge: true,
    psfFlux_flag: false,
    isNegative: true,
  };

  it('has fluxes in nJy with their sign, and AB magnitudes of 31.4', () => {
    const curve = curveOf({
      diaSource: source,
      prvDiaSources: [{ ...source, diaSourceId: 3n, midpointMjdTai: 60999 }],
      prvDiaForcedSources: [
        { diaForcedSourceId: 4n, midpointMjdTai: 60998, band: 'y', psfFlux: 5, psfFluxErr: 10 },
      ],
      diaObject: { diaObjectId: 313761043604045880n },
    });
    expect(curve).toMatchObject({ survey: 'lsst', objectId: '313761043604045880', unit: 'nJy' });
    expect(curve.points).toMatchObject([
      { kind: 'forced', id: '4', band: 'y', flux: 5, magnitude: null },
      { kind: 'detection', id: '3', isAlert: false },
      { kind: 'detection', id: '25409136044802067', isAlert: true, sign: -1, flags: ['pixelFlags_edge'] },
    ]);
    const [, , point] = curve.points;
    expect(point!.magnitude).toBeCloseTo(22.5, 9);
    expect(point!.magnitudeError).toBeCloseTo(0.1085736, 6);
    expect(point!.apparentMagnitude).toBeCloseTo(18.9, 9);
    expect(point!.limit).toBeCloseTo(31.4 - 2.5 * Math.log10(5 * 363.0780547701014), 9);
    expect(point!.time).toMatchObject({ value: 61000.5, format: 'mjd', scale: 'tai', mjdTai: 61000.5 });
    expect(point!.time.mjdUtc).toBeCloseTo(61000.5 - 37 / 86400, 9);
  });

  it('has the names of the schemas 1 to 4 too, their limits and their flags in one number', () => {
    const old = {
      diaSourceId: 1n,
      midPointTai: 58000,
      filterName: 'g',
      x: 1,
      ra: 1,
      decl: 2,
      psFlux: 363.078,
      psFluxErr: 36,
      totFlux: -1,
      flags: 5n,
    };
    const curve = curveOf({
      diaSource: old,
      prv_diaSources: [{ ...old, midPointTai: 57999, flags: 0n }],
      prvDiaNondetectionLimits: [{ ccdVisitId: 1n, midPointTai: 57998, filterName: 'r', diaNoise: 20 }],
    });
    expect(curve.survey).toBe('lsst');
    expect(curve.points).toMatchObject([
      { kind: 'upper limit', band: 'r', flux: null, fluxError: 20, limit: 31.4 - 2.5 * Math.log10(100) },
      { kind: 'detection', flags: [] },
      { kind: 'detection', isAlert: true, band: 'g', flags: ['flags 5'], apparentMagnitude: null },
    ]);
  });

  it('names a body of the solar system by its designation', () => {
    expect(
      curveOf({ diaSource: { ...source, diaObjectId: null }, mpc_orbits: { designation: '2011 AB1' } })
        .objectId,
    ).toBe('2011 AB1');
    expect(curveOf({ diaSource: { ...source, diaObjectId: 0n, ssObjectId: 21n } }).objectId).toBe('21');
  });
});

describe('the light curve of an ELAsTiCC alert', () => {
  it('has fluxes of the zero point 27.5, and y for Y', () => {
    const diaSource = {
      diaSourceId: 1n,
      midPointTai: 60000,
      filterName: 'Y',
      ra: 1,
      decl: 2,
      psFlux: 10,
      psFluxErr: 1,
    };
    const { survey, unit, zeroPoint, points } = curveOf({ diaSource, diaObject: null });
    expect({ survey, unit, zeroPoint }).toEqual({ survey: 'elasticc', unit: 'FLUXCAL', zeroPoint: 27.5 });
    expect(points).toMatchObject([{ band: 'y', flux: 10, magnitude: 25, isAlert: true }]);
  });
});

describe('light curves', () => {
  it('are undefined for what is no alert of a known survey', () => {
    for (const other of [
      null,
      5,
      [],
      {},
      { candidate: { mjd: 5 } },
      { oid: 'ZTF', probabilities: { SN: 1 } },
    ])
      expect(lightCurveOf(other)).toBeUndefined();
  });

  it('are merged without repeating a measurement, the alert of each detection kept', () => {
    const first = ztf({ prv_candidates: [upperLimit] });
    const second = ztf({
      candidate: { ...candidate, jd: 2459001.75, candid: 2n },
      prv_candidates: [upperLimit, { ...candidate, magpsf: 18.25 }],
    });
    const merged = mergeLightCurves([second, first, second].map(curveOf))!;
    expect(merged.points.map(({ id, isAlert, magnitude }) => [id, isAlert, magnitude])).toEqual([
      [null, false, null],
      ['1250000000000000001', true, 18],
      ['2', true, 18],
    ]);
    expect(mergeLightCurves([])).toBeUndefined();
  });

  it('never throw, are ordered by time, and hold finite numbers only, whatever an alert has', () => {
    const anything = fc.oneof(fc.anything(), fc.double(), fc.constantFrom(-999, 0, 1n, 't', 'f'));
    const names = [
      'jd',
      'fid',
      'isdiffpos',
      'magpsf',
      'sigmapsf',
      'magnr',
      'distnr',
      'candid',
      'diffmaglim',
      'midpointMjdTai',
      'psfFlux',
      'psfFluxErr',
      'scienceFlux',
      'diaNoise',
      'flags',
      'band',
      'procstatus',
      'magzpsci',
      'forcediffimflux',
      'forcediffimfluxunc',
    ];
    const record = fc.record(Object.fromEntries(names.map((name) => [name, anything])), { requiredKeys: [] });
    const list = fc.oneof(fc.array(record, { maxLength: 5 }), anything);
    const alert = fc.record(
      {
        candidate: record,
        diaSource: record,
        prv_candidates: list,
        fp_hists: list,
        prvDiaSources: list,
        prvDiaNondetectionLimits: list,
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(alert, (value) => {
        const points = lightCurveOf(value)?.points ?? [];
        for (const [i, point] of points.entries()) {
          if (i > 0) expect(point.time.mjdUtc).toBeGreaterThanOrEqual(points[i - 1]!.time.mjdUtc);
          for (const number of [
            point.flux,
            point.fluxError,
            point.magnitude,
            point.magnitudeError,
            point.limit,
            point.apparentMagnitude,
            point.apparentMagnitudeError,
          ])
            expect(number === null || Number.isFinite(number)).toBe(true);
        }
      }),
    );
  });
});

const alerts = process.env.APF_ALERTS;
if (!alerts) console.warn('APF_ALERTS is not set: no light curve of a real alert is read');

(alerts ? describe : describe.skip)('light curves of real alerts', () => {
  it.each([
    ['fink-alert-simulator/datasim', 'ztf'],
    ['kowalski/20231012', 'ztf'],
    ['fink-broker/rubin_test_data_7_4_avro', 'lsst'],
    ['fink-broker/rubin_test_data_9_0_avro', 'lsst'],
    ['pipeline/LSST_samples', 'elasticc'],
  ])('in %s have the alert once, with a band and a plausible magnitude', (folder, survey) => {
    const path = join(alerts ?? '', folder);
    const files = readdirSync(path).filter((name) => name.endsWith('.avro'));
    expect(files.length).toBeGreaterThan(0);
    for (const name of files) {
      const [alert] = readContainer(readFileSync(join(path, name))).records;
      const curve = curveOf(alert);
      expect(curve.survey).toBe(survey);
      const [own, ...others] = curve.points.filter(({ isAlert }) => isAlert);
      expect(others).toEqual([]);
      expect(own).toMatchObject({ kind: 'detection', band: expect.stringMatching(/^[ugrizy]$/) });
      expect(own!.sign).not.toBeNull();
      expect(own!.magnitude).toBeGreaterThan(9);
      // A dipole may have next to no flux.
      expect(own!.magnitude).toBeLessThan(32);
    }
  });
});
