import { syntheticSky } from '../../src/synthetic-sky.js';

const start = new Date('2026-03-14T12:00:00Z');
const sent = [...syntheticSky({ survey: 'elasticc', seed: 5, objects: 200, start, nights: 3 }).alerts()];

const LIMITS: Readonly<Record<string, number>> = { u: 23.6, g: 24.7, r: 24.3, i: 23.9, z: 23.3, Y: 22.4 };

describe('a synthetic ELAsTiCC alert', () => {
  it('has no images, and ids that count the sources of its object', () => {
    for (const { alert, sourceId } of sent) {
      const { diaSource, diaObject, alertId, cutoutDifference, cutoutTemplate } = alert;
      expect([cutoutDifference, cutoutTemplate]).toEqual([null, null]);
      expect([alertId, diaSource.diaSourceId]).toEqual([sourceId, sourceId]);
      expect(sourceId / 2000n).toBe(diaObject!.diaObjectId);
      expect(sourceId % 2000n).toBe(BigInt(diaSource.nobs!));
    }
  });

  it('has fluxes with the zero point 27.5', () => {
    const limits = sent.flatMap(({ alert }) => alert.prvDiaNondetectionLimits ?? []);
    for (const { diaNoise, filterName } of limits) {
      // LSST's 5 sigma limits, less what air mass, seeing and haze cost.
      const lost = LIMITS[filterName]! - (27.5 - 2.5 * Math.log10(5 * diaNoise));
      expect(lost).toBeGreaterThan(-0.7);
      expect(lost).toBeLessThan(1.5);
    }
    for (const { alert } of sent) {
      const { psFlux, psFluxErr, snr } = alert.diaSource;
      expect(Math.abs(psFlux) / psFluxErr / snr).toBeCloseTo(1, 5);
    }
  });

  it('has forced photometry of earlier nights and the limits of exposures that found nothing', () => {
    for (const { alert } of sent) {
      for (const { midPointTai } of alert.prvDiaForcedSources ?? []) {
        expect(midPointTai).toBeLessThan(alert.diaSource.midPointTai - 0.3);
      }
    }
    expect(sent.some(({ alert }) => (alert.prvDiaForcedSources ?? []).length > 5)).toBe(true);
    expect(sent.some(({ alert }) => (alert.prvDiaNondetectionLimits ?? []).length > 5)).toBe(true);
  });

  it('knows the host galaxy of a supernova, and that a star has none', () => {
    for (const { alert, truth } of sent) {
      const { hostgal_zphot: redshift, hostgal_mag_Y: magnitude } = alert.diaObject!;
      if (truth.redshift !== undefined) expect(Math.abs(redshift! - truth.redshift)).toBeLessThan(0.3);
      else if (truth.kind !== 'AGN') expect([redshift, magnitude]).toEqual([-9, 999]);
    }
  });
});
