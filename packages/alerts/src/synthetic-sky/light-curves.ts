import { BANDS, fluxOf, perBand, type Band, type PerBand } from './bands.js';
import type { Random } from './random.js';

/** When and in which band something is looked at: Julian date. */
export interface Epoch {
  readonly jd: number;
  readonly band: Band;
}

/**
 * A light curve as fluxes minus the flux in the reference image, one for each epoch (which are in order of time, the
 * first one always the same). The unit of flux is that of a source of magnitude 0.
 */
export type LightCurve = (epochs: readonly Epoch[]) => number[];

/** RR Lyrae stars vary less in the red: part of the range in g (Sesar et al. 2010, ApJ 708, 717). */
const RR_LYRAE_RANGE = perBand(0.95, 1, 0.71, 0.56, 0.51, 0.5);
/** The part of its period in which a star of type ab brightens. */
const RISING = 0.15;

/**
 * An RR Lyrae star: type ab brightens fast and fades slowly, a sawtooth in magnitudes; type c is a sine. `range` is
 * from brightest to faintest in g [mag]; the reference has the mean `magnitude`. `period` in days, `phase` in [0, 1) at
 * Julian date 0.
 */
export function rrLyrae(
  type: 'RRab' | 'RRc',
  magnitude: PerBand,
  range: number,
  period: number,
  phase: number,
): LightCurve {
  return (epochs) =>
    epochs.map(({ jd, band }) => {
      const cycle = (jd / period + phase) % 1;
      const faintness = type === 'RRab' ? sawtooth(cycle) : 0.5 * (1 - Math.cos(2 * Math.PI * cycle));
      const mean = magnitude[band];
      return fluxOf(mean + range * RR_LYRAE_RANGE[band] * (faintness - 0.5)) - fluxOf(mean);
    });
}

function sawtooth(cycle: number): number {
  return cycle < RISING ? 1 - cycle / RISING : (cycle - RISING) / (1 - RISING);
}

/** Two stars that pass in front of each other. */
export interface Eclipses {
  readonly period: number;
  /** In [0, 1) at Julian date 0; the primary eclipse is at phase 0, the other half a period later. */
  readonly phase: number;
  /** Parts of the light that the eclipses take at their middle. */
  readonly primary: number;
  readonly secondary: number;
  /** Standard deviation of an eclipse [period]. */
  readonly width: number;
  /** Part of the light by which close stars are fainter between their quadratures, being seen from the end. */
  readonly ellipsoidal: number;
}

/** An eclipsing binary star of `magnitude` outside of eclipses; the reference is the mean of many exposures. */
export function eclipsingBinary(magnitude: PerBand, eclipses: Eclipses): LightCurve {
  const { primary, secondary, width, ellipsoidal } = eclipses;
  const mean = 1 - (primary + secondary) * width * Math.sqrt(2 * Math.PI) - 0.5 * ellipsoidal;
  return (epochs) =>
    epochs.map(({ jd, band }) => {
      const cycle = (jd / eclipses.period + eclipses.phase) % 1;
      return fluxOf(magnitude[band]) * (eclipsed(eclipses, cycle) - mean);
    });
}

/** The part of the light that is left: eclipses are Gaussian dips, the shape of the stars two waves a period. */
function eclipsed({ primary, secondary, width, ellipsoidal }: Eclipses, cycle: number): number {
  const dip = (at: number): number => Math.exp(-0.5 * ((((cycle - at + 1.5) % 1) - 0.5) / width) ** 2);
  return (
    1 - primary * dip(0) - secondary * dip(0.5) - 0.5 * ellipsoidal * (1 + Math.cos(4 * Math.PI * cycle))
  );
}

/** Active galaxies vary as the square root of the frequency (MacLeod et al. 2010, ApJ 721, 1014): part of that in g. */
const AGN_SIGMA = perBand(1.15, 1, 0.88, 0.79, 0.73, 0.69);

/**
 * An active galaxy: its magnitude is a damped random walk about that in the reference (Kelly, Bechtold and
 * Siemiginowska 2009, ApJ 698, 895), with the long-term standard deviation `sigma` in g [mag] and time scale `tau` [d].
 */
export function dampedRandomWalk(
  magnitude: PerBand,
  sigma: number,
  tau: number,
  randomOf: () => Random,
): LightCurve {
  return (epochs) => {
    const random = randomOf();
    let walk = random.normal(0, sigma);
    let before = epochs[0]?.jd ?? 0;
    return epochs.map(({ jd, band }) => {
      const memory = Math.exp(-(jd - before) / tau);
      walk = walk * memory + random.normal(0, sigma * Math.sqrt(1 - memory * memory));
      before = jd;
      return fluxOf(magnitude[band] + walk * AGN_SIGMA[band]) - fluxOf(magnitude[band]);
    });
  };
}

/** Something that is seen once, in the last epoch: an asteroid passing, or an artefact. */
export function lastEpochOnly(flux: number): LightCurve {
  return (epochs) => epochs.map((_, i) => (i === epochs.length - 1 ? flux : 0));
}

/** The magnitudes of something with the given colours: each band's magnitude minus that in r. */
export function withColours(r: number, colours: PerBand): PerBand {
  return Object.fromEntries(BANDS.map((band) => [band, r + colours[band]])) as PerBand;
}
