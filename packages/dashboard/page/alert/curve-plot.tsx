import type { PlottedPoint, SurveyName } from '@apf/alerts/browser';
import type { JSX } from 'preact';
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import uPlot from 'uplot';
import { useDark } from '../frame/use-dark.js';
import { useWidth } from '../frame/use-width.js';
import { numberText } from '../text/numbers.js';
import { drawCurve } from './draw-curve.js';
import { nearestPoint } from './nearest-point.js';
import { pointText } from './point-text.js';
import { type Range, type ShownCurve, zoomed } from './shown-curve.js';

const HEIGHT = 340;
/** Narrower plots have no room for a label beside the axis. */
const NARROW = 500;
const ZOOM = 0.6;

interface Zoom {
  readonly x: Range;
  readonly y: Range;
}

interface Props {
  readonly curve: ShownCurve;
  readonly survey: SurveyName;
  readonly unit: string;
  /** What the plot shows, in words. */
  readonly label: string;
}

/**
 * The plot: drag to zoom, double click or 0 for all; under the mouse, and by the arrow keys, points tell what they are.
 */
export function CurvePlot({ curve, survey, unit, label }: Props): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box);
  const dark = useDark();
  const axes = `${curve.xLabel} ${curve.yLabel}`;
  const [zoomedTo, setZoomedTo] = useState<(Zoom & { readonly axes: string }) | null>(null);
  const [touched, setChosen] = useState<PlottedPoint | null>(null);
  // Other axes begin anew, and so do other points.
  const zoom = zoomedTo?.axes === axes ? zoomedTo : null;
  const chosen = touched && curve.points.includes(touched) ? touched : null;
  const setZoom = useCallback((to: Zoom | null) => setZoomedTo(to && { ...to, axes }), [axes]);
  const plot = useRef<uPlot | null>(null);
  // uPlot calls back long after a render: it must see the last one's values.
  const now = useRef({ curve, zoom, chosen });
  now.current = { curve, zoom, chosen };

  useEffect(() => {
    if (!box.current || width === 0) return;
    const made = new uPlot(
      optionsOf({ curve, survey, width, dark, now, setZoom, show: setChosen }),
      [curve.points.map(({ x }) => x), curve.points.map(({ y }) => y)],
      box.current,
    );
    plot.current = made;
    return () => {
      made.destroy();
      plot.current = null;
    };
  }, [curve, survey, width, dark, setZoom]);

  useEffect(() => {
    const { x, y } = zoom ?? curve;
    const { current } = plot;
    current?.batch(() => {
      current.setScale('x', { min: x[0], max: x[1] });
      current.setScale('y', { min: y[0], max: y[1] });
    });
  }, [zoom, curve]);

  useEffect(() => plot.current?.redraw(false), [chosen]);

  const around = (factor: number): void => {
    const { x, y } = zoom ?? curve;
    const [atX, atY] = chosen ? [chosen.x, chosen.y] : [(x[0] + x[1]) / 2, (y[0] + y[1]) / 2];
    setZoom({ x: zoomed(x, atX, factor), y: zoomed(y, atY, factor) });
  };
  const all = (): void => setZoom(null);
  const step = (by: number): void => {
    const { points } = curve;
    const at = chosen ? points.indexOf(chosen) : by > 0 ? -1 : points.length;
    setChosen(points[Math.min(points.length - 1, Math.max(0, at + by))] ?? null);
  };
  const keys: Readonly<Record<string, () => void>> = {
    ArrowRight: () => step(1),
    ArrowLeft: () => step(-1),
    '+': () => around(ZOOM),
    '-': () => around(1 / ZOOM),
    '0': all,
    Escape: () => setChosen(null),
  };
  const lines = chosen ? pointText(chosen, unit) : [];
  return (
    <div class="curve">
      <div
        ref={box}
        class="plot"
        role="application"
        aria-roledescription="plot"
        aria-label={`${label}. Arrow keys go from point to point, plus and minus zoom, 0 shows all.`}
        tabIndex={0}
        onKeyDown={(event) => {
          const act = event.ctrlKey || event.metaKey || event.altKey ? undefined : keys[event.key];
          if (!act) return;
          event.preventDefault();
          act();
        }}
      />
      <div class="under">
        <p class="readout" role="status">
          {chosen ? lines.join(' · ') : <span class="quiet">Drag to zoom; points tell their values.</span>}
        </p>
        <span class="buttons">
          <button type="button" aria-label="Zoom in" onClick={() => around(ZOOM)}>
            +
          </button>
          <button type="button" aria-label="Zoom out" onClick={() => around(1 / ZOOM)}>
            −
          </button>
          <button type="button" disabled={!zoom} onClick={all}>
            All
          </button>
        </span>
      </div>
    </div>
  );
}

interface Made extends Pick<Props, 'curve' | 'survey'> {
  readonly width: number;
  readonly dark: boolean;
  readonly now: {
    readonly current: {
      readonly curve: ShownCurve;
      readonly zoom: Zoom | null;
      readonly chosen: PlottedPoint | null;
    };
  };
  readonly setZoom: (zoom: Zoom | null) => void;
  readonly show: (point: PlottedPoint | null) => void;
}

function optionsOf({ curve, survey, width, dark, now, setZoom, show }: Made): uPlot.Options {
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string): string => style.getPropertyValue(name).trim();
  const axis: uPlot.Axis = {
    stroke: colour('--quiet'),
    font: '12px system-ui, sans-serif',
    labelFont: '12px system-ui, sans-serif',
    grid: { stroke: colour('--line'), width: 1 },
    ticks: { stroke: colour('--line'), width: 1 },
    values: (_, ticks) => ticks.map((tick) => numberText(tick)),
  };
  const scale = (part: 'x' | 'y'): Range => (now.current.zoom ?? now.current.curve)[part];
  const labelled = width >= NARROW;
  return {
    width,
    height: HEIGHT,
    legend: { show: false },
    padding: [10, 10, 0, 0],
    cursor: {
      drag: { x: true, y: true, setScale: false },
      points: { show: false },
      bind: { dblclick: () => () => (setZoom(null), null) },
    },
    scales: {
      x: { time: false, range: () => [...scale('x')] },
      y: { auto: false, dir: curve.inverted ? -1 : 1, range: () => [...scale('y')] },
    },
    axes: [
      { ...axis, label: curve.xLabel, labelSize: 20, size: 36 },
      { ...axis, size: curve.inverted ? 48 : 72, ...(labelled && { label: curve.yLabel, labelSize: 20 }) },
    ],
    series: [{}, { paths: () => null, points: { show: false } }],
    hooks: {
      draw: [
        (u) => {
          const { ctx } = u;
          const ratio = uPlot.pxRatio;
          ctx.save();
          ctx.beginPath();
          ctx.rect(u.bbox.left, u.bbox.top, u.bbox.width, u.bbox.height);
          ctx.clip();
          ctx.scale(ratio, ratio);
          const toX = (value: number): number => u.valToPos(value, 'x', true) / ratio;
          const toY = (value: number): number => u.valToPos(value, 'y', true) / ratio;
          const ground = dark ? 'dark' : 'light';
          drawOrigin(ctx, toX(0), toY(0), curve, colour('--quiet'), u.bbox, ratio);
          drawCurve(
            { context: ctx, toX, toY, ground, paper: colour('--panel') },
            survey,
            curve.points,
            now.current.chosen,
          );
          ctx.restore();
        },
      ],
      setCursor: [
        (u) => {
          const { left, top } = u.cursor;
          if (left === undefined || top === undefined || left < 0) return;
          const at = (point: PlottedPoint): [number, number] => [
            u.valToPos(point.x, 'x'),
            u.valToPos(point.y, 'y'),
          ];
          const found = nearestPoint(curve.points, at, left, top);
          if (found !== now.current.chosen && found) show(found);
        },
      ],
      setSelect: [
        (u) => {
          const { left, top, width: wide, height: high } = u.select;
          if (wide < 4 && high < 4) return;
          const range = (scaleName: 'x' | 'y', from: number, size: number): Range => {
            if (size < 4) return scale(scaleName);
            const ends = [u.posToVal(from, scaleName), u.posToVal(from + size, scaleName)].sort(
              (a, b) => a - b,
            );
            return [ends[0]!, ends[1]!];
          };
          setZoom({ x: range('x', left, wide), y: range('y', top, high) });
          u.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
        },
      ],
    },
  };
}

/** The moment of the alert, and for fluxes where they change their sign. */
function drawOrigin(
  context: CanvasRenderingContext2D,
  x: number,
  y: number,
  { inverted }: ShownCurve,
  colour: string,
  { left, top, width, height }: uPlot.BBox,
  ratio: number,
): void {
  context.strokeStyle = colour;
  context.lineWidth = 1;
  context.beginPath();
  context.setLineDash([4, 4]);
  context.moveTo(x, top / ratio);
  context.lineTo(x, (top + height) / ratio);
  context.stroke();
  context.setLineDash([]);
  if (inverted) return;
  context.beginPath();
  context.moveTo(left / ratio, y);
  context.lineTo((left + width) / ratio, y);
  context.stroke();
}
