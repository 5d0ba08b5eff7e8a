import { readFitsFile } from '../../../src/fits.js';
import type { Lsst7Alert, LsstAlert } from '../../../src/lsst-alert.js';
import { sourceId, ssObjectId, visitId } from '../../../src/synthetic-sky/lsst/names.js';
import type { Exposure } from '../../../src/synthetic-sky/schedule.js';
import { syntheticSky } from '../../../src/synthetic-sky.js';

const start = new Date('2026-03-14T12:00:00Z');
const options = { survey: 'lsst', seed: 5, objects: 200, start, nights: 1 } as const;
const sent = [...syntheticSky({ ...options, cutouts: false }).alerts()].map(({ alert, truth }) => ({
  truth,
  alert: alert as LsstAlert,
}));

describe("Rubin's ids", () => {
  const exposure = { jd: 2461091.535, slot: 44 } as Exposure;

  it('name visits by the day that began at noon and a number in it', () => {
    expect(visitId(exposure)).toBe(2026_02_19_00045n);
  });

  it('pack release, day since 2010, number, detector and source', () => {
    const id = sourceId(exposure, 166, { slot: 128 });
    expect(id & (2n ** 19n - 1n)).toBe(129n);
    expect((id >> 19n) & 255n).toBe(166n);
    expect((id >> 27n) & 32767n).toBe(45n);
    // 2026-02-19 is day 5893.
    expect((id >> 42n) & 16383n).toBe(5893n);
    expect(id >> 56n).toBe(2n);
  });

  it('of asteroids are the letters of their packed designation', () => {
    expect(ssObjectId('K15A12B')).toBe(0x4b313541313242n);
  });
});

describe('a synthetic LSST alert', () => {
  it('is of an object or of an asteroid, never of both', () => {
    const asteroids = sent.filter(({ truth }) => truth.kind === 'asteroid');
    expect(asteroids.length).toBeGreaterThan(10);
    for (const { truth, alert } of sent) {
      const { diaSource, diaObject, ssSource, mpc_orbits: orbit } = alert;
      const moving = truth.kind === 'asteroid';
      expect([diaObject === null, ssSource !== null, orbit !== null]).toEqual([moving, moving, moving]);
      expect(diaSource.diaObjectId).toBe(diaObject ? diaObject.diaObjectId : null);
      expect(diaSource.ssObjectId).toBe(ssSource ? ssSource.ssObjectId : null);
      expect(alert.diaSourceId).toBe(diaSource.diaSourceId);
    }
  });

  it('has fluxes that fit each other: 5 sigma at least, science minus template', () => {
    for (const { alert } of sent) {
      const { psfFlux, psfFluxErr, snr, isNegative, scienceFlux, templateFlux, reliability } =
        alert.diaSource;
      expect(snr).toBeGreaterThanOrEqual(5);
      expect(Math.abs(psfFlux!) / psfFluxErr! / snr!).toBeCloseTo(1, 5);
      expect(isNegative).toBe(psfFlux! < 0);
      expect(Math.abs(scienceFlux! - templateFlux! - psfFlux!)).toBeLessThan(
        1e-5 * Math.abs(scienceFlux!) + 1,
      );
      expect(reliability).toBeGreaterThanOrEqual(0);
      expect(reliability).toBeLessThanOrEqual(1);
    }
    const signs = new Set(sent.map(({ alert }) => alert.diaSource.isNegative));
    expect(signs).toEqual(new Set([true, false]));
  });

  it('says of its object what its history does', () => {
    let withHistory = 0;
    for (const { alert } of sent) {
      const { diaSource, diaObject, prvDiaSources, prvDiaForcedSources } = alert;
      if (!diaObject) continue;
      const detections = [...(prvDiaSources ?? []), diaSource];
      if (detections.length > 5) withHistory++;
      const times = detections.map(({ midpointMjdTai }) => midpointMjdTai);
      expect(times).toEqual([...times].sort((a, b) => a - b));
      expect(times.at(-1)! - times[0]!).toBeLessThan(365);
      expect(diaObject.nDiaSources).toBe(detections.length);
      expect([diaObject.firstDiaSourceMjdTai, diaObject.lastDiaSourceMjdTai]).toEqual([
        times[0],
        times.at(-1),
      ]);
      const { band } = diaSource as { band: 'u' | 'g' | 'r' | 'i' | 'z' | 'y' };
      const fluxes = detections.filter((source) => source.band === band).map(({ psfFlux }) => psfFlux!);
      expect(diaObject[`${band}_psfFluxNdata`]).toBe(fluxes.length);
      expect(diaObject[`${band}_psfFluxMax`]).toBe(Math.max(...fluxes));
      // The forced fit of a detection's exposure is the detection.
      const forced = new Map(prvDiaForcedSources!.map((source) => [source.visit, source.psfFlux]));
      for (const source of detections) expect(forced.get(source.visit)).toBe(source.psfFlux);
      expect(prvDiaForcedSources!.every(({ midpointMjdTai }) => midpointMjdTai >= times[0]!)).toBe(true);
    }
    expect(withHistory).toBeGreaterThan(50);
  });

  it('tells of a detection in later alerts what its own alert told', () => {
    const own = new Map(sent.map(({ alert }) => [alert.diaSourceId, alert.diaSource]));
    const repeated = sent
      .flatMap(({ alert }) => alert.prvDiaSources ?? [])
      .filter(({ diaSourceId }) => own.has(diaSourceId));
    expect(repeated.length).toBeGreaterThan(30);
    for (const source of repeated) expect(source).toEqual(own.get(source.diaSourceId));
  });

  it('of version 7.4 has the limits of the exposures that found nothing', () => {
    const alerts = [...syntheticSky({ ...options, version: '7.4', cutouts: false }).alerts()];
    const limits = alerts.flatMap(({ alert }) => (alert as Lsst7Alert).prvDiaNondetectionLimits ?? []);
    expect(limits.length).toBeGreaterThan(100);
    for (const { diaNoise } of limits) expect(diaNoise).toBeGreaterThan(0);
  });

  it('has images of three HDUs in nJy, science minus template as the difference', () => {
    for (const { alert } of syntheticSky({ ...options, objects: 30 }).alerts()) {
      const [science, template, difference] = [
        alert.cutoutScience,
        alert.cutoutTemplate,
        alert.cutoutDifference,
      ].map((bytes) => readFitsFile(bytes!, { strict: true }).hdus);
      expect(difference!.map(({ name }) => name)).toEqual(['', 'UNCERT', 'PSFIMAGE']);
      expect(difference!.map(({ image }) => image!.width)).toEqual([30, 30, 41]);
      expect(difference![0]!.cards.get('BUNIT')).toBe('nJy');
      const pixels = [science, template, difference].map((hdus) => hdus![0]!.image!.pixels);
      expect(pixels[2]!.every((value, i) => value === pixels[0]![i]! - pixels[1]![i]!)).toBe(true);
      expect(difference![1]!.image!.pixels.every((variance) => variance > 0)).toBe(true);
    }
  });
});
