/** The phase of a time in a period, both in days: 0 at `epoch`, 0 ≤ phase < 1. */
export function phaseOf(time: number, period: number, epoch: number): number {
  const turns = (time - epoch) / period;
  const phase = turns - Math.floor(turns);
  // A tiny negative number of turns leaves 1 itself.
  return phase < 1 ? phase : 0;
}

/** Points folded on a period, each shown twice, from phase 0 to 2, so that nothing is cut in two. `x` are days. */
export function folded<Point extends { readonly x: number }>(
  points: readonly Point[],
  period: number,
): Point[] {
  return points.flatMap((point) => {
    const x = phaseOf(point.x, period, 0);
    return [
      { ...point, x },
      { ...point, x: x + 1 },
    ];
  });
}

/** A period as it is typed, in days; with `h`, `min` or `s` behind it in those. Null for what is none. */
export function parsePeriod(text: string): number | null {
  const [, number, unit = 'd'] = /^\s*(\d+\.?\d*(?:e[+-]?\d+)?|\.\d+)\s*(d|h|min|m|s)?\s*$/i.exec(text) ?? [];
  if (number === undefined) return null;
  const perDay = { d: 1, h: 24, min: 1440, m: 1440, s: 86400 }[unit.toLowerCase()]!;
  const period = Number(number) / perDay;
  return Number.isFinite(period) && period > 0 ? period : null;
}
