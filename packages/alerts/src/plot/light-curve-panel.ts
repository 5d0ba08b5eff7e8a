import type { LightCurve } from '../light-curve/light-curve.js';
import { axisFor } from './axis.js';
import { bandsOf, bandStyle } from './band-styles.js';
import { coordinate, escapeMarkup } from './markup.js';
import { extentOf, inOrder, plottedCurve, type PlotQuantity, type PlottedPoint } from './plotted-points.js';
import { type MarkStyle, svgMark } from './svg-marks.js';

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

const SIZE = 4.5;
const FORCED_SIZE = 2.7;
/** From the panel to the label of its y axis: the numbers stand between them. */
const LABEL_DISTANCE = 80;
const GREY = '#6b6b6b';
/** Room of a character in the legend, in pixels. */
const CHARACTER = 7.2;

/** The light curve as SVG: the legend on top, the axes around. `origin` is the alert's time as MJD in TAI. */
export function lightCurvePanel(curve: LightCurve, origin: number, quantity: PlotQuantity, box: Box): string {
  const { points, xLabel, yLabel, inverted, leftOut } = plottedCurve(curve, origin, quantity);
  const { left, top, width, height } = box;
  const [right, bottom] = [left + width, top + height];
  const xAxis = axisFor([...points.map(({ x }) => x), 0]);
  const yAxis = axisFor(
    points.flatMap((point) => extentOf(point, inverted)),
    inverted ? 0.5 : 0,
  );
  const toX = (x: number): number => left + ((x - xAxis.from) / (xAxis.to - xAxis.from)) * width;
  const toY = (y: number): number => {
    const part = (y - yAxis.from) / (yAxis.to - yAxis.from);
    return inverted ? top + part * height : bottom - part * height;
  };
  // Of several pictures in one page those with the same name have the same panel.
  const clip = `panel-${left}-${top}`;
  const parts = [
    `<clipPath id="${clip}"><rect x="${left}" y="${top}" width="${width}" height="${height}"/></clipPath>`,
    ...xAxis.ticks.map((tick) => {
      const x = coordinate(toX(tick));
      return (
        `<path d="M${x} ${top}V${bottom}" stroke="#e8e8e8"/>` +
        `<text x="${x}" y="${bottom + 18}" text-anchor="middle">${xAxis.label(tick)}</text>`
      );
    }),
    ...yAxis.ticks.map((tick) => {
      const y = toY(tick);
      return (
        `<path d="M${left} ${coordinate(y)}H${right}" stroke="#e8e8e8"/>` +
        `<text x="${left - 8}" y="${coordinate(y + 4)}" text-anchor="end">${yAxis.label(tick)}</text>`
      );
    }),
    // The moment of the alert, and where fluxes change their sign.
    `<path d="M${coordinate(toX(0))} ${top}V${bottom}" stroke="#b0b0b0" stroke-dasharray="4 4"/>`,
    inverted || yAxis.from > 0 || yAxis.to < 0
      ? ''
      : `<path d="M${left} ${coordinate(toY(0))}H${right}" stroke="#b0b0b0"/>`,
    `<g clip-path="url(#${clip})">${inOrder(points)
      .map((point) => pointMarkup(curve, point, toX(point.x), toY))
      .join('')}</g>`,
    `<rect x="${left}" y="${top}" width="${width}" height="${height}" fill="none" stroke="#333"/>`,
    `<text x="${left + width / 2}" y="${bottom + 40}" text-anchor="middle">${xLabel}</text>`,
    `<text transform="translate(${left - LABEL_DISTANCE} ${top + height / 2}) rotate(-90)" text-anchor="middle">${yLabel}</text>`,
    legend(curve, points, leftOut, left, top - 14),
  ];
  if (points.length === 0)
    parts.push(
      `<text x="${left + width / 2}" y="${top + height / 2}" text-anchor="middle" fill="${GREY}">the alert has no measurement to show</text>`,
    );
  return parts.join('\n');
}

function pointMarkup(curve: LightCurve, point: PlottedPoint, x: number, toY: (y: number) => number): string {
  const { y, error, band } = point;
  const { colour } = bandStyle(curve.survey, band);
  const bar =
    error === null
      ? ''
      : `<path d="M${coordinate(x)} ${coordinate(toY(y - error))}V${coordinate(toY(y + error))}" stroke="${colour}" stroke-width="1.3"/>`;
  return bar + svgMark(x, toY(y), styleOf(curve, point), titleOf(point));
}

function styleOf(
  curve: LightCurve,
  { band, mark, negative }: Pick<PlottedPoint, 'band' | 'mark' | 'negative'>,
): MarkStyle {
  const { colour, shape } = bandStyle(curve.survey, band);
  if (mark === 'limit') return { colour, shape: 'limit', size: SIZE, faint: true };
  return { colour, shape, size: mark === 'forced' ? FORCED_SIZE : SIZE, hollow: negative };
}

/** What a measurement is, for the mouse. */
function titleOf({ x, y, error, band, mark, negative, point }: PlottedPoint): string {
  const value = error === null ? `${rounded(y)}` : `${rounded(y)} ± ${rounded(error)}`;
  const lines = [
    `${mark === 'limit' ? 'upper limit' : mark} ${band ?? ''} ${value}${negative ? ', fainter than the template' : ''}`,
    `MJD ${point.time.mjdUtc.toFixed(5)} UTC, ${x.toFixed(4)} days`,
    ...(point.id === null ? [] : [`id ${point.id}`]),
    ...(point.flags.length === 0 ? [] : [`flags ${point.flags.join(', ')}`]),
  ];
  return lines.map(escapeMarkup).join('\n');
}

function rounded(value: number): number {
  return Number(value.toPrecision(6));
}

function legend(
  curve: LightCurve,
  points: readonly PlottedPoint[],
  leftOut: number,
  left: number,
  baseline: number,
): string {
  const marks = new Set(points.map(({ mark }) => mark));
  const shape = bandStyle(curve.survey, null).shape;
  const grey = { colour: GREY, shape, size: SIZE };
  const entries: [MarkStyle | undefined, string][] = bandsOf(points).map((band) => [
    styleOf(curve, { band, mark: 'detection', negative: false }),
    band ?? 'unknown band',
  ]);
  if (points.some(({ negative }) => negative))
    entries.push([{ ...grey, hollow: true }, 'fainter than the template']);
  if (marks.has('forced')) entries.push([{ ...grey, size: FORCED_SIZE }, 'forced photometry']);
  if (marks.has('limit')) entries.push([{ ...grey, shape: 'limit', faint: true }, 'upper limit']);
  if (leftOut > 0) entries.push([undefined, `${leftOut} earlier measurements left out`]);
  let x = left + 6;
  return entries
    .map(([style, text]) => {
      const mark = style ? svgMark(x, baseline - 4, style) : '';
      const label = escapeMarkup(text);
      const entry = `${mark}<text x="${coordinate(x + 10)}" y="${baseline}">${label}</text>`;
      x += 30 + CHARACTER * text.length;
      return entry;
    })
    .join('');
}
