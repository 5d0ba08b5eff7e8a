/** The parameters of IRAF's and astropy's zscale. */
const SAMPLES = 1000;
const CONTRAST = 0.25;
const MAX_REJECT = 0.5;
const MIN_PIXELS = 5;
const REJECTION = 2.5;
const ITERATIONS = 5;

/**
 * The limits that IRAF's zscale gives: a line is fitted to the sorted pixels, outliers left out, and its slope, divided
 * by the contrast, runs through the median. (IRAF's `display` task; astropy.visualization.ZScaleInterval.)
 */
export function zscaleLimits(pixels: Float32Array): [low: number, high: number] {
  const finite = pixels.filter(Number.isFinite);
  const stride = Math.max(1, Math.floor(finite.length / SAMPLES));
  const sorted = finite
    .filter((_, i) => i % stride === 0)
    .slice(0, SAMPLES)
    .sort();
  const count = sorted.length;
  if (count === 0) return [0, 0];
  const [least, greatest] = [sorted[0]!, sorted[count - 1]!];
  const slope = fittedSlope(sorted);
  if (slope === undefined) return [least, greatest];
  const middle = Math.floor((count - 1) / 2);
  const median = count % 2 === 1 ? sorted[middle]! : (sorted[middle]! + sorted[middle + 1]!) / 2;
  const steep = slope / CONTRAST;
  return [
    Math.max(least, median - (middle - 1) * steep),
    Math.min(greatest, median + (count - middle) * steep),
  ];
}

/** The slope of sorted values by their rank; undefined where too few are left of them. */
function fittedSlope(values: Float32Array): number | undefined {
  const least = Math.max(MIN_PIXELS, Math.floor(values.length * MAX_REJECT));
  const grow = Math.max(1, Math.floor(values.length * 0.01));
  let bad: Uint8Array = new Uint8Array(values.length);
  let good = values.length;
  let line = { slope: 0, intercept: 0 };
  for (let i = 0, last = values.length + 1; i < ITERATIONS && good < last && good >= least; i++) {
    line = fitLine(values, bad);
    const flat = values.map((value, x) => value - (line.intercept + line.slope * x));
    const threshold = REJECTION * deviation(flat, bad);
    const rejected = flat.map((residual, x) => (bad[x] || Math.abs(residual) > threshold ? 1 : 0));
    bad = widened(rejected, grow);
    last = good;
    good = bad.reduce((left, flag) => left - flag, values.length);
  }
  return good >= least ? line.slope : undefined;
}

function fitLine(values: Float32Array, bad: Uint8Array): { slope: number; intercept: number } {
  let [n, sumX, sumY, sumXX, sumXY] = [0, 0, 0, 0, 0];
  for (const [x, y] of values.entries()) {
    if (bad[x]) continue;
    n++;
    sumX += x;
    sumY += y;
    sumXX += x * x;
    sumXY += x * y;
  }
  const determinant = n * sumXX - sumX * sumX;
  const slope = determinant === 0 ? 0 : (n * sumXY - sumX * sumY) / determinant;
  return { slope, intercept: n === 0 ? 0 : (sumY - slope * sumX) / n };
}

function deviation(residuals: Float32Array, bad: Uint8Array): number {
  const kept = residuals.filter((_, i) => !bad[i]);
  const mean = kept.reduce((sum, value) => sum + value, 0) / kept.length;
  return Math.sqrt(kept.reduce((sum, value) => sum + (value - mean) ** 2, 0) / kept.length);
}

/** The flags with those of `width` neighbours, as a convolution with a box does it. */
function widened(flags: Float32Array, width: number): Uint8Array {
  const result = new Uint8Array(flags.length);
  const [before, after] = [Math.floor((width - 1) / 2), Math.ceil((width - 1) / 2)];
  for (const [i, flag] of flags.entries()) {
    if (flag) result.fill(1, Math.max(0, i - before), i + after + 1);
  }
  return result;
}
