import { ZERO_POINTS } from '../photometry.js';
import { fieldsOf } from '../surveys/fields.js';
import { identityOf } from '../surveys/identity.js';
import type { LightCurve, LightCurvePoint } from './light-curve.js';
import { lsstPoints } from './lsst-light-curve.js';
import { ztfPoints } from './ztf-light-curve.js';

/**
 * The light curve in an alert, the same for every survey; undefined for what is no alert of a known one. Sentinels and
 * NaN are null in it.
 */
export function lightCurveOf(alert: unknown): LightCurve | undefined {
  const identity = identityOf(alert);
  if (!identity) return undefined;
  const { survey, objectId } = identity;
  const unit = survey === 'elasticc' ? 'FLUXCAL' : 'nJy';
  const zeroPoint = ZERO_POINTS[unit];
  const fields = fieldsOf(alert);
  const points = survey === 'ztf' ? ztfPoints(fields) : lsstPoints(fields, zeroPoint);
  return { survey, objectId, unit, zeroPoint, points: points.sort(byTime) };
}

/**
 * The light curves of one object, put together: a measurement that several alerts tell of is there once. A detection
 * that was an alert itself is told best by that alert, anything else by the last one.
 */
export function mergeLightCurves(curves: readonly LightCurve[]): LightCurve | undefined {
  const [first] = curves;
  if (!first) return undefined;
  const points = new Map<string, LightCurvePoint>();
  for (const point of curves.flatMap((curve) => curve.points)) {
    const key = keyOf(point);
    if (point.isAlert || !points.get(key)?.isAlert) points.set(key, point);
  }
  return { ...first, points: [...points.values()].sort(byTime) };
}

/** What has no id is known by its time, to 0.1 s, and its band. */
function keyOf({ kind, id, time, band }: LightCurvePoint): string {
  return `${kind} ${id ?? `${Math.round(time.mjdUtc * 864_000)} ${band}`}`;
}

function byTime(a: LightCurvePoint, b: LightCurvePoint): number {
  return a.time.mjdUtc - b.time.mjdUtc;
}
