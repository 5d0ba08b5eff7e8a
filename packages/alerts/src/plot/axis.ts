/** A linear axis between two values, and the round values on it. */
export interface Axis {
  readonly from: number;
  readonly to: number;
  readonly ticks: readonly number[];
  /** A tick's text. */
  readonly label: (tick: number) => string;
}

/** About so many ticks are set. */
const TICKS = 6;
/** Values beyond are nonsense, and a range below is none: an alert can hold any number. */
const FARTHEST = 1e100;
const NARROWEST = 1e-100;
/** Added on both sides of the values, as a part of their range. */
const MARGIN = 0.06;

/** An axis on which all values have room. Of values that are equal, or of none, it spans `alone`. */
export function axisFor(values: readonly number[], alone = 1): Axis {
  const low = Math.max(
    -FARTHEST,
    values.reduce((a, b) => Math.min(a, b), Infinity),
  );
  const high = Math.min(
    FARTHEST,
    values.reduce((a, b) => Math.max(a, b), -Infinity),
  );
  const [middle, range] = low <= high ? [(low + high) / 2, high - low] : [0, 0];
  const half = Math.max(range > NARROWEST ? range / 2 + MARGIN * range : alone / 2, Math.abs(middle) * 1e-9);
  const [from, to] = [middle - half, middle + half];
  const step = roundStep((to - from) / TICKS);
  // By whole numbers, so that no error adds up.
  const [first, last] = [Math.ceil(from / step), Math.floor(to / step)];
  const ticks = Array.from({ length: last - first + 1 }, (_, i) => (first + i) * step);
  const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  return { from, to, ticks, label: (tick) => labelOf(tick, digits) };
}

/** The next of 1, 2, 5 times a power of ten. */
function roundStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  const part = rough / power;
  return (part <= 1 ? 1 : part <= 2 ? 2 : part <= 5 ? 5 : 10) * power;
}

/** Large numbers with groups of three digits, very large ones as powers of ten. */
function labelOf(tick: number, digits: number): string {
  if (Math.abs(tick) >= 1e9) return tick.toExponential(2);
  const [whole, fraction] = Math.abs(tick).toFixed(Math.min(digits, 12)).split('.') as [string, string?];
  const grouped = whole.length > 4 ? whole.replace(/\B(?=(\d{3})+$)/g, '\u202f') : whole;
  const sign = tick < 0 && Number(tick.toFixed(Math.min(digits, 12))) !== 0 ? '−' : '';
  return `${sign}${grouped}${fraction === undefined ? '' : `.${fraction}`}`;
}
