import type { JSX } from 'preact';
import { sparkPath } from './spark-path.js';

const WIDTH = 96;
const HEIGHT = 22;

interface Props {
  readonly values: readonly (number | null)[] | undefined;
  /** What the values are, for who does not see the graph. */
  readonly of: string;
  readonly text: (value: number) => string;
}

/** A small graph of the last minutes, from 0 to the greatest value, which stands beside it. */
export function Sparkline({ values = [], of, text }: Props): JSX.Element {
  const { path, most } = sparkPath(values, WIDTH, HEIGHT - 2);
  if (path === '') return <span class="quiet">–</span>;
  return (
    <span class="spark">
      <svg
        role="img"
        aria-label={`${of} so far: ${text(most)} at most`}
        viewBox={`0 -1 ${WIDTH} ${HEIGHT}`}
        width={WIDTH}
        height={HEIGHT}
      >
        <path class="ground" d={`M0 ${HEIGHT - 2}h${WIDTH}`} />
        <path d={path} />
      </svg>
      <span class="most" aria-hidden="true">
        ≤ {text(most)}
      </span>
    </span>
  );
}
