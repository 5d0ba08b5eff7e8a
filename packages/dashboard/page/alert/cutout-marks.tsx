import type { JSX } from 'preact';
import type { CutoutView } from '../../src/page-api.js';

/** Side of the drawing, whatever its size on the page. */
const SIDE = 250;
const ARROW = 26;
const CORNER = 40;

/** Arrows to the north and to the east, and a bar of a round number of arcseconds. */
export function CutoutMarks({ cutout }: { cutout: CutoutView }): JSX.Element {
  const { compass, oriented, pixelSize, width, height } = cutout;
  const bar = pixelSize === null ? null : scaleBar(pixelSize, Math.max(width, height));
  return (
    <svg class="marks" viewBox={`0 0 ${SIDE} ${SIDE}`} aria-hidden="true">
      {compass && (
        <g>
          {oriented && (
            <title>{oriented === 'WCS' ? 'from the image’s WCS' : 'by the survey’s convention'}</title>
          )}
          <Arrow letter="N" towards={compass.north} />
          <Arrow letter="E" towards={compass.east} />
        </g>
      )}
      {bar && (
        <g>
          <Line path={`M14 ${SIDE - 14}h${bar.length.toFixed(1)}`} />
          <text x={14 + bar.length / 2} y={SIDE - 22}>
            {bar.arcsec}″
          </text>
        </g>
      )}
    </svg>
  );
}

function Arrow({
  letter,
  towards: [dx, dy],
}: {
  letter: string;
  towards: readonly [number, number];
}): JSX.Element {
  const [x, y] = [SIDE - CORNER, SIDE - CORNER];
  return (
    <>
      <Line path={`M${x} ${y}L${(x + ARROW * dx).toFixed(1)} ${(y - ARROW * dy).toFixed(1)}`} />
      <text x={x + (ARROW + 11) * dx} y={y - (ARROW + 11) * dy + 5}>
        {letter}
      </text>
    </>
  );
}

/** A line that is seen on black and on white. */
function Line({ path }: { path: string }): JSX.Element {
  return (
    <>
      <path class="halo" d={path} />
      <path d={path} />
    </>
  );
}

/** The longest bar of a round number of arcseconds that takes less than a third of the picture. */
export function scaleBar(pixelSize: number, pixels: number): { arcsec: number; length: number } | null {
  const perArcsec = SIDE / (pixels * pixelSize);
  if (!Number.isFinite(perArcsec)) return null;
  const arcsec = [60, 30, 20, 10, 5, 2, 1, 0.5].find((size) => size * perArcsec < SIDE / 3);
  return arcsec === undefined || arcsec * perArcsec < 5 ? null : { arcsec, length: arcsec * perArcsec };
}
