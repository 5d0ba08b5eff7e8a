import type { SurveyName } from '../surveys/survey-of.js';
import { axisFor } from './axis.js';
import { bandsOf } from './band-styles.js';
import { BrailleCanvas, type Colour } from './braille-canvas.js';
import { plainText } from './markup.js';
import type { PlottedCurve, PlottedPoint } from './plotted-points.js';

const ROWS = 16;
/** Room for the numbers of the y axis. */
const LABEL_WIDTH = 10;
const LIMIT = '▾';

/** The nearest of the 256 colours to those of the pictures. */
const COLOURS: Readonly<Record<SurveyName, Readonly<Record<string, number>>>> = {
  ztf: { g: 39, r: 208, i: 34 },
  lsst: { u: 63, g: 40, r: 160, i: 137, z: 135, y: 73 },
  elasticc: { u: 63, g: 40, r: 160, i: 137, z: 135, y: 73 },
};

/**
 * A light curve as lines of text: error bars in braille, detections as the letter of their band (a capital one: fainter
 * than the template), forced photometry as a dot, limits as triangles.
 */
export function textCurve(
  survey: SurveyName,
  { points, xLabel, yLabel, inverted, leftOut }: PlottedCurve,
  columns: number,
  colour: boolean,
): string[] {
  if (points.length === 0) return [`${yLabel}: the alert has no measurement to show`];
  const canvas = new BrailleCanvas(columns - LABEL_WIDTH - 1, ROWS);
  const xAxis = axisFor([...points.map(({ x }) => x), 0]);
  const yAxis = axisFor(
    points.map(({ y }) => y),
    inverted ? 0.5 : 10,
  );
  const toX = (x: number): number => ((x - xAxis.from) / (xAxis.to - xAxis.from)) * (canvas.width - 1);
  const toY = (y: number): number => {
    const part = (y - yAxis.from) / (yAxis.to - yAxis.from);
    return (inverted ? part : 1 - part) * (canvas.height - 1);
  };
  for (const point of points) draw(canvas, point, toX(point.x), toY, colourOf(survey, point.band));
  const labels = new Map(yAxis.ticks.map((tick) => [Math.floor(toY(tick) / 4), yAxis.label(tick)]));
  return [
    [yLabel, ...legend(survey, points, leftOut, colour)].join('   '),
    ...canvas
      .lines(colour)
      .map(
        (line, row) =>
          `${(labels.get(row) ?? '').padStart(LABEL_WIDTH)}${labels.has(row) ? '┤' : '│'}${line}`,
      ),
    `${' '.repeat(LABEL_WIDTH)}└${'─'.repeat(canvas.columns)}`,
    ' '.repeat(LABEL_WIDTH + 1) +
      tickLine(
        xAxis.ticks.map((tick) => [Math.floor(toX(tick) / 2), xAxis.label(tick)]),
        canvas.columns,
      ),
    ' '.repeat(LABEL_WIDTH + 1) + xLabel,
  ];
}

function draw(
  canvas: BrailleCanvas,
  { y, error, band, mark, negative }: PlottedPoint,
  x: number,
  toY: (y: number) => number,
  colour: Colour,
): void {
  if (error !== null) canvas.bar(x, toY(y - error), toY(y + error), colour);
  if (mark === 'forced') canvas.dot(x, toY(y), colour);
  else canvas.text(x, toY(y), mark === 'limit' ? LIMIT : letterOf(band, negative), colour);
}

/** Bands come from the alert: only a letter or a digit is shown. */
function letterOf(band: string | null, negative: boolean): string {
  const letter = /^[a-z\d]/i.exec(band ?? '')?.[0] ?? '?';
  return negative ? letter.toUpperCase() : letter;
}

function colourOf(survey: SurveyName, band: string | null): Colour {
  const colours = COLOURS[survey];
  return band !== null && Object.hasOwn(colours, band) ? colours[band] : undefined;
}

function legend(
  survey: SurveyName,
  points: readonly PlottedPoint[],
  leftOut: number,
  colour: boolean,
): string[] {
  const bands = bandsOf(points).map((band) => {
    const code = colourOf(survey, band);
    const name = plainText(band ?? 'unknown band');
    return colour && code !== undefined ? `\u001b[38;5;${code}m${name}\u001b[0m` : name;
  });
  const marks = new Set(points.map(({ mark }) => mark));
  return [
    bands.join(' '),
    ...(points.some(({ negative }) => negative) ? ['capital: fainter than the template'] : []),
    ...(marks.has('forced') ? ['⠂ forced'] : []),
    ...(marks.has('limit') ? [`${LIMIT} upper limit`] : []),
    ...(leftOut > 0 ? [`${leftOut} earlier measurements left out`] : []),
  ];
}

/** Numbers under their places, as far as they do not overlap. */
function tickLine(ticks: readonly (readonly [column: number, label: string])[], columns: number): string {
  let line = '';
  for (const [column, label] of ticks) {
    const start = Math.max(0, Math.min(columns - label.length, column - Math.floor(label.length / 2)));
    if (start > line.length || line === '') line = line.padEnd(start) + label;
  }
  return line;
}
