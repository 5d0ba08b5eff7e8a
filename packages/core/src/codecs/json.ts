import { randomUUID } from 'node:crypto';
import { PoisonError, toError } from '../errors.js';
import type { Int64 } from './decoder-source.js';
import { framingError } from './framing.js';

const BACKSLASH = 0x5c;
/** No survey has an integer of more digits, and turning a million of them into a bigint takes minutes. */
const MAX_DIGITS = 1000;

/**
 * Parses JSON without losing digits: an integer beyond 2^53 becomes a bigint (or its text, or an error, by `int64`),
 * where JSON.parse would round it. Everything else is as JSON.parse gives it.
 * @throws PoisonError of APF_DECODE or APF_UNSAFE_INTEGER
 */
export function parseJson(text: string, int64: Int64 = 'bigint'): unknown {
  // Nobody can guess it, so no string of the document begins with it.
  const marker = `#${randomUUID()}:`;
  const source = /\d{16}/.test(text) ? quoteLargeIntegers(text, marker, int64) : text;
  try {
    const value: unknown = JSON.parse(source);
    return source === text ? value : restore(value, marker, int64);
  } catch (error) {
    throw new PoisonError(`not JSON: ${toError(error).message}`, { code: 'APF_DECODE', cause: error });
  }
}

/** All alerts of a JSON message: the one object, or the elements of an array. */
export function parseJsonMessage(bytes: Buffer, int64?: Int64): unknown[] {
  if (bytes.length === 0 || bytes.toString('latin1', 0, 8) === 'version ') {
    throw framingError(bytes, 'JSON', '{ or [');
  }
  const value = parseJson(bytes.toString('utf8'), int64);
  return Array.isArray(value) ? (value as unknown[]) : [value];
}

/** Puts integers that a number cannot hold into quotes, outside of strings. */
function quoteLargeIntegers(text: string, marker: string, int64: Int64): string {
  const tokens = /"|-?\d{16,}/g;
  let result = '';
  let copied = 0;
  for (let match; (match = tokens.exec(text));) {
    if (match[0] === '"') {
      tokens.lastIndex = endOfString(text, match.index);
      continue;
    }
    const end = match.index + match[0].length;
    if (!isInteger(text, match.index, end) || Number.isSafeInteger(Number(match[0]))) continue;
    if (int64 === 'number') {
      throw new PoisonError(`the integer ${match[0].slice(0, 40)} does not fit a JavaScript number`, {
        code: 'APF_UNSAFE_INTEGER',
      });
    }
    result += `${text.slice(copied, match.index)}"${marker}${match[0]}"`;
    copied = end;
  }
  return copied === 0 ? text : result + text.slice(copied);
}

/** Where the string that begins at `start` has ended. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let backslashes = 0;
    while (text.charCodeAt(end - 1 - backslashes) === BACKSLASH) backslashes++;
    if (backslashes % 2 === 0) return end + 1;
  }
  return text.length;
}

/** Whether these digits are a whole number as JSON allows it, with no fraction, exponent or needless zero. */
function isInteger(text: string, start: number, end: number): boolean {
  if (/[.\deE+-]/.test(text.charAt(start - 1)) || /[.eE]/.test(text.charAt(end))) return false;
  const first = text.charAt(start) === '-' ? start + 1 : start;
  return text.charAt(first) !== '0' && end - first <= MAX_DIGITS;
}

function restore(value: unknown, marker: string, int64: Int64): unknown {
  if (typeof value === 'string') {
    if (!value.startsWith(marker)) return value;
    const digits = value.slice(marker.length);
    return int64 === 'string' ? digits : BigInt(digits);
  }
  if (typeof value !== 'object' || value === null) return value;
  const holder = value as Record<string, unknown>;
  for (const key of Object.keys(holder)) {
    const old = holder[key];
    const restored = restore(old, marker, int64);
    // The value is given as it was: an assignment to __proto__ would not.
    if (restored !== old) Object.defineProperty(holder, key, { value: restored });
  }
  return value;
}
