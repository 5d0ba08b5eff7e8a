import type { JSX } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { SkyPoint } from '../../src/page-api.js';
import { nearestPoint } from '../alert/nearest-point.js';
import { positionQuery } from '../alerts/position-query.js';
import { hrefOf } from '../frame/route.js';
import { useDark } from '../frame/use-dark.js';
import { useWidth } from '../frame/use-width.js';
import { manyText } from '../text/numbers.js';
import { decimalPosition } from '../text/positions.js';
import { mjdText } from '../text/times.js';
import { visibleText } from '../text/visible-text.js';
import type { ClassStyle } from './class-styles.js';
import { drawAlerts, drawGrid, placeIn, type SkyColours } from './draw-sky.js';
import { toMap } from './hammer.js';
import { isArrow, nextInDirection } from './next-in-direction.js';

const REACH = 14;

interface Props {
  readonly points: readonly SkyPoint[];
  readonly styles: ReadonlyMap<string | null, ClassStyle>;
}

/** The map: an alert under the mouse tells what it is, a click or Enter opens it, arrow keys go from one to the next. */
export function SkyMap({ points, styles }: Props): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const width = useWidth(box);
  const dark = useDark();
  const [chosen, setChosen] = useState<SkyPoint | null>(null);
  const { height, at } = useMemo(() => placeIn(width), [width]);
  const place = (point: SkyPoint): [number, number] => at(toMap(point));

  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context || width === 0) return;
    const ratio = devicePixelRatio;
    canvas.current!.width = width * ratio;
    canvas.current!.height = height * ratio;
    context.scale(ratio, ratio);
    const colours = coloursOf(dark);
    drawGrid(context, width, colours);
    drawAlerts(context, width, points, chosen, styles, colours);
  }, [points, styles, chosen, width, height, dark]);

  const under = (event: MouseEvent): SkyPoint | null => {
    const { left, top } = canvas.current!.getBoundingClientRect();
    // The latest lie on top.
    return nearestPoint([...points].reverse(), place, event.clientX - left, event.clientY - top, REACH);
  };
  const open = (point: SkyPoint | null): void => {
    if (point) location.hash = hrefOf('alert', positionQuery(point.at));
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Enter') open(chosen);
    else if (event.key === 'Escape') setChosen(null);
    else if (isArrow(event.key)) {
      const next = chosen
        ? nextInDirection(points, place, place(chosen), event.key)
        : nearestPoint(points, place, width / 2, height / 2, Infinity);
      if (next) setChosen(next);
    } else return;
    event.preventDefault();
  };
  return (
    <div class="sky" ref={box}>
      <canvas
        ref={canvas}
        class={chosen ? 'pointing' : undefined}
        style={{ width: `${width}px`, height: `${height}px` }}
        role="application"
        aria-roledescription="sky map"
        aria-label={`All-sky map, equal area, right ascension increasing to the left, with ${manyText(points.length, 'alert')}. Arrow keys go from alert to alert, Enter opens one.`}
        tabIndex={0}
        onMouseMove={(event) => setChosen(under(event))}
        onClick={(event) => open(under(event))}
        onKeyDown={onKeyDown}
      />
      <p class="readout" role="status">
        {chosen ? (
          pointLine(chosen)
        ) : (
          <span class="quiet">Point at an alert to see what it is, click to open it.</span>
        )}
      </p>
    </div>
  );
}

function pointLine({ objectId, ra, dec, class: name, time }: SkyPoint): string {
  return [
    visibleText(objectId ?? 'no id'),
    name === null ? 'not classified' : visibleText(name),
    decimalPosition(ra, dec),
    ...(time === null ? [] : [`${mjdText(time)} UTC`]),
  ].join(' · ');
}

function coloursOf(dark: boolean): SkyColours {
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string): string => style.getPropertyValue(name).trim();
  return {
    line: colour('--line-strong'),
    text: colour('--text'),
    paper: colour('--panel'),
    ecliptic: colour('--ecliptic'),
    galactic: colour('--galactic'),
    ground: dark ? 'dark' : 'light',
  };
}
