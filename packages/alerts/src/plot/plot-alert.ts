import { UsageError } from '@apf/core';
import { cutoutsOf } from '../cutouts/cutouts-of.js';
import type { Stretch } from '../cutouts/stretch.js';
import type { LightCurve } from '../light-curve/light-curve.js';
import { lightCurveOf } from '../light-curve/light-curve-of.js';
import { type AlertIdentity, identityOf } from '../surveys/identity.js';
import { lightCurvePanel } from './light-curve-panel.js';
import { escapeMarkup } from './markup.js';
import { type PlotQuantity, usualQuantity } from './plotted-points.js';
import { STAMP_SIZE, stampPanel } from './stamp-panel.js';

export interface PlotOptions {
  /** How the greys of the cutouts are made; `asinh` unless told otherwise. */
  readonly stretch?: Stretch | undefined;
  /** Difference magnitudes for ZTF and difference fluxes for LSST and ELAsTiCC unless told otherwise. */
  readonly quantity?: PlotQuantity | undefined;
  /** The object's light curve, where more is known than this alert tells. */
  readonly lightCurve?: LightCurve | undefined;
}

const WIDTH = 860;
const MARGIN = 30;
const STAMPS_TOP = 92;
const CURVE_LEFT = 120;
const CURVE_HEIGHT = 340;
/** Pixels of stamps stay squares in browsers, which do not know the attribute `image-rendering` of the images. */
const SHARP_PIXELS = '<style>@media all { image { image-rendering: pixelated } }</style>';
const FONT = 'DejaVu Sans, Verdana, Helvetica, Arial, sans-serif';

/**
 * An alert as a picture, SVG: its cutouts of science, template and difference, and its light curve, brighter upwards.
 * Text from the alert is escaped. Points tell more about themselves under the mouse.
 * @throws UsageError for what is no alert of a known survey
 */
export function plotAlert(alert: unknown, options: PlotOptions = {}): string {
  const { identity, curve, quantity } = plottedAlert(alert, options);
  const cutouts = cutoutsOf(alert);
  const curveTop = cutouts.length > 0 ? STAMPS_TOP + STAMP_SIZE + 44 : STAMPS_TOP + 16;
  const height = curveTop + CURVE_HEIGHT + 56;
  const gap = (WIDTH - 2 * MARGIN - 3 * STAMP_SIZE) / 2;
  const origin = originOf(identity, curve);
  const box = { left: CURVE_LEFT, top: curveTop, width: WIDTH - CURVE_LEFT - MARGIN, height: CURVE_HEIGHT };
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" font-family="${FONT}" font-size="13" fill="#222">`,
    `<title>${escapeMarkup(headline(identity))}</title>`,
    SHARP_PIXELS,
    `<rect width="${WIDTH}" height="${height}" fill="#fff"/>`,
    `<text x="${MARGIN}" y="34" font-size="19" font-weight="bold">${escapeMarkup(headline(identity))}</text>`,
    `<text x="${MARGIN}" y="56" fill="#555">${escapeMarkup(factsOf(identity).join(' · '))}</text>`,
    ...cutouts.map((cutout, i) =>
      stampPanel(
        cutout,
        identity.survey,
        options.stretch ?? 'asinh',
        MARGIN + i * (STAMP_SIZE + gap),
        STAMPS_TOP,
      ),
    ),
    lightCurvePanel(curve, origin, quantity, box),
    '</svg>\n',
  ].join('\n');
}

/** What a picture of an alert shows, on paper or in a terminal. */
export function plottedAlert(
  alert: unknown,
  options: PlotOptions,
): { identity: AlertIdentity; curve: LightCurve; quantity: PlotQuantity } {
  const identity = identityOf(alert);
  const curve = options.lightCurve ?? lightCurveOf(alert);
  if (!identity || !curve)
    throw new UsageError('this is no alert of ZTF, LSST or ELAsTiCC: there is nothing to plot', {
      code: 'APF_DECODE',
    });
  return { identity, curve, quantity: options.quantity ?? usualQuantity(curve) };
}

/** The alert's time, or where it has none that of its last measurement; MJD in TAI. */
export function originOf({ time }: AlertIdentity, { points }: LightCurve): number {
  return (time ?? points[points.length - 1]?.time)?.mjdTai ?? 0;
}

export function headline({ survey, objectId, alertId }: AlertIdentity): string {
  return objectId ?? `${SURVEY_TITLES[survey]} alert ${alertId ?? 'without an id'}`;
}

const SURVEY_TITLES = { ztf: 'ZTF', lsst: 'LSST', elasticc: 'ELAsTiCC' } as const;

/** The line below: survey and alert, time, position, band. */
export function factsOf({ survey, alertId, time, ra, dec, band }: AlertIdentity): string[] {
  return [
    `${SURVEY_TITLES[survey]} ${alertId ?? ''}`.trim(),
    ...(time === null ? [] : [isoOf(time.mjdUtc)]),
    ...(ra === null || dec === null
      ? []
      : [`RA ${ra.toFixed(5)}° Dec ${dec < 0 ? '−' : '+'}${Math.abs(dec).toFixed(5)}°`]),
    ...(band === null ? [] : [`${band} band`]),
  ];
}

/** To the second: `2020-01-07 11:01:34 UTC`; the MJD itself where a calendar has no such day. */
function isoOf(mjdUtc: number): string {
  const date = new Date(Math.round((mjdUtc - 40587) * 86400) * 1000);
  return Number.isNaN(date.getTime())
    ? `MJD ${mjdUtc} UTC`
    : `${date.toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}
