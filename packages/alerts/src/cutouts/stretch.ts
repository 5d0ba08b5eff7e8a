import { zscaleLimits } from './zscale.js';

export const STRETCHES = ['asinh', 'log', 'linear', 'zscale'] as const;
/** `zscale` is linear between IRAF's limits, the others run between two percentiles of the pixels. */
export type Stretch = (typeof STRETCHES)[number];

/** From this part of the pixels to that one; the brightest few and the faintest few would take all greys otherwise. */
const PERCENTILES = [0.005, 0.995] as const;
/** As in astropy.visualization: where asinh turns from linear to logarithmic, and the strength of log. */
const ASINH_SOFTENING = 0.1;
const LOG_STRENGTH = 1000;

/** The values that become black and white. */
export type Limits = readonly [low: number, high: number];

/** The limits of a stretch for some pixels: of one image, or of several that are to be compared. */
export function limitsOf(pixels: Float32Array, stretch: Stretch): Limits {
  return stretch === 'zscale' ? zscaleLimits(pixels) : percentileLimits(pixels);
}

/** Greys from 0 (black) to 255 (white) of an image, between its own limits or given ones; what is no number gets -1. */
export function stretchPixels(
  pixels: Float32Array,
  stretch: Stretch,
  [low, high]: Limits = limitsOf(pixels, stretch),
): Int16Array {
  const curve = CURVES[stretch];
  return Int16Array.from(pixels, (value) => {
    if (Number.isNaN(value)) return -1;
    const part = high > low ? (value - low) / (high - low) : 0.5;
    return Math.round(255 * curve(Math.min(1, Math.max(0, part))));
  });
}

/**
 * From 0 to 1. asinh: Lupton, Gunn & Szalay 1999, AJ 118, 1406, in the form of astropy's AsinhStretch; log: that of
 * ds9 and astropy's LogStretch.
 */
const CURVES: Readonly<Record<Stretch, (part: number) => number>> = {
  asinh: (part) => Math.asinh(part / ASINH_SOFTENING) / Math.asinh(1 / ASINH_SOFTENING),
  log: (part) => Math.log1p(LOG_STRENGTH * part) / Math.log1p(LOG_STRENGTH),
  linear: (part) => part,
  zscale: (part) => part,
};

function percentileLimits(pixels: Float32Array): [low: number, high: number] {
  const sorted = pixels.filter(Number.isFinite).sort();
  if (sorted.length === 0) return [0, 0];
  const at = (part: number): number => sorted[Math.round(part * (sorted.length - 1))]!;
  return [at(PERCENTILES[0]), at(PERCENTILES[1])];
}
