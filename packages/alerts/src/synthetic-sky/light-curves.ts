import type { Random } from './random.js';

/** When and in which filter something is looked at: Julian date, and ZTF's `fid` (1 g, 2 r). */
export interface Epoch {
  readonly jd: number;
  readonly fid: number;
}

/**
 * A light curve as fluxes minus the flux in the reference image, one for each epoch (which are in order of time).
 * The unit of flux is that of a source of magnitude 0.
 */
export type LightCurve = (epochs: readonly Epoch[]) => number[];

export function fluxOf(magnitude: number): number {
  return 10 ** (-0.4 * magnitude);
}

/** Time scales of a supernova's rise and fall in g and in r [d]; red light fades later. */
const SN_RISE = 3.5;
const SN_FALL: Readonly<Record<number, number>> = { 1: 16, 2: 24 };

/**
 * A supernova like those of type Ia, brightest at `peak` (Julian date) with `magnitude`: the function of Bazin et al.
 * (2009, A&A 499, 653), scaled to its maximum. The reference was taken before it exploded.
 */
export function supernova(peak: number, magnitude: number): LightCurve {
  const shape = (days: number, fall: number): number =>
    Math.exp(-days / fall) / (1 + Math.exp(-days / SN_RISE));
  return (epochs) =>
    epochs.map(({ jd, fid }) => {
      const fall = SN_FALL[fid]!;
      const atMaximum = SN_RISE * Math.log(fall / SN_RISE - 1);
      const colour = fid === 1 ? 0 : 0.1;
      return (fluxOf(magnitude + colour) * shape(jd - peak + atMaximum, fall)) / shape(atMaximum, fall);
    });
}

/** Variable stars and active galaxies vary less in r: by this part of the variation in g [mag]. */
const RED_AMPLITUDE = 0.7;

/**
 * An active galaxy: its magnitude is a damped random walk about that in the reference (Kelly, Bechtold and
 * Siemiginowska 2009, ApJ 698, 895), with the long-term standard deviation `sigma` [mag] and time scale `tau` [d].
 */
export function dampedRandomWalk(magnitude: number, sigma: number, tau: number, random: Random): LightCurve {
  return (epochs) => {
    let walk = random.normal(0, sigma);
    let before = epochs[0]?.jd ?? 0;
    return epochs.map(({ jd, fid }) => {
      const memory = Math.exp(-(jd - before) / tau);
      walk = walk * memory + random.normal(0, sigma * Math.sqrt(1 - memory * memory));
      before = jd;
      return fluxOf(magnitude + walk * amplitude(fid)) - fluxOf(magnitude);
    });
  };
}

/** The part of an RR Lyrae star's period in which it brightens. */
const RISING = 0.15;

/**
 * An RR Lyrae star of type ab: it brightens fast, fades slowly; `range` is from brightest to faintest in g [mag].
 * The reference has its mean magnitude. `period` in days, `phase` in [0, 1) at Julian date 0.
 */
export function rrLyrae(magnitude: number, range: number, period: number, phase: number): LightCurve {
  return (epochs) =>
    epochs.map(({ jd, fid }) => {
      const cycle = (jd / period + phase) % 1;
      const faintness = cycle < RISING ? 1 - cycle / RISING : (cycle - RISING) / (1 - RISING);
      return fluxOf(magnitude + range * amplitude(fid) * (faintness - 0.5)) - fluxOf(magnitude);
    });
}

/** Something that is seen in the last `count` epochs only: an asteroid passing, or an artefact. */
export function lastEpochsOnly(fluxes: readonly number[]): LightCurve {
  return (epochs) => epochs.map((_, i) => fluxes[i - (epochs.length - fluxes.length)] ?? 0);
}

function amplitude(fid: number): number {
  return fid === 1 ? 1 : RED_AMPLITUDE;
}
