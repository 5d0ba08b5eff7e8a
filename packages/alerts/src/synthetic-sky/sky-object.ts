import { CROSSING, drawAsteroid, magnitudeAt, placeAt, type Asteroid } from './asteroids.js';
import { DUST, fluxOf, perBand, type PerBand } from './bands.js';
import { placeInField } from './focal-plane.js';
import {
  dampedRandomWalk,
  eclipsingBinary,
  lastEpochOnly,
  rrLyrae,
  withColours,
  type LightCurve,
} from './light-curves.js';
import { mix, Random } from './random.js';
import type { Exposure, Field } from './schedule.js';
import { distanceModulus, supernova, type SupernovaType } from './supernovae.js';
import type { Range, SurveyTraits } from './survey-traits.js';

export type SyntheticKind =
  'SN Ia' | 'SN II' | 'SN Ibc' | 'RRab' | 'RRc' | 'EB' | 'AGN' | 'asteroid' | 'bogus';

/** What an object really is. */
export interface SyntheticTruth {
  readonly kind: SyntheticKind;
  /** Of RR Lyrae stars, eclipsing binaries and the rotation of asteroids [d]. */
  readonly period?: number;
  /** When a supernova is brightest in r, Julian date (UTC). */
  readonly maximum?: number;
  readonly redshift?: number;
}

/** The source nearest to the object in the reference image: a host galaxy, the star itself, a chance neighbour. */
export interface ReferenceSource {
  readonly magnitude: PerBand;
  /** From the object to the west and north [arcsec]. */
  readonly dx: number;
  readonly dy: number;
  /** Width beyond that of a point source, standard deviation [arcsec]; 0 for a star. */
  readonly extent: number;
}

/** What a survey may find at one place. */
export interface SkyObject {
  /** Unique in its sky, also of what is seen only once. */
  readonly id: number;
  /** Its number among the objects of the sky, and among those of its field: this makes sources of an exposure distinct. */
  readonly number: number;
  readonly slot: number;
  readonly truth: SyntheticTruth;
  readonly ra: number;
  readonly dec: number;
  /** Reddening by the Milky Way, E(B-V) [mag]. */
  readonly reddening: number;
  readonly reference: ReferenceSource;
  readonly curve: LightCurve;
  /** Seeds all that is drawn later: noise, pixels, quality figures. */
  readonly seed: number;
  readonly asteroid?: Asteroid;
  readonly artefact?: 'dipole' | 'cosmic ray';
}

/** Something in a field: what is there at one of its exposures, or null. */
export type Tenant = (exposure: Exposure, ordinal: number) => SkyObject | null;

/** Exposures of a field that ids have room for. */
const EXPOSURES = 8192;
const [DRAW, CROSS, FLASH] = [11, 12, 13];

const STAR = perBand(1.4, 0.25, 0, -0.08, -0.1, -0.1);
const SUN_LIKE = perBand(2, 0.55, 0, -0.18, -0.25, -0.28);
const GALAXY = perBand(1.9, 0.75, 0, -0.35, -0.6, -0.75);
const QUASAR = perBand(0.4, 0.2, 0, -0.1, -0.15, -0.2);

/** Draws what stands in a field's `slot`, the object of the sky with the given number. */
export function drawTenant(
  traits: SurveyTraits,
  seed: number,
  field: Field,
  slot: number,
  number: number,
  interval: readonly [number, number],
): Tenant {
  const random = new Random(mix(seed, DRAW, number), 0);
  const kind: SyntheticKind = random.pick(traits.kinds as Readonly<Record<SyntheticKind, number>>);
  const place = placeInField(traits, field, random.uniform(), random.uniform());
  const own = random.integer(0, 2 ** 32 - 1);
  const base = {
    id: number * EXPOSURES,
    number,
    slot,
    ...place,
    seed: own,
    reddening: 0.02 + 0.08 * random.uniform() ** 2,
  };
  if (kind === 'asteroid') return asteroids(traits, field, base, interval[0]);
  if (kind === 'bogus' && random.uniform() < 0.5) return cosmicRays(traits, field, base);
  const object = { ...base, ...resident(traits, kind, base, interval, random) };
  return () => object;
}

type Resident = Pick<SkyObject, 'truth' | 'reference' | 'curve' | 'artefact'>;

/** An object that stays where it is. */
function resident(
  traits: SurveyTraits,
  kind: Exclude<SyntheticKind, 'asteroid'>,
  { seed, reddening }: Base,
  interval: readonly [number, number],
  random: Random,
): Resident {
  const { depth } = traits;
  const dust = scaledBy(DUST, reddening);
  const colours = (r: number, of: PerBand): PerBand => added(withColours(r, of), dust);
  switch (kind) {
    case 'RRab':
    case 'RRc': {
      const ab = kind === 'RRab';
      const magnitude = colours(random.between(...depth.stars), STAR);
      const range = ab ? random.between(0.6, 1.2) : random.between(0.35, 0.6);
      const period = ab ? random.between(0.45, 0.75) : random.between(0.26, 0.4);
      const curve = rrLyrae(kind, magnitude, range, period, random.uniform());
      return { truth: { kind, period }, reference: itself(magnitude, random), curve };
    }
    case 'EB': {
      const magnitude = colours(random.between(...depth.stars), SUN_LIKE);
      const close = random.uniform() < 0.5;
      const period = close ? random.between(0.25, 0.6) : Math.exp(random.between(Math.log(0.7), Math.log(8)));
      const primary = random.between(0.25, close ? 0.4 : 0.6);
      const secondary = primary * random.between(close ? 0.8 : 0.1, 0.98);
      const [width, ellipsoidal] = close
        ? [0.08, random.between(0.05, 0.15)]
        : [random.between(0.015, 0.04), 0];
      const eclipses = { period, phase: random.uniform(), primary, secondary, width, ellipsoidal };
      const curve = eclipsingBinary(magnitude, eclipses);
      return { truth: { kind, period }, reference: itself(magnitude, random), curve };
    }
    case 'AGN': {
      const magnitude = colours(random.between(...depth.agn), QUASAR);
      const [sigma, tau] = [random.between(0.12, 0.35), random.between(80, 400)];
      const curve = dampedRandomWalk(magnitude, sigma, tau, () => new Random(seed, 7));
      const extent = random.between(0, 0.6) * traits.seeing;
      return { truth: { kind }, reference: { ...itself(magnitude, random), extent }, curve };
    }
    case 'bogus': {
      const magnitude = withColours(random.between(depth.stars[0] - 1, depth.stars[1]), STAR);
      const reference = itself(magnitude, random);
      return { truth: { kind }, reference, curve: dipoles(depth.artefacts, seed), artefact: 'dipole' };
    }
    default: {
      const type = kind.slice(3) as SupernovaType;
      const redshift = Math.max(0.002, depth.redshift[type] * random.uniform() ** (1 / 3));
      // Maxima from long before the first night to shortly after the last one: rising and fading ones are seen.
      const maximum = random.between(interval[0] - (type === 'II' ? 70 : 30), interval[1] + 10);
      const deviation = random.normal();
      const stretch = random.between(0.9, 1.1);
      const curve = supernova({ type, redshift, maximum, deviation, stretch, extinction: dust });
      const reference = host(redshift, colours, random);
      return { truth: { kind, maximum, redshift }, reference, curve };
    }
  }
}

type Base = Pick<SkyObject, 'id' | 'number' | 'slot' | 'ra' | 'dec' | 'seed' | 'reddening'>;

/** Asteroids that cross a field one after the other. Each place where one is seen is an object of its own. */
function asteroids(traits: SurveyTraits, field: Field, base: Base, start: number): Tenant {
  const { seed, reddening } = base;
  const offset = seed % CROSSING;
  return ({ jd, band, night }, ordinal) => {
    const crossing = Math.floor((night + offset) / CROSSING);
    const random = new Random(mix(seed, CROSS, crossing), 0);
    const middle = start + (crossing + 0.5) * CROSSING - offset;
    const place = placeInField(traits, field, random.uniform(), random.uniform());
    const asteroid = drawAsteroid(place, middle, random.between(...traits.depth.asteroids), random);
    const flux = fluxOf(magnitudeAt(asteroid, jd) + SUN_LIKE[band] + DUST[band] * reddening);
    const own = mix(seed, CROSS, crossing, ordinal);
    return {
      ...base,
      ...placeAt(asteroid, jd),
      ...{ id: base.id + 1 + ordinal, seed: own, asteroid },
      truth: { kind: 'asteroid', period: asteroid.period },
      reference: neighbour(traits, new Random(own, 8)),
      curve: lastEpochOnly(flux),
    };
  };
}

/** The part of exposures in which an artefact shows. */
const ARTEFACTS_SEEN = 0.6;

/** A bright star that is subtracted askew in some exposures. */
function dipoles(magnitudes: Range, seed: number): LightCurve {
  return (epochs) =>
    epochs.map(({ band }, ordinal) => {
      const chance = new Random(mix(seed, FLASH, ordinal), 0);
      if (chance.uniform() > ARTEFACTS_SEEN) return 0;
      const sign = chance.uniform() < 0.6 ? 1 : -1;
      return sign * fluxOf(chance.between(...magnitudes) + STAR[band]);
    });
}

/** Cosmic rays, each somewhere else in the field. */
function cosmicRays(traits: SurveyTraits, field: Field, base: Base): Tenant {
  return (_, ordinal) => {
    const own = mix(base.seed, FLASH, ordinal);
    const random = new Random(own, 0);
    if (random.uniform() > ARTEFACTS_SEEN) return null;
    const flux = fluxOf(random.between(...traits.depth.artefacts));
    return {
      ...base,
      ...placeInField(traits, field, random.uniform(), random.uniform()),
      ...{ id: base.id + 1 + ordinal, seed: own, truth: { kind: 'bogus' }, artefact: 'cosmic ray' },
      reference: neighbour(traits, random),
      curve: lastEpochOnly(flux),
    };
  };
}

/** The reference source of a variable star or the core of a galaxy: itself, as exactly as it can be found. */
function itself(magnitude: PerBand, random: Random): ReferenceSource {
  return { magnitude, dx: random.normal(0, 0.07), dy: random.normal(0, 0.07), extent: 0 };
}

function host(
  redshift: number,
  colours: (r: number, of: PerBand) => PerBand,
  random: Random,
): ReferenceSource {
  const magnitude = colours(-20.5 + random.normal(0, 0.8) + distanceModulus(redshift), GALAXY);
  // A half-light radius of some 3 kpc, as the standard deviation of a Gaussian.
  const extent = Math.min(4, 0.12 / Math.max(0.02, redshift));
  const angle = random.between(0, 2 * Math.PI);
  const distance = extent * random.between(0.1, 2);
  return { magnitude, dx: distance * Math.cos(angle), dy: distance * Math.sin(angle), extent };
}

function neighbour(traits: SurveyTraits, random: Random): ReferenceSource {
  const angle = random.between(0, 2 * Math.PI);
  const distance = random.between(2, 10) * traits.seeing;
  const magnitude = withColours(random.between(...traits.depth.agn) + 1, SUN_LIKE);
  return { magnitude, dx: distance * Math.cos(angle), dy: distance * Math.sin(angle), extent: 0 };
}

function added(a: PerBand, b: PerBand): PerBand {
  return perBand(a.u + b.u, a.g + b.g, a.r + b.r, a.i + b.i, a.z + b.z, a.y + b.y);
}

function scaledBy({ u, g, r, i, z, y }: PerBand, by: number): PerBand {
  return perBand(u * by, g * by, r * by, i * by, z * by, y * by);
}
