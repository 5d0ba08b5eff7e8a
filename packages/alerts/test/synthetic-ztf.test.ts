import { createHash } from 'node:crypto';
import { readFits } from '../src/fits.js';
import { STAMP_CLASSES } from '../src/stamp-classification.js';
import { syntheticZtf, type ClassifiedAlert } from '../src/synthetic-ztf.js';
import { fittedFlux } from '../src/synthetic-sky/stamp.js';
import { altitude, lastNight, PALOMAR } from '../src/synthetic-sky/site.js';
import { julianDate } from '../src/synthetic-sky/time-scales.js';
import { topClass } from '../src/top-class.js';

const now = new Date('2026-03-15T20:00:00Z');
const sky = (
  options: { seed?: number; objects?: number; now?: Date; cutouts?: boolean } = {},
): ClassifiedAlert[] => [...syntheticZtf({ seed: 1, objects: 300, now, cutouts: false, ...options })];
const digest = (alerts: readonly ClassifiedAlert[]): string => {
  const text = JSON.stringify(alerts, (_, value: unknown) =>
    typeof value === 'bigint' ? value.toString() : value,
  );
  return createHash('sha256').update(text).digest('hex');
};

describe('the synthetic sky', () => {
  const alerts = sky();

  it('gives the same bytes, images included, for the same seed and night', () => {
    const once = sky({ objects: 20, cutouts: true });
    expect(digest(sky({ objects: 20, cutouts: true }))).toBe(digest(once));
    expect(digest(sky({ objects: 20, cutouts: true, now: new Date('2026-03-15T20:59:00Z') }))).toBe(
      digest(once),
    );
    expect(digest(sky({ objects: 20, cutouts: true, seed: 2 }))).not.toBe(digest(once));
    expect(digest(sky({ objects: 20, cutouts: true, now: new Date('2026-03-16T20:00:00Z') }))).not.toBe(
      digest(once),
    );
  });

  it('does not change an object when others are added', () => {
    const ids = new Set(sky({ objects: 200 }).map(({ alert }) => alert.objectId));
    const same = alerts.filter(({ alert }) => ids.has(alert.objectId));
    expect(digest(same)).toBe(digest(sky({ objects: 200 })));
  });

  it('has objects of every kind, earliest alerts first', () => {
    expect(new Set(alerts.map(({ kind }) => kind))).toEqual(new Set(STAMP_CLASSES));
    const times = alerts.map(({ alert }) => alert.candidate.jd);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(alerts.length).toBeGreaterThan(300);
  });

  it('observes in the last night, high enough over Palomar', () => {
    const night = lastNight(PALOMAR, now);
    for (const { alert } of alerts) {
      const { ra, dec, jd } = alert.candidate;
      expect(jd).toBeGreaterThanOrEqual(night.start);
      expect(jd).toBeLessThan(night.end);
      expect(ra).toBeGreaterThanOrEqual(0);
      expect(ra).toBeLessThan(360);
      expect(Math.abs(dec)).toBeLessThanOrEqual(90);
      expect(altitude(PALOMAR, ra, dec, jd)).toBeGreaterThan(15);
    }
  });

  it('names and numbers alerts as ZTF does, without a repetition', () => {
    for (const { alert, classification } of alerts) {
      expect(alert.objectId).toMatch(/^ZTF\d\d[a-z]{7}$/);
      const { candidate } = alert;
      expect(alert.candid).toBe(candidate.candid);
      expect(alert.candid / 1_000_000n).toBe(candidate.pid);
      expect(alert.candid > BigInt(Number.MAX_SAFE_INTEGER)).toBe(true);
      expect(alert.candid < 2n ** 63n).toBe(true);
      expect(candidate.pid / 1_000_000_000n).toBe(BigInt(candidate.nid!));
      expect([classification.objectId, classification.candid]).toEqual([alert.objectId, alert.candid]);
    }
    expect(new Set(alerts.map(({ alert }) => alert.candid)).size).toBe(alerts.length);
  });

  it('measures brighter than the limit, with an error that fits, and a sign', () => {
    for (const { alert } of alerts) {
      const { magpsf, sigmapsf, diffmaglim, isdiffpos } = alert.candidate;
      expect(magpsf).toBeGreaterThan(12);
      expect(magpsf).toBeLessThanOrEqual(diffmaglim!);
      expect(sigmapsf).toBeGreaterThan(0);
      expect(sigmapsf).toBeLessThan(0.3);
      expect(['t', 'f']).toContain(isdiffpos);
    }
    const signs = (kind: string): Set<string> =>
      new Set(alerts.filter((alert) => alert.kind === kind).map(({ alert }) => alert.candidate.isdiffpos));
    expect(signs('VS')).toEqual(new Set(['t', 'f']));
    expect(signs('SN')).toEqual(new Set(['t']));
  });

  it('tells real from bogus by rb and drb', () => {
    for (const { kind, alert } of alerts) {
      expect(alert.candidate.rb! > 0.55).toBe(kind !== 'bogus');
      expect(alert.candidate.drb! > 0.5).toBe(kind !== 'bogus');
    }
  });

  it('sends the 30 days before, upper limits with nulls where ZTF has them', () => {
    const epochs = alerts.flatMap(({ alert }) => alert.prv_candidates ?? []);
    const limits = epochs.filter(({ candid }) => candid === null);
    expect(limits.length).toBeGreaterThan(100);
    expect(epochs.length - limits.length).toBeGreaterThan(100);
    for (const epoch of limits) {
      expect([epoch.magpsf, epoch.ra, epoch.isdiffpos, epoch.rb, epoch.ssnamenr]).toEqual([
        null,
        null,
        null,
        null,
        null,
      ]);
      expect(epoch.diffmaglim).toBeGreaterThan(19);
    }
    for (const { alert } of alerts) {
      const times = [...(alert.prv_candidates ?? []), alert.candidate].map(({ jd }) => jd);
      expect(times).toEqual([...times].sort((a, b) => a - b));
      expect(times.at(-1)! - times[0]!).toBeLessThan(31);
    }
  });

  it("repeats a night's first alert in the history of the second", () => {
    const byId = new Map(alerts.map(({ alert }) => [alert.candid, alert.candidate]));
    const repeated = alerts
      .flatMap(({ alert }) => alert.prv_candidates ?? [])
      .filter(({ candid }) => candid !== null && byId.has(candid));
    expect(repeated.length).toBeGreaterThan(50);
    for (const epoch of repeated) expect(byId.get(epoch.candid!)).toMatchObject(epoch);
  });

  it('moves asteroids: one detection at each place, known to the minor planet catalogue', () => {
    const asteroids = alerts.filter(({ kind }) => kind === 'asteroid');
    const tracks = new Map<string, ClassifiedAlert[]>();
    for (const asteroid of asteroids) {
      const { ssnamenr, ssdistnr, ndethist } = asteroid.alert.candidate;
      expect(ssnamenr).toMatch(/^\d+$/);
      expect(ssdistnr).toBeLessThan(30);
      expect(ndethist).toBe(1);
      expect((asteroid.alert.prv_candidates ?? []).every(({ candid }) => candid === null)).toBe(true);
      tracks.set(ssnamenr!, [...(tracks.get(ssnamenr!) ?? []), asteroid]);
    }
    const pairs = [...tracks.values()].filter((points) => points.length === 2);
    expect(pairs.length).toBeGreaterThan(10);
    for (const [first, second] of pairs) {
      const [a, b] = [first!.alert, second!.alert];
      expect(a.objectId).not.toBe(b.objectId);
      const turn = ((a.candidate.ra - b.candidate.ra + 540) % 360) - 180;
      const east = turn * Math.cos((a.candidate.dec * Math.PI) / 180);
      const arcsec = Math.hypot(east, a.candidate.dec - b.candidate.dec) * 3600;
      const minutes = (b.candidate.jd - a.candidate.jd) * 1440;
      expect(arcsec / minutes).toBeGreaterThan(0.01);
      expect(arcsec / minutes).toBeLessThan(0.9);
    }
    for (const { kind, alert } of alerts) {
      if (kind !== 'asteroid') expect(alert.candidate.ssnamenr).toBe('null');
    }
  });

  it('classifies most alerts rightly, with probabilities that add up to 1', () => {
    let right = 0;
    for (const { kind, classification } of alerts) {
      const values = Object.values(classification.probabilities);
      expect(values.every((value) => value >= 0 && value <= 1)).toBe(true);
      expect(values.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 6);
      if (topClass(classification.probabilities) === kind) right++;
    }
    expect(right / alerts.length).toBeGreaterThan(0.88);
    expect(right).toBeLessThan(alerts.length);
  });

  it('is empty without objects, and knows any night of the year', () => {
    expect(sky({ objects: 0 })).toEqual([]);
    for (let month = 0; month < 12; month++) {
      expect(sky({ objects: 20, now: new Date(Date.UTC(2026, month, 28)) }).length).toBeGreaterThan(10);
    }
  });

  it('takes the night that ended before now, whatever the hour', () => {
    for (let hour = 0; hour < 24; hour++) {
      const at = new Date(Date.UTC(2026, 5, 10, hour));
      const last = sky({ objects: 5, now: at }).at(-1);
      expect(last!.alert.candidate.jd).toBeLessThan(julianDate(at));
      expect(last!.alert.candidate.jd).toBeGreaterThan(julianDate(at) - 1.5);
    }
  });
});

describe('the cutouts of the synthetic sky', () => {
  const alerts = sky({ objects: 60, cutouts: true });
  const images = alerts.map(({ kind, alert }) => ({
    kind,
    candidate: alert.candidate,
    science: readFits(alert.cutoutScience!.stampData),
    template: readFits(alert.cutoutTemplate!.stampData),
    difference: readFits(alert.cutoutDifference!.stampData),
  }));

  it('are 63 x 63 pixels, named after the alert', () => {
    for (const { science, template, difference } of images) {
      for (const { width, height } of [science, template, difference])
        expect([width, height]).toEqual([63, 63]);
    }
    const { alert } = alerts[0]!;
    expect(alert.cutoutScience!.fileName).toBe(
      `candid${alert.candid}_pid${alert.candidate.pid}_targ_sci.fits.gz`,
    );
  });

  it('have science minus template as the difference, with the sign of the alert', () => {
    for (const { candidate, science, template, difference } of images) {
      const sign = candidate.isdiffpos === 't' ? 1 : -1;
      const expected = science.pixels.map((value, i) => sign * (value - template.pixels[i]!));
      expect(difference.pixels.map((value, i) => value - expected[i]!).every((value) => value === 0)).toBe(
        true,
      );
    }
  });

  it('hold the flux of the alert, by a fit and within an aperture', () => {
    for (const { kind, candidate, difference } of images) {
      if (kind === 'bogus') continue;
      const flux = 10 ** (0.4 * (candidate.magzpsci! - candidate.magpsf));
      expect(fittedFlux(difference.pixels, 63, 31, 31, candidate.fwhm! / 2.3548) / flux).toBeCloseTo(1, 1);
      let [aperture, count] = [0, 0];
      const noise: number[] = [];
      for (const [i, value] of difference.pixels.entries()) {
        const distance = Math.hypot((i % 63) - 31, Math.floor(i / 63) - 31);
        if (distance <= 5) [aperture, count] = [aperture + value, count + 1];
        if (distance > 12) noise.push(value);
      }
      const sigma = Math.sqrt(noise.reduce((sum, value) => sum + value * value, 0) / noise.length);
      expect(Math.abs(aperture - flux)).toBeLessThan(5 * sigma * Math.sqrt(count) + 0.02 * flux);
    }
  });
});
