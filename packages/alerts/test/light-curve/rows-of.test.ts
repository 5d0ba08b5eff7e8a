import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PoisonError, readContainer } from '@apf/core';
import {
  correctDetection,
  type DetectionRow,
  lightCurveModel,
  lightCurveRows,
  objectRow,
  syntheticZtf,
} from '@apf/alerts';

const sky = [
  ...syntheticZtf({ seed: 5, objects: 60, now: new Date('2026-10-01T18:00:00Z'), cutouts: false }),
];

const columnsOf = (table: string): string[] =>
  lightCurveModel()
    .find(({ name }) => name === table)!
    .columns.map(({ name }) => name)
    .sort();

describe('the rows of ZTF alerts', () => {
  it('have the columns of their tables', () => {
    const { detection, nonDetections } = lightCurveRows(
      sky.find(({ alert }) => alert.prv_candidates?.some(({ candid }) => candid === null))!.alert,
    );
    expect(Object.keys(detection).sort()).toEqual(columnsOf('detection'));
    expect(Object.keys(objectRow('ztf', [detection])).sort()).toEqual(columnsOf('object'));
    expect(Object.keys(nonDetections[0]!).sort()).toEqual(columnsOf('non_detection'));
  });

  it('tell of every epoch once, as a detection or as a limit', () => {
    for (const { alert } of sky) {
      const { oid, candid, mjd, detection, earlier, nonDetections } = lightCurveRows(alert);
      const epochs = alert.prv_candidates ?? [];
      expect(oid).toBe(alert.objectId);
      expect(earlier.map((row) => row.candid)).toEqual(
        epochs.map((epoch) => epoch.candid).filter((id) => id !== null),
      );
      expect(earlier.length + nonDetections.length).toBe(epochs.length);
      for (const row of earlier) expect(row).toMatchObject({ oid, parent_candid: candid, has_stamp: false });
      expect(detection).toMatchObject({
        oid,
        candid: alert.candid,
        mjd,
        band: alert.candidate.fid === 1 ? 'g' : 'r',
        isdiffpos: alert.candidate.isdiffpos === 't' ? 1 : -1,
        mag: alert.candidate.magpsf,
        parent_candid: null,
        has_stamp: true,
        corrected: null,
      });
      expect(mjd).toBeCloseTo(alert.candidate.jd - 2400000.5, 9);
    }
  });

  it('are corrected by the source of the reference', () => {
    const rows = sky.map(({ alert }) => correctDetection(lightCurveRows(alert).detection));
    const corrected = rows.filter((row) => row.corrected);
    expect(corrected.length).toBeGreaterThan(10);
    expect(rows.length - corrected.length).toBeGreaterThan(10);
    for (const { extra_fields, isdiffpos, mag_corr } of corrected) {
      expect(extra_fields.distnr).toBeLessThan(1.4);
      if (mag_corr === null) continue;
      // Brighter than the reference if the difference is positive, fainter if not.
      expect(Math.sign(extra_fields.magnr! - mag_corr)).toBe(isdiffpos);
      expect(Math.fround(mag_corr)).toBe(mag_corr);
    }
  });

  it('have the flux of their magnitude', () => {
    const row = lightCurveRows(sky[0]!.alert).detection;
    expect(row.flux! * row.isdiffpos!).toBeCloseTo(10 ** ((31.4 - row.mag!) / 2.5), -2);
    expect(row.e_flux! / Math.abs(row.flux!)).toBeCloseTo(row.e_mag! / 1.0857, 4);
  });

  it('of forced photometry are fluxes of counts', () => {
    const [first] = sky;
    const epoch = {
      jd: 2460000.5,
      fid: 2,
      pid: 7n,
      magzpsci: 26.4,
      forcediffimflux: -100,
      forcediffimfluxunc: 10,
    };
    const { forcedPhotometry } = lightCurveRows({
      ...first!.alert,
      fp_hists: [epoch, { ...epoch, pid: 8n, forcediffimflux: 20 }],
    });
    expect(Object.keys(forcedPhotometry[0]!).sort()).toEqual(columnsOf('forced_photometry'));
    expect(forcedPhotometry).toMatchObject([
      { pid: 7n, mjd: 60000, band: 'r', isdiffpos: -1, flux: -10000, e_flux: 1000, mag: Math.fround(21.4) },
      { pid: 8n, isdiffpos: 1, flux: 2000, mag: null },
    ]);
  });
});

const source = {
  diaSourceId: 170_000_000_000_000_001n,
  diaObjectId: 313_761_043_604_045_880n,
  visit: 2025_0001n,
  midpointMjdTai: 60800 + 37 / 86400,
  band: 'y',
  ra: 53.1,
  dec: -28.1,
  psfFlux: -1000,
  psfFluxErr: 50,
  scienceFlux: 3000,
  scienceFluxErr: 60,
  reliability: 0.5,
  x: 1,
};

describe('the rows of LSST alerts', () => {
  it('have the same columns, ids of 64 bits, times in UTC, and the flux of the object itself', () => {
    const rows = lightCurveRows({
      diaSourceId: source.diaSourceId,
      diaSource: source,
      diaObject: null,
      prvDiaSources: [{ ...source, diaSourceId: 5n }],
      prvDiaForcedSources: [{ ...source, diaSourceId: undefined, psfFlux: 100 }],
    });
    expect(rows).toMatchObject({ survey: 'lsst', oid: '313761043604045880', candid: source.diaSourceId });
    expect(Object.keys(rows.detection).sort()).toEqual(columnsOf('detection'));
    expect(Object.keys(rows.forcedPhotometry[0]!).sort()).toEqual(columnsOf('forced_photometry'));
    const { detection } = rows;
    expect(detection.mjd).toBeCloseTo(60800, 9);
    expect(detection).toMatchObject({
      band: 'y',
      pid: 20250001n,
      flux: -1000,
      isdiffpos: -1,
      corrected: true,
      rb: 0.5,
    });
    expect(detection.mag).toBeCloseTo(31.4 - 7.5, 5);
    expect(detection.mag_corr).toBeCloseTo(31.4 - 2.5 * Math.log10(3000), 5);
    expect(correctDetection(detection)).toBe(detection);
    expect(rows.earlier).toMatchObject([{ candid: 5n, parent_candid: source.diaSourceId }]);
    expect(rows.forcedPhotometry).toMatchObject([{ pid: 20250001n, flux: 100, mag: null }]);
  });

  it("of ELAsTiCC have its fluxes in nJy, and LSST's of 2019 their names", () => {
    const old = {
      diaSourceId: 9n,
      diaObjectId: 8n,
      ccdVisitId: 7n,
      midPointTai: 60800,
      filterName: 'Y',
      ra: 1,
      decl: 2,
      psFlux: 100,
      psFluxErr: 1,
    };
    const limit = { ccdVisitId: 6n, midPointTai: 60700, filterName: 'Y', diaNoise: 20 };
    const alert = { diaSource: old, prvDiaNondetectionLimits: [limit] };
    const { survey, detection, nonDetections } = lightCurveRows(alert);
    expect(survey).toBe('elasticc');
    expect(detection).toMatchObject({ oid: '8', band: 'y', pid: 7n, dec: 2 });
    expect(detection.mag).toBeCloseTo(27.5 - 5, 5);
    expect(nonDetections).toMatchObject([{ oid: '8', band: 'y' }]);
    expect(nonDetections[0]!.diffmaglim).toBeCloseTo(27.5 - 5, 5);
  });
});

describe('what is no alert, or lacks what a row must have', () => {
  it.each([
    ['nothing known', { oid: 'x' }, 'no alert of ZTF, LSST or ELAsTiCC'],
    ['no object', { diaSource: { ...source, diaObjectId: null } }, 'names no object'],
    ['no id', { diaSource: { ...source, diaSourceId: null } }, 'names no id'],
    ['an id that no database holds', { diaSource: { ...source, diaSourceId: 2n ** 63n } }, 'names no id'],
    ['no time', { diaSource: { ...source, midpointMjdTai: NaN } }, 'names no time'],
    ['no position', { diaSource: { ...source, ra: NaN } }, 'has no magnitude, band or position'],
  ])('is refused: %s', (_, alert, why) => {
    expect(() => lightCurveRows(alert)).toThrow(PoisonError);
    expect(() => lightCurveRows(alert)).toThrow(why);
  });
});

describe('the row of an object', () => {
  const { detection } = lightCurveRows(sky[0]!.alert);
  const at = (mjd: number, ra: number, dec: number, more: Partial<DetectionRow> = {}): DetectionRow => ({
    ...detection,
    candid: BigInt(Math.round(mjd)),
    mjd,
    ra,
    dec,
    ...more,
  });

  it('is the same in whatever order its detections come, and has their mean position across right ascension 0', () => {
    const detections = [
      at(3, 359.999, 10, { corrected: true }),
      at(1, 0.001, 10, { corrected: false }),
      at(2, 0, 10, { corrected: true }),
    ];
    const row = objectRow('ztf', detections);
    expect(row).toMatchObject({
      oid: detection.oid,
      survey: 'ztf',
      firstmjd: 1,
      lastmjd: 3,
      ndet: 3,
      corrected: false,
    });
    expect(Math.min(row.meanra, 360 - row.meanra)).toBeLessThan(1e-9);
    expect(row.meandec).toBeCloseTo(10, 6);
    expect(objectRow('ztf', [...detections].reverse())).toEqual(row);
  });

  it.each([
    [{ distnr: 0.3, distpsnr1: 0.5, sgscore1: 0.9 }, true],
    [{ distnr: 0.3, distpsnr1: 0.5, sgscore1: 0.1 }, false],
    [{ distnr: 2, distpsnr1: 0.5, sgscore1: 0.9 }, false],
    [{ distnr: 0.3, distpsnr1: 5, sgscore1: 0.1, chinr: 0.9, sharpnr: 0.01 }, true],
    [{ distnr: 0.3, distpsnr1: 5, sgscore1: 0.9, chinr: 3, sharpnr: 0.01 }, false],
    [{ distnr: 0.3, distpsnr1: null, chinr: 0.9, sharpnr: 0.3 }, false],
    [{ distnr: 0.3 }, null],
    [{}, null],
  ])('says of %j that it is stellar: %p', (extra_fields, stellar) => {
    expect(objectRow('ztf', [at(1, 0, 0, { extra_fields })]).stellar).toBe(stellar);
  });
});

const alerts = process.env.APF_ALERTS;
const describeReal = alerts ? describe : describe.skip;
if (!alerts) console.warn('APF_ALERTS is not set: no rows are made of real alerts');

describeReal('the rows of real alerts', () => {
  const alertsIn = (folder: string): object[] => {
    const path = join(alerts ?? '', folder);
    const files = readdirSync(path).filter((file) => file.endsWith('.avro'));
    return files.flatMap((file) => readContainer<object>(readFileSync(join(path, file))).records);
  };

  it.each([
    ['fink-alert-simulator/datasim', 'prv_candidates'],
    ['kowalski/20231012', 'prv_candidates'],
    ['fink-broker/rubin_test_data_7_4_avro', 'prvDiaSources'],
    ['fink-broker/rubin_test_data_9_0_avro', 'prvDiaSources'],
    ['pipeline/LSST_samples', 'prvDiaSources'],
  ])('in %s have every epoch, at the place of the alert', (folder, history) => {
    const all = alertsIn(folder);
    expect(all.length).toBeGreaterThan(0);
    for (const alert of all) {
      const { survey, detection, earlier, nonDetections } = lightCurveRows(alert);
      const told = earlier.length + (history === 'prv_candidates' ? nonDetections.length : 0);
      expect(told).toBe((alert as Record<string, unknown[] | null>)[history]?.length ?? 0);
      const { meandec, ndet } = objectRow(survey, [detection, ...earlier].map(correctDetection));
      expect(ndet).toBe(1 + earlier.length);
      expect(Math.abs(meandec - detection.dec)).toBeLessThan(3 / 3600);
    }
  });
});
