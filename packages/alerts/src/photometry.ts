/** Zero points: the AB magnitude of a flux of 1. 1 nJy has 31.4 mag (AB: 3631 Jy has 0 mag); SNANA's FLUXCAL 27.5. */
export const ZERO_POINTS = { nJy: 31.4, FLUXCAL: 27.5 } as const;
export type FluxUnit = keyof typeof ZERO_POINTS;

/** A relative error of a flux, as an error in magnitudes: 2.5 / ln 10. */
export const MAGNITUDES_PER_RATIO = 2.5 / Math.LN10;

/** The magnitude of a flux without its sign; null for none. */
export function magnitudeOf(flux: number | null, zeroPoint: number): number | null {
  return flux === null || flux === 0 ? null : finite(zeroPoint - 2.5 * Math.log10(Math.abs(flux)));
}

/** The error of that magnitude, to first order. */
export function magnitudeErrorOf(flux: number | null, error: number | null): number | null {
  if (flux === null || flux === 0 || error === null) return null;
  return finite((MAGNITUDES_PER_RATIO * error) / Math.abs(flux));
}

/** The flux of a magnitude. */
export function fluxOf(magnitude: number | null, zeroPoint: number): number | null {
  return magnitude === null ? null : finite(10 ** ((zeroPoint - magnitude) / 2.5));
}

/** The product; null where a factor is missing, or where it is beyond all numbers. */
export function product(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : finite(a * b);
}

/** Null for what is no number, as nonsense in an alert gives it. */
export function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

/** How many standard errors a limit is above nothing, and from how many on a forced flux counts as seen. */
const LIMIT_SIGMAS = 5;
export const SEEN_SIGMAS = 3;

/** The limiting magnitude of a flux error, at 5 sigma. */
export function limitOf(error: number | null, zeroPoint: number): number | null {
  return error === null || error <= 0 ? null : magnitudeOf(LIMIT_SIGMAS * error, zeroPoint);
}
