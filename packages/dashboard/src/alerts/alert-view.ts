import { cutoutsOf, type LightCurve, lightCurveOf, mergeLightCurves, valueAt } from '@apf/alerts';
import type { AlertView, Classification, LightCurveView } from '../page-api.js';
import { cutoutView } from './cutout-view.js';
import { fieldTree } from './field-tree.js';
import type { KeptAlert } from './kept-alert.js';
import { portalLinks } from './portal-links.js';

const MOST_POINTS = 10_000;
/** Where a broker's copy of an alert may name the object's period [d]. */
const PERIODS = ['features.Multiband_period', 'features.Period_fit'];

/**
 * @param classification what is known of its object
 * @param others further alerts of the same object, for its light curve
 */
export function alertView(
  alert: KeptAlert,
  classification: Classification | null,
  others: readonly unknown[],
): AlertView {
  const { at, message, value, schema, identity, alertId, objectId } = alert;
  return {
    at,
    timestamp: message.timestamp ?? null,
    alertId,
    objectId,
    survey: identity?.survey ?? null,
    time: identity?.time?.mjdUtc ?? null,
    ra: identity?.ra ?? null,
    dec: identity?.dec ?? null,
    band: identity?.band ?? null,
    classification,
    cutouts: cutoutsOf(value).map((cutout) => cutoutView(cutout, identity?.survey)),
    lightCurve: curveView(value, others),
    fields: fieldTree(value, schema),
    links: identity ? portalLinks(identity) : [],
    size: message.value?.length ?? 0,
  };
}

function curveView(value: unknown, others: readonly unknown[]): LightCurveView | null {
  const own = lightCurveOf(value);
  if (!own) return null;
  const curves = others.map(lightCurveOf).filter((curve): curve is LightCurve => curve !== undefined);
  const merged = mergeLightCurves([...curves, own])!;
  const ownId = own.points.find(({ isAlert }) => isAlert)?.id ?? null;
  const points = merged.points.map((point) =>
    point.isAlert && point.id !== ownId ? { ...point, isAlert: false } : point,
  );
  const period = PERIODS.map((path) => valueAt(value, path)).find(
    (found): found is number => typeof found === 'number' && Number.isFinite(found) && found > 0,
  );
  return {
    curve: { ...merged, points: points.slice(-MOST_POINTS) },
    alerts: 1 + curves.length,
    period: period ?? null,
  };
}
