import {
  axisFor,
  extentOf,
  type LightCurve,
  plottedCurve,
  type PlottedPoint,
  type PlotQuantity,
  taiOfUtc,
} from '@apf/alerts/browser';
import { folded } from './fold.js';

export type Range = readonly [from: number, to: number];

/** What the reader chose. */
export interface CurveChoice {
  readonly quantity: PlotQuantity;
  /** Bands that are not shown. */
  readonly hidden: ReadonlySet<string | null>;
  /** Days to fold on; null: over time. */
  readonly period: number | null;
}

/** A light curve as it is drawn. */
export interface ShownCurve {
  /** By x, the leftmost first. */
  readonly points: readonly PlottedPoint[];
  readonly x: Range;
  readonly y: Range;
  readonly xLabel: string;
  readonly yLabel: string;
  /** Whether smaller values are higher, as magnitudes are. */
  readonly inverted: boolean;
}

/** Two turns, with room for marks at their ends. */
const TWO_TURNS: Range = [-0.03, 2.03];

/** The points to draw and the axes that have room for them. `origin`: the alert's time, MJD in UTC. */
export function shownCurve(
  curve: LightCurve,
  origin: number,
  { quantity, hidden, period }: CurveChoice,
): ShownCurve {
  const plotted = plottedCurve(curve, taiOfUtc(origin), quantity);
  const kept = plotted.points.filter(({ band }) => !hidden.has(band));
  const points = [...(period === null ? kept : folded(kept, period))].sort((a, b) => a.x - b.x);
  const times = axisFor([...points.map(({ x }) => x), 0]);
  const values = axisFor(
    points.flatMap((point) => extentOf(point, plotted.inverted)),
    plotted.inverted ? 0.5 : 0,
  );
  return {
    points,
    x: period === null ? [times.from, times.to] : TWO_TURNS,
    y: [values.from, values.to],
    xLabel: period === null ? plotted.xLabel : 'Phase (0 at this alert)',
    yLabel: plotted.yLabel,
    inverted: plotted.inverted,
  };
}

/** A range around a place in it, `factor` times as wide. */
export function zoomed([from, to]: Range, around: number, factor: number): Range {
  return [around - (around - from) * factor, around + (to - around) * factor];
}
