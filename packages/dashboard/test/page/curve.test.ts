import type { LightCurve, LightCurvePoint } from '@apf/alerts/browser';
import { nearestPoint } from '../../page/alert/nearest-point.js';
import { pointText } from '../../page/alert/point-text.js';
import { shownCurve, zoomed } from '../../page/alert/shown-curve.js';
import { isArrow, nextInDirection } from '../../page/sky/next-in-direction.js';

const point = (mjd: number, over: Partial<LightCurvePoint> = {}): LightCurvePoint => ({
  kind: 'detection',
  id: null,
  isAlert: false,
  time: { value: mjd, format: 'mjd', scale: 'utc', mjdUtc: mjd, mjdTai: mjd + 37 / 86400 },
  band: 'g',
  flux: 100,
  fluxError: 10,
  sign: 1,
  magnitude: 18,
  magnitudeError: 0.1,
  limit: 20,
  apparentMagnitude: null,
  apparentMagnitudeError: null,
  flags: [],
  ...over,
});
const CURVE: LightCurve = {
  survey: 'ztf',
  objectId: 'ZTF26abc',
  unit: 'nJy',
  zeroPoint: 31.4,
  points: [
    point(60990),
    point(60995, { band: 'r', magnitude: 19 }),
    point(61000, { isAlert: true, flags: ['nbad'], sign: -1 }),
  ],
};
const ALL = { quantity: 'difference', hidden: new Set<string>(), period: null } as const;

describe('a light curve as it is shown', () => {
  it('has days to the alert, and room for all points and their errors', () => {
    const { points, x, y, inverted } = shownCurve(CURVE, 61000, ALL);
    expect(points.map((one) => Math.round(one.x * 1e6) / 1e6)).toEqual([-10, -5, 0]);
    expect(x[0]).toBeLessThan(-10);
    expect(x[1]).toBeGreaterThan(0);
    expect(y[0]).toBeLessThan(17.9);
    expect(y[1]).toBeGreaterThan(19.1);
    expect(inverted).toBe(true);
  });

  it('leaves out bands, and makes no room for them', () => {
    const { points, y } = shownCurve(CURVE, 61000, { ...ALL, hidden: new Set(['r']) });
    expect(points.map(({ band }) => band)).toEqual(['g', 'g']);
    expect(y[1]).toBeLessThan(18.5);
  });

  it('is folded on a period over two turns', () => {
    const { points, x, xLabel } = shownCurve(CURVE, 61000, { ...ALL, period: 8 });
    expect(x).toEqual([-0.03, 2.03]);
    expect(xLabel).toMatch(/^Phase/);
    expect(points.map((one) => one.x.toFixed(3))).toEqual([
      '0.000',
      '0.375',
      '0.750',
      '1.000',
      '1.375',
      '1.750',
    ]);
  });

  it('tells in words what a point is', () => {
    const { points } = shownCurve(CURVE, 61000, ALL);
    expect(pointText(points[2]!, 'mag')).toEqual([
      'g 18.000 ± 0.100 mag',
      'fainter than the template',
      '2025-11-21 00:00:00 UTC · MJD 61000.00000',
      'this alert',
      'flags: nbad',
    ]);
  });

  it('zooms around a place', () => {
    expect(zoomed([0, 10], 2, 0.5)).toEqual([1, 6]);
  });
});

describe('points under the mouse and by the keys', () => {
  const points = [
    [0, 0],
    [10, 1],
    [20, -2],
    [9, 30],
  ] as const;
  const at = (one: readonly [number, number]): readonly [number, number] => one;

  it('are the nearest within reach', () => {
    expect(nearestPoint(points, at, 12, 2)).toBe(points[1]);
    expect(nearestPoint(points, at, 200, 2)).toBeNull();
  });

  it('are the next in a direction', () => {
    expect(nextInDirection(points, at, [0, 0], 'ArrowRight')).toBe(points[1]);
    expect(nextInDirection(points, at, [10, 1], 'ArrowLeft')).toBe(points[0]);
    expect(nextInDirection(points, at, [10, 1], 'ArrowDown')).toBe(points[3]);
    expect(nextInDirection(points, at, [20, -2], 'ArrowUp')).toBeNull();
    expect(isArrow('Enter')).toBe(false);
  });
});
