import { BANDS, fluxOf, perBand, type Band, type PerBand } from './bands.js';
import type { LightCurve } from './light-curves.js';

export const SUPERNOVA_TYPES = ['Ia', 'II', 'Ibc'] as const;
export type SupernovaType = (typeof SUPERNOVA_TYPES)[number];

interface Template {
  /** Absolute magnitude in r at maximum, and its scatter [mag]. */
  readonly absolute: number;
  readonly scatter: number;
  /** Colours at maximum: magnitude minus that in r. */
  readonly colours: PerBand;
  /** Time scale of the rise, and of the fall or (type II) of the plateau's decline [d]. */
  readonly rise: number;
  readonly fall: PerBand;
  /** Weight of the second maximum, 24 days after the first. */
  readonly bump?: PerBand;
  /** End of the plateau [d]. */
  readonly plateau?: number;
}

/**
 * Rise and fall are the function of Bazin et al. (2009, A&A 499, 653). Type Ia has a second maximum in the red (Kasen
 * 2006, ApJ 649, 939); type II a plateau, then the decay of cobalt, 111 days. Magnitudes: Richardson et al. 2014
 * (AJ 147, 118).
 */
const TEMPLATES: Readonly<Record<SupernovaType, Template>> = {
  Ia: {
    absolute: -19.3,
    scatter: 0.15,
    colours: perBand(0.5, 0, 0, 0.35, 0.45, 0.5),
    rise: 3.5,
    fall: perBand(11, 15, 19, 19, 21, 24),
    bump: perBand(0, 0, 0.15, 0.4, 0.45, 0.5),
  },
  II: {
    absolute: -16.9,
    scatter: 0.7,
    colours: perBand(0.1, 0, 0, 0.05, 0.1, 0.15),
    rise: 2.5,
    fall: perBand(14, 45, 150, 300, 400, 500),
    plateau: 95,
  },
  Ibc: {
    absolute: -17.6,
    scatter: 0.5,
    colours: perBand(1.2, 0.4, 0, 0, 0.05, 0.1),
    rise: 4,
    fall: perBand(9, 12, 18, 22, 24, 26),
  },
};

/** A supernova as it is drawn. */
export interface Supernova {
  readonly type: SupernovaType;
  readonly redshift: number;
  /** Julian date of the maximum in r. */
  readonly maximum: number;
  /** Deviation from the type's absolute magnitude in units of its scatter. */
  readonly deviation: number;
  /** Its times are those of the template times this. */
  readonly stretch: number;
  /** Extinction in each band [mag]. */
  readonly extinction: PerBand;
}

/** The light curve of a supernova; the reference was taken before it exploded. */
export function supernova(event: Supernova): LightCurve {
  const { type, redshift, maximum, stretch } = event;
  const peak = peakMagnitudes(event);
  return (epochs) =>
    epochs.map(({ jd, band }) => {
      const days = (jd - maximum) / (1 + redshift) / stretch;
      return days < -40 ? 0 : fluxOf(peak[band]) * shapeOf(type, band, days);
    });
}

/** Magnitudes at maximum. Colours are those at rest: no K correction. */
export function peakMagnitudes({ type, redshift, deviation, extinction }: Supernova): PerBand {
  const { absolute, scatter, colours } = TEMPLATES[type];
  const r = absolute + deviation * scatter + distanceModulus(redshift);
  return Object.fromEntries(BANDS.map((band) => [band, r + colours[band] + extinction[band]])) as PerBand;
}

/** The flux in a band so many days after the maximum in r, in units of the band's own maximum. */
export function shapeOf(type: SupernovaType, band: Band, days: number): number {
  const { offset, height } = MAXIMA[type][band];
  return rawShape(TEMPLATES[type], band, days + offset) / height;
}

function rawShape({ rise, fall, bump, plateau }: Template, band: Band, days: number): number {
  const rising = 1 / (1 + Math.exp(-days / rise));
  if (plateau !== undefined) {
    const onPlateau = Math.exp(-days / fall[band]) / (1 + Math.exp((days - plateau) / 4));
    return rising * (onPlateau + 0.1 * Math.exp(-days / 111));
  }
  const second = bump === undefined ? 0 : 0.5 * bump[band] * Math.exp(-0.5 * ((days - 29) / 7) ** 2);
  return rising * Math.exp(-days / fall[band]) + second;
}

interface Maximum {
  readonly offset: number;
  readonly height: number;
}

/** The templates' maxima: time of that in r, height of each band's own. */
const MAXIMA = Object.fromEntries(
  SUPERNOVA_TYPES.map((type) => {
    const template = TEMPLATES[type];
    const days = Array.from({ length: 600 }, (_, i) => -10 + i / 10);
    const best = (band: Band): number =>
      days.reduce((top, day) => (rawShape(template, band, day) > rawShape(template, band, top) ? day : top));
    const offset = best('r');
    return [
      type,
      Object.fromEntries(
        BANDS.map((band) => [band, { offset, height: rawShape(template, band, best(band)) }]),
      ),
    ];
  }),
) as Readonly<Record<SupernovaType, Readonly<Record<Band, Maximum>>>>;

const LIGHT_SPEED = 299_792.458;
const HUBBLE = 70;
/** Deceleration and jerk of a flat universe with 30 % matter. */
const [DECELERATION, JERK] = [-0.55, 1];

/** Distance modulus to third order in redshift (Visser 2004, CQG 21, 2603): 0.01 mag exact to 0.5. */
export function distanceModulus(redshift: number): number {
  const second = 0.5 * (1 - DECELERATION) * redshift;
  const third = ((1 - DECELERATION - 3 * DECELERATION ** 2 + JERK) / 6) * redshift ** 2;
  const megaparsecs = ((LIGHT_SPEED * redshift) / HUBBLE) * (1 + second - third);
  return 5 * Math.log10(megaparsecs) + 25;
}
