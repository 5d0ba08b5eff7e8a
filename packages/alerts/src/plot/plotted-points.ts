import type { LightCurve, LightCurvePoint } from '../light-curve/light-curve.js';

export const PLOT_QUANTITIES = ['difference', 'apparent', 'flux'] as const;
/** What a plot shows: magnitudes of the difference or of the object itself, or fluxes of the difference. */
export type PlotQuantity = (typeof PLOT_QUANTITIES)[number];

export interface PlottedPoint {
  /** Days to the alert: 0 at the alert, negative before. */
  readonly x: number;
  readonly y: number;
  readonly error: number | null;
  readonly band: string | null;
  readonly mark: 'detection' | 'forced' | 'limit';
  /** Fainter than the template, where the value does not tell. */
  readonly negative: boolean;
  readonly point: LightCurvePoint;
}

export interface PlottedCurve {
  readonly points: readonly PlottedPoint[];
  readonly xLabel: string;
  readonly yLabel: string;
  /** Whether smaller values are brighter, hence higher. */
  readonly inverted: boolean;
  /** Measurements that were left out because there are too many. */
  readonly leftOut: number;
}

/** No object has more, and a hostile alert would make a picture of gigabytes. */
const MOST_POINTS = 10_000;

/** Longer error bars of magnitudes do not make the panel taller: they are cut. */
const LONGEST_BAR = 0.3;

/** What surveys tell of themselves: magnitudes for ZTF, fluxes for the others. */
export function usualQuantity({ survey }: LightCurve): PlotQuantity {
  return survey === 'ztf' ? 'difference' : 'flux';
}

/** The points of a light curve as they are plotted, relative to `origin`, the alert's time as MJD in TAI. */
export function plottedCurve(curve: LightCurve, origin: number, quantity: PlotQuantity): PlottedCurve {
  const kept = curve.points.slice(-MOST_POINTS);
  return {
    points: kept.flatMap((point) => plotted(point, point.time.mjdTai - origin, quantity)),
    xLabel: 'Days to this alert',
    yLabel: labelOf(curve, quantity),
    inverted: quantity !== 'flux',
    leftOut: curve.points.length - kept.length,
  };
}

function plotted(point: LightCurvePoint, x: number, quantity: PlotQuantity): PlottedPoint[] {
  const { band, kind, sign } = point;
  const measured = kind === 'forced' ? 'forced' : 'detection';
  const at = (y: number | null, error: number | null, mark: PlottedPoint['mark']): PlottedPoint[] => {
    const negative = sign === -1 && mark !== 'limit' && quantity === 'difference';
    return y === null ? [] : [{ x, y, error, band, mark, negative, point }];
  };
  if (quantity === 'flux') {
    // A limit has no flux; five sigma above nothing is where it ends.
    const limit = point.fluxError === null ? null : 5 * point.fluxError;
    return kind === 'upper limit' ? at(limit, null, 'limit') : at(point.flux, point.fluxError, measured);
  }
  if (quantity === 'apparent') return at(point.apparentMagnitude, point.apparentMagnitudeError, measured);
  if (point.magnitude === null) return at(point.limit, null, 'limit');
  return at(point.magnitude, point.magnitudeError, measured);
}

function labelOf({ unit, zeroPoint }: LightCurve, quantity: PlotQuantity): string {
  if (quantity === 'apparent') return 'Apparent magnitude';
  if (quantity === 'difference') return 'Difference magnitude';
  return unit === 'nJy' ? 'Difference flux [nJy]' : `Difference flux [zero point ${zeroPoint}]`;
}

/** The values that the panel must have room for: a point with its error bar, if that tells something. */
export function extentOf({ y, error, mark }: PlottedPoint, isMagnitude: boolean): number[] {
  if (error === null || mark === 'forced') return [y];
  const bar = isMagnitude ? Math.min(error, LONGEST_BAR) : error;
  return [y - bar, y + bar];
}

/** In the order of drawing: limits below, detections above. */
export function inOrder(points: readonly PlottedPoint[]): PlottedPoint[] {
  const rank = { limit: 0, forced: 1, detection: 2 };
  return [...points].sort((a, b) => rank[a.mark] - rank[b.mark]);
}
