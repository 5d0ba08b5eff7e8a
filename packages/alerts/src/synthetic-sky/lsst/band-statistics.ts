import type { Band } from '../bands.js';

/** A flux [nJy] and its standard error, at a time [d]. */
export interface FluxPoint {
  readonly band: Band;
  readonly time: number;
  readonly flux: number;
  readonly error: number;
}

export interface BandStatistics {
  /** Mean weighted by the errors, and its standard error; null if there is no flux. */
  readonly mean: number | null;
  readonly meanError: number | null;
  /** Standard deviation of the sample; null of a single flux. */
  readonly sigma: number | null;
  /** Sum of squared deviations from the mean over squared errors. */
  readonly chi2: number | null;
  readonly count: number;
  readonly least: number | null;
  readonly most: number | null;
  /** Greatest ratio of a change of flux to the time that it took [nJy/d]. */
  readonly steepest: number | null;
  readonly errorMean: number | null;
}

const NONE: BandStatistics = {
  ...{ mean: null, meanError: null, sigma: null, chi2: null, count: 0 },
  ...{ least: null, most: null, steepest: null, errorMean: null },
};

/** What is said of an object's fluxes in one band; they are in order of time. */
export function bandStatistics(points: readonly FluxPoint[], band: Band): BandStatistics {
  let [weights, weighted, total, errors, count] = [0, 0, 0, 0, 0];
  let [least, most, steepest] = [Infinity, -Infinity, -Infinity];
  let before: FluxPoint | undefined;
  for (const point of points) {
    if (point.band !== band) continue;
    const { flux, error, time } = point;
    const weight = 1 / (error * error);
    weights += weight;
    weighted += weight * flux;
    total += flux;
    errors += error;
    count++;
    least = Math.min(least, flux);
    most = Math.max(most, flux);
    if (before) steepest = Math.max(steepest, Math.abs(flux - before.flux) / (time - before.time));
    before = point;
  }
  if (count === 0) return NONE;
  const mean = weighted / weights;
  let [squares, chi2] = [0, 0];
  for (const point of points) {
    if (point.band !== band) continue;
    squares += (point.flux - total / count) ** 2;
    chi2 += ((point.flux - mean) / point.error) ** 2;
  }
  return {
    mean,
    meanError: 1 / Math.sqrt(weights),
    sigma: count > 1 ? Math.sqrt(squares / (count - 1)) : null,
    chi2,
    count,
    least,
    most,
    steepest: count > 1 ? steepest : null,
    errorMean: errors / count,
  };
}
