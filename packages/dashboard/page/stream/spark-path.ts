/** A small graph as SVG's path data in a box, values from 0 at the bottom; and the greatest value, at the top. */
export interface Spark {
  readonly path: string;
  readonly most: number;
}

/**
 * Values in even steps over a box; nulls are gaps. Where there are more than the box has columns, the greatest of each
 * column is drawn, so that no peak is lost.
 */
export function sparkPath(values: readonly (number | null)[], width: number, height: number): Spark {
  const columns = Math.min(width, values.length);
  const heights = Array.from({ length: columns }, (_, column) => {
    const [from, to] = [column, column + 1].map((edge) => Math.floor((edge * values.length) / columns));
    return values
      .slice(from, to)
      .reduce<number | null>(
        (most, value) => (value === null ? most : Math.max(most ?? -Infinity, value)),
        null,
      );
  });
  const most = heights.reduce<number>((greatest, value) => Math.max(greatest, value ?? 0), 0);
  const step = columns > 1 ? width / (columns - 1) : 0;
  let path = '';
  for (const [column, value] of heights.entries()) {
    if (value === null) continue;
    const begins = column === 0 || heights[column - 1] === null;
    const x = rounded(column * step);
    const y = rounded(height - (most > 0 ? (Math.max(0, value) / most) * height : 0));
    // A value alone between gaps is a dot, by round caps.
    path += begins ? `M${x} ${y}h0` : `L${x} ${y}`;
  }
  return { path, most };
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}
