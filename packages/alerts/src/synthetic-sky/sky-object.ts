import type { StampClass } from '../stamp-classification.js';
import {
  dampedRandomWalk,
  fluxOf,
  lastEpochsOnly,
  rrLyrae,
  supernova,
  type LightCurve,
} from './light-curves.js';
import { altitude, normalise, radians, siderealTime } from './palomar.js';
import { Random } from './random.js';
import { timeInLastNight, visitsOf, type Survey, type Visit } from './survey.js';

/** How often each kind is drawn; supernovae are rarer in truth. */
const KINDS: Readonly<Record<StampClass, number>> = {
  SN: 0.04,
  AGN: 0.22,
  VS: 0.44,
  asteroid: 0.2,
  bogus: 0.1,
};
const LOWEST_ALTITUDE = 30;
/** Electrons per DN of ZTF's camera. */
const GAIN = 6.2;
/** Detection limit: ZTF sends an alert from 5 sigma on. */
const DETECTION_SIGMA = 5;
export const ARCSEC_PER_PIXEL = 1.01;

/** The source nearest to the object in the reference image: a host galaxy, the star itself, a chance neighbour. */
export interface ReferenceSource {
  readonly magnitude: number;
  /** From the object [pixel]. */
  readonly dx: number;
  readonly dy: number;
  /** Width beyond that of a point source [pixel]; 0 for a star. */
  readonly extent: number;
}

/** What one exposure gave at the object's position. */
export interface Measurement {
  readonly visit: Visit;
  /** Difference flux and its standard error [DN]. */
  readonly flux: number;
  readonly sigma: number;
  readonly detected: boolean;
}

export interface SkyObject {
  /** Unique in its sky. */
  readonly id: number;
  readonly kind: StampClass;
  readonly ra: number;
  readonly dec: number;
  readonly reference: ReferenceSource;
  /** In order of time; those in the last night may send an alert. */
  readonly measurements: readonly Measurement[];
  /** Detections of earlier seasons, and exposures. */
  readonly detectedBefore: number;
  readonly coveredBefore: number;
  /** Number in the catalogue of minor planets; null for all but asteroids. */
  readonly minorPlanet: number | null;
  /** Seeds all that is drawn later: pixels, quality figures, probabilities. */
  readonly seed: number;
}

/**
 * What stands at the `index`th place of the sky: one object, or the points of an asteroid's track, each of which ZTF
 * takes for an object of its own because they are at different positions.
 */
export function drawObjects(survey: Survey, seed: number, index: number): SkyObject[] {
  const random = new Random(seed, index + 1);
  const kind = random.pick(KINDS);
  const last = timeInLastNight(survey, random);
  const { ra, dec } = position(last, random);
  const visits = visitsOf(survey, last, random);
  const common = { kind, minorPlanet: null, detectedBefore: 0, coveredBefore: random.integer(50, 900) };
  const make = (
    part: number,
    reference: ReferenceSource,
    curve: LightCurve,
    rest: Partial<SkyObject>,
  ): SkyObject => ({
    ...common,
    ...{ id: 2 * index + part, ra, dec, reference, seed: random.integer(0, 2 ** 32 - 1) },
    measurements: measure(visits, curve, random),
    ...rest,
  });
  switch (kind) {
    case 'SN': {
      const peak = last + random.between(-20, 8);
      return [make(0, host(random), supernova(peak, random.between(16, 18.5)), {})];
    }
    case 'AGN': {
      const core = { ...centred(random.between(16, 18.5), random), extent: random.between(0, 2) };
      const curve = dampedRandomWalk(
        core.magnitude,
        random.between(0.15, 0.4),
        random.between(80, 400),
        random,
      );
      return [make(0, core, curve, { detectedBefore: random.integer(3, 60) })];
    }
    case 'VS': {
      const star = centred(random.between(14.5, 17.5), random);
      const [range, period] = [random.between(0.5, 1.2), random.between(0.4, 0.8)];
      const curve = rrLyrae(star.magnitude, range, period, random.uniform());
      return [make(0, star, curve, { detectedBefore: random.integer(10, 200) })];
    }
    case 'asteroid':
      return track(visits, last, random).map((point, part) => {
        const moved = { ra: normalise(ra + point.ra / Math.cos(radians(dec))), dec: dec + point.dec };
        const curve = lastEpochsOnly(point.fluxes);
        return make(part, neighbour(random), curve, { ...moved, minorPlanet: point.minorPlanet });
      });
    case 'bogus': {
      const sign = random.uniform() < 0.6 ? 1 : -1;
      return [
        make(
          0,
          centred(random.between(13, 17), random),
          lastEpochsOnly([sign * fluxOf(random.between(17, 19.5))]),
          {},
        ),
      ];
    }
  }
}

/** A place that stands high enough over Palomar at `jd`, evenly spread over the sphere. */
function position(jd: number, random: Random): { ra: number; dec: number } {
  for (;;) {
    const ra = normalise(siderealTime(jd) + random.between(-60, 60));
    const dec = (Math.asin(random.between(-0.5, 0.985)) * 180) / Math.PI;
    if (altitude(ra, dec, jd) > LOWEST_ALTITUDE) return { ra, dec };
  }
}

function measure(visits: readonly Visit[], curve: LightCurve, random: Random): Measurement[] {
  return curve(visits).map((flux, i) => {
    const visit = visits[i]!;
    const true_ = flux * 10 ** (0.4 * visit.zeroPoint);
    const sky = skySigma(visit);
    const sigma = Math.sqrt(sky * sky + Math.abs(true_) / GAIN);
    const measured = random.normal(true_, sigma);
    return { visit, flux: measured, sigma, detected: Math.abs(measured) >= DETECTION_SIGMA * sky };
  });
}

/** Standard error of the flux of a source too faint to add noise of its own [DN]. */
export function skySigma(visit: Visit): number {
  return 10 ** (0.4 * (visit.zeroPoint - visit.limit)) / DETECTION_SIGMA;
}

interface TrackPoint {
  /** From the first point [deg on the sky]. */
  readonly ra: number;
  readonly dec: number;
  readonly fluxes: readonly number[];
  readonly minorPlanet: number;
}

/** An asteroid of the main belt moves up to 0.6 arcsec a minute, so that each exposure finds it elsewhere. */
function track(visits: readonly Visit[], night: number, random: Random): TrackPoint[] {
  const inNight = visits.filter((visit) => visit.jd > night - 0.5);
  const speed = random.between(0.2, 0.6) / 3600;
  const direction = random.between(0, 2 * Math.PI);
  const flux = fluxOf(random.between(16.5, 19.3));
  const minorPlanet = random.integer(1000, 500_000);
  return inNight.map(({ jd }, i) => {
    const minutes = (jd - inNight[0]!.jd) * 1440;
    const fluxes = inNight.map((_, j) => (i === j ? flux : 0));
    const [ra, dec] = [Math.cos(direction), Math.sin(direction)].map((part) => part * speed * minutes);
    return { ra: ra!, dec: dec!, fluxes, minorPlanet };
  });
}

function host(random: Random): ReferenceSource {
  const angle = random.between(0, 2 * Math.PI);
  const distance = random.between(0.5, 6);
  const magnitude = random.between(16.5, 20.5);
  const extent = random.between(1, 3);
  return { magnitude, dx: distance * Math.cos(angle), dy: distance * Math.sin(angle), extent };
}

function centred(magnitude: number, random: Random): ReferenceSource {
  return { magnitude, dx: random.normal(0, 0.15), dy: random.normal(0, 0.15), extent: 0 };
}

function neighbour(random: Random): ReferenceSource {
  const angle = random.between(0, 2 * Math.PI);
  const distance = random.between(4, 20);
  const magnitude = random.between(17, 21);
  return { magnitude, dx: distance * Math.cos(angle), dy: distance * Math.sin(angle), extent: 0 };
}
