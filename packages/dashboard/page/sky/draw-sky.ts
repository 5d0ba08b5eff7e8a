import { fromEcliptic, fromGalactic, type SkyPosition } from '@apf/alerts/browser';
import type { SkyPoint } from '../../src/page-api.js';
import { pathOf } from '../alert/draw-curve.js';
import type { ClassStyle } from './class-styles.js';
import { type MapPoint, mapLines, toMap } from './hammer.js';

export interface SkyColours {
  readonly line: string;
  readonly text: string;
  readonly paper: string;
  readonly ecliptic: string;
  readonly galactic: string;
  readonly ground: 'light' | 'dark';
}

/** Room around the ellipse for labels [CSS pixels]. */
const MARGIN = 18;

/** Where places of the map are in a canvas of a width [CSS pixels], which is half as high and a margin. */
export function placeIn(width: number): {
  height: number;
  at: (point: MapPoint) => [left: number, top: number];
} {
  const radius = Math.max(1, width / 2 - MARGIN) / 2;
  const height = Math.round(2 * radius + 2 * MARGIN);
  return { height, at: ({ x, y }) => [width / 2 + x * radius, height / 2 - y * radius] };
}

/** Degrees between points of a line. */
const EVERY = 0.5;
const around = (of: (longitude: number) => SkyPosition): SkyPosition[] =>
  Array.from({ length: 360 / EVERY + 1 }, (_, i) => of(i * EVERY));
const ECLIPTIC = mapLines(around((lambda) => fromEcliptic({ lambda, beta: 0 })));
const GALACTIC = mapLines(around((l) => fromGalactic({ l, b: 0 })));
const PARALLELS = [-60, -30, 0, 30, 60];
const MERIDIANS = [0, 60, 120, 180, 240, 300];
/** From pole to pole, just inside the edges, which are one meridian twice. */
const GRID = [
  ...PARALLELS.map((dec) =>
    mapLines(Array.from({ length: 181 }, (_, i) => ({ ra: 0.001 + i * 1.99998, dec }))),
  ),
  ...[60, 120, 180, 240, 300].map((ra) =>
    mapLines(Array.from({ length: 91 }, (_, i) => ({ ra, dec: -90 + 2 * i }))),
  ),
].flat();

/** The empty sky: the grid with its labels, the ecliptic and the galactic plane. */
export function drawGrid(context: CanvasRenderingContext2D, width: number, colours: SkyColours): void {
  const { height, at } = placeIn(width);
  context.clearRect(0, 0, width, height);
  context.lineWidth = 1;
  const [left] = at({ x: -2, y: 0 });
  const [, top] = at({ x: 0, y: 1 });
  context.beginPath();
  context.ellipse(width / 2, height / 2, width / 2 - left, height / 2 - top, 0, 0, 2 * Math.PI);
  context.fillStyle = colours.paper;
  context.fill();
  context.strokeStyle = colours.line;
  context.stroke();
  strokeLines(context, GRID, at);
  context.lineWidth = 2;
  context.strokeStyle = colours.ecliptic;
  context.setLineDash([6, 4]);
  strokeLines(context, ECLIPTIC, at);
  context.setLineDash([]);
  context.strokeStyle = colours.galactic;
  strokeLines(context, GALACTIC, at);
  drawLabels(context, at, colours, width);
}

function strokeLines(
  context: CanvasRenderingContext2D,
  lines: readonly (readonly MapPoint[])[],
  at: (point: MapPoint) => [number, number],
): void {
  context.beginPath();
  for (const line of lines) {
    for (const [i, point] of line.entries()) {
      if (i === 0) context.moveTo(...at(point));
      else context.lineTo(...at(point));
    }
  }
  context.stroke();
}

function drawLabels(
  context: CanvasRenderingContext2D,
  at: (point: MapPoint) => [number, number],
  { text, paper }: SkyColours,
  width: number,
): void {
  context.font = '11px system-ui, sans-serif';
  context.fillStyle = text;
  context.strokeStyle = paper;
  context.lineWidth = 3;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  const write = (label: string, [left, top]: [number, number]): void => {
    context.strokeText(label, left, top);
    context.fillText(label, left, top);
  };
  // Right ascension 0 is at both edges.
  for (const ra of MERIDIANS.filter((one) => one !== 0)) {
    const [left, top] = at(toMap({ ra, dec: 0 }));
    write(width < 480 ? `${ra / 15}h` : `${ra}°`, [left, top + 9]);
  }
  for (const dec of PARALLELS) {
    const [left, top] = at(toMap({ ra: 359.999, dec }));
    context.textAlign = 'right';
    if (width >= 480)
      write(`${dec < 0 ? '−' : dec > 0 ? '+' : ''}${Math.abs(dec)}°`, [
        left + (dec === 0 ? 18 : -5),
        top + (dec === 0 ? -9 : 0),
      ]);
  }
}

/** The alerts, the earliest first, so that the latest lie on top; and a ring around the chosen one. */
export function drawAlerts(
  context: CanvasRenderingContext2D,
  width: number,
  points: readonly SkyPoint[],
  chosen: SkyPoint | null,
  styles: ReadonlyMap<string | null, ClassStyle>,
  { ground, text }: SkyColours,
): void {
  const { at } = placeIn(width);
  const size = width < 480 ? 2.2 : 3.2;
  for (const point of points) {
    const { colour, shape } = styles.get(point.class)!;
    const [left, top] = at(toMap(point));
    context.fillStyle = colour[ground];
    context.globalAlpha = 0.85;
    pathOf(context, shape, left, top, size);
    context.fill();
  }
  context.globalAlpha = 1;
  if (!chosen) return;
  const [left, top] = at(toMap(chosen));
  context.strokeStyle = text;
  context.lineWidth = 2;
  context.beginPath();
  context.arc(left, top, size + 5, 0, 2 * Math.PI);
  context.stroke();
}
