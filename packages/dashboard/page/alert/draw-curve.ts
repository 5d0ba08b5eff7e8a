import { bandStyle, inOrder, MARK_CORNERS, type PlottedPoint, type SurveyName } from '@apf/alerts/browser';

const SIZE = 4.5;
const FORCED_SIZE = 2.7;

/** A canvas, and where values are in it, in CSS pixels. */
export interface Plot {
  readonly context: CanvasRenderingContext2D;
  readonly toX: (value: number) => number;
  readonly toY: (value: number) => number;
  readonly ground: 'light' | 'dark';
  /** The colour behind the marks, for hollow ones. */
  readonly paper: string;
}

/** Draws points with their error bars in the bands' colours and shapes: the same marks as in `apf plot`. */
export function drawCurve(
  plot: Plot,
  survey: SurveyName,
  points: readonly PlottedPoint[],
  chosen: PlottedPoint | null,
): void {
  for (const point of inOrder(points)) drawPoint(plot, survey, point);
  if (!chosen) return;
  const { context, toX, toY } = plot;
  context.strokeStyle = plot.ground === 'dark' ? '#fff' : '#000';
  context.lineWidth = 1.5;
  context.beginPath();
  context.arc(toX(chosen.x), toY(chosen.y), SIZE + 4, 0, 2 * Math.PI);
  context.stroke();
}

function drawPoint(
  { context, toX, toY, ground, paper }: Plot,
  survey: SurveyName,
  point: PlottedPoint,
): void {
  const { x, y, error, band, mark, negative } = point;
  const { colour, shape } = bandStyle(survey, band, ground);
  const [left, top] = [toX(x), toY(y)];
  context.strokeStyle = colour;
  context.fillStyle = negative ? paper : colour;
  context.lineWidth = 1.3;
  if (error !== null) {
    context.beginPath();
    context.moveTo(left, toY(y - error));
    context.lineTo(left, toY(y + error));
    context.stroke();
  }
  context.globalAlpha = mark === 'limit' ? 0.5 : 1;
  pathOf(context, mark === 'limit' ? 'limit' : shape, left, top, mark === 'forced' ? FORCED_SIZE : SIZE);
  context.fill();
  context.stroke();
  context.globalAlpha = 1;
}

/** The outline of a mark around a place. */
export function pathOf(
  context: CanvasRenderingContext2D,
  shape: keyof typeof MARK_CORNERS | 'circle',
  x: number,
  y: number,
  size: number,
): void {
  context.beginPath();
  if (shape === 'circle') {
    context.arc(x, y, size, 0, 2 * Math.PI);
    return;
  }
  for (const [dx, dy] of MARK_CORNERS[shape]) context.lineTo(x + dx * size, y + dy * size);
  context.closePath();
}
