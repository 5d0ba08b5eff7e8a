import { MARK_CORNERS, type MarkShape } from '@apf/alerts/browser';
import type { JSX } from 'preact';

const SIZE = 4.5;

/** The mark of a band or of a class, for a legend. */
export function Mark({ colour, shape }: { colour: string; shape: MarkShape }): JSX.Element {
  return (
    <svg class="mark" viewBox="-7 -7 14 14" width={14} height={14} aria-hidden="true">
      {shape === 'circle' ? (
        <circle r={SIZE} fill={colour} />
      ) : (
        <polygon
          points={MARK_CORNERS[shape].map(([x, y]) => `${SIZE * x},${SIZE * y}`).join(' ')}
          fill={colour}
        />
      )}
    </svg>
  );
}
