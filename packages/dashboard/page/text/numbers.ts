/** What stands where nothing is known. */
export const UNKNOWN = '–';
const MINUS = '−';
/** Between groups of three digits: a narrow space that does not break. */
const GROUP = '\u202f';

/** A whole number with groups of three digits from 10 000 on: `12 345`. */
export function countText(value: number | null | undefined): string {
  if (value === null || value === undefined) return UNKNOWN;
  return grouped(Math.round(value).toFixed(0));
}

/** Per second: `0.25/s`, `12.3/s`, `1 234/s`. */
export function rateText(perSecond: number | null): string {
  if (perSecond === null) return UNKNOWN;
  const digits = perSecond >= 100 || perSecond === 0 ? 0 : perSecond >= 10 ? 1 : 2;
  return `${grouped(perSecond.toFixed(digits))}/s`;
}

/** A number with so many digits after the point, a true minus, and groups; very small and large ones as powers of ten. */
export function numberText(value: number, digits?: number): string {
  if (!Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  const exponential = size >= 1e9 || (size > 0 && size < 0.5 * 10 ** -(digits ?? 6));
  if (exponential) return value.toExponential(Math.min(3, digits ?? 3)).replaceAll('-', MINUS);
  return grouped(digits === undefined ? String(Number(value.toPrecision(7))) : value.toFixed(digits));
}

function grouped(text: string): string {
  const [, sign, whole, rest] = /^(-?)(\d+)(.*)$/.exec(text) as unknown as [string, string, string, string];
  const spaced = whole.length > 4 ? whole.replace(/\B(?=(\d{3})+$)/g, GROUP) : whole;
  // A value that rounds to nothing has no sign.
  return `${sign === '' || !/[1-9]/.test(text) ? '' : MINUS}${spaced}${rest}`;
}

/** So many of something: `1 alert`, `12 alerts`. */
export function manyText(count: number, one: string, many = `${one}s`): string {
  return `${countText(count)} ${count === 1 ? one : many}`;
}

const UNITS = ['bytes', 'kB', 'MB', 'GB'] as const;

/** A size: `812 bytes`, `63.2 kB`. */
export function sizeText(bytes: number): string {
  const power = bytes < 1000 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log10(bytes) / 3));
  return power === 0 ? manyText(bytes, 'byte') : `${(bytes / 1000 ** power).toFixed(1)} ${UNITS[power]}`;
}
