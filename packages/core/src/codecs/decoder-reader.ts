import { isUtf8 } from 'node:buffer';
import { PoisonError, type ErrorCode } from '../errors.js';

/** Levels of a recursive schema; deeper values would also break what users do with them (JSON, structuredClone). */
const MAX_DEPTH = 1000;
/** Objects and fields that a message may make beyond those that its bytes account for; see `costOf`. */
export const MAX_GAIN = 4_000_000;
const INTERNED = 4096;
const INTERNED_LENGTH = 32;

const ints = new Int32Array(2);
const bigints = new BigInt64Array(ints.buffer);
const LOW = new Uint8Array(Int32Array.of(1).buffer)[0] === 1 ? 0 : 1;
const HIGH = 1 - LOW;

const EMPTY = Buffer.alloc(0);

/**
 * The slow paths of a generated decoder, and the state that it shares with them. Positions are bytes from the start
 * of `bytes`. Methods take a position and leave the one after the value in `pos`: a generated function keeps its own
 * in a local variable, which is several times faster than a property.
 *
 * Reading past the end needs no check at every byte: a typed array gives `undefined` there, which no fast path accepts;
 * a DataView throws RangeError, which `truncated` names; everything that is skipped is checked at the end.
 */
export class Reader {
  bytes: Buffer = EMPTY;
  view: DataView = new DataView(EMPTY.buffer, 0, 0);
  /** No value may end beyond this position. */
  end = 0;
  pos = 0;
  depth = 0;
  gain = 0;
  /** Whether text that is not UTF-8 is an error; else U+FFFD stands where it was. */
  private strictText = true;
  private readonly interned: string[] = new Array<string>(INTERNED).fill('');

  /** Before reading lengths, counts and text; generated decoders need {@link open}. */
  point(bytes: Buffer, end: number): void {
    this.bytes = bytes;
    this.end = end;
  }

  open(bytes: Buffer, end: number, strictText: boolean): void {
    this.point(bytes, end);
    this.view = new DataView(bytes.buffer, bytes.byteOffset, end);
    this.strictText = strictText;
    this.depth = 0;
    this.gain = 0;
  }

  /** A varint of any length as a number. Values beyond 2^52 are refused: nothing but a `long` may be that large. */
  int(p: number): number {
    const { bytes } = this;
    let low = 0;
    for (let shift = 0; shift < 28; shift += 7) {
      const k = this.byte(bytes[p++]);
      low |= (k & 127) << shift;
      if (k < 128) {
        this.pos = p;
        return (low >>> 1) ^ -(low & 1);
      }
    }
    let value = low;
    let factor = 0x10000000;
    for (let i = 4; ; i++) {
      const k = this.byte(bytes[p++]);
      value += (k & 127) * factor;
      if (k < 128) break;
      if (i === 9) this.fail('a varint is longer than 10 bytes', p);
      factor *= 128;
    }
    this.pos = p;
    if (!Number.isSafeInteger(value)) this.fail('an integer is too large for its type', p);
    return low & 1 ? -(value + 1) / 2 : value / 2;
  }

  long(p: number): bigint {
    const { bytes } = this;
    let k = bytes[p++]!;
    let low = k & 127;
    if (k > 127) {
      low |= ((k = bytes[p++]!) & 127) << 7;
      if (k > 127) {
        low |= ((k = bytes[p++]!) & 127) << 14;
        if (k > 127) low |= ((k = bytes[p++]!) & 127) << 21;
      }
    }
    if (!(k > 127)) {
      if (k === undefined) this.truncated();
      this.pos = p;
      return BigInt((low >>> 1) ^ -(low & 1));
    }
    let middle = (k = bytes[p++]!) & 127;
    let high = 0;
    if (k > 127) {
      middle |= ((k = bytes[p++]!) & 127) << 7;
      if (k > 127) {
        middle |= ((k = bytes[p++]!) & 127) << 14;
        if (k > 127) {
          middle |= ((k = bytes[p++]!) & 127) << 21;
          if (k > 127) {
            high = (k = bytes[p++]!) & 127;
            if (k > 127) {
              high |= (k = bytes[p++]!) << 7;
              if (k > 1) this.fail('a long is longer than 64 bits', p);
            }
          }
        }
      }
    }
    if (k === undefined) this.truncated();
    this.pos = p;
    const word0 = low | (middle << 28);
    const word1 = (middle >>> 4) | (high << 24);
    const sign = -(word0 & 1);
    ints[LOW] = ((word0 >>> 1) | (word1 << 31)) ^ sign;
    ints[HIGH] = (word1 >>> 1) ^ sign;
    return bigints[0]!;
  }

  longText(p: number): string {
    return this.long(p).toString();
  }

  longNumber(p: number): number {
    const value = this.long(p);
    const number = Number(value);
    if (!Number.isSafeInteger(number)) {
      const remedy = "read it as 'bigint' or 'string' (the int64 setting)";
      this.fail(`the integer ${value} does not fit a JavaScript number; ${remedy}`, p, 'APF_UNSAFE_INTEGER');
    }
    return number;
  }

  /** A branch of a union as its index times two, as the shortest varint would be; for those that are not shortest. */
  branch(p: number, branches: number): number {
    const index = this.int(p);
    if (!(index >= 0 && index < branches)) {
      this.fail(`a union of ${branches} branches has no branch ${index}`, p);
    }
    return index * 2;
  }

  symbol(p: number, symbols: readonly string[]): string {
    const index = this.int(p);
    const symbol = symbols[index];
    if (symbol === undefined) this.fail(`an enum of ${symbols.length} symbols has no symbol ${index}`, p);
    return symbol;
  }

  boolean(p: number): boolean {
    const k = this.byte(this.bytes[p]);
    if (k > 1) this.fail(`a boolean is ${k}, neither 0 nor 1`, p);
    this.pos = p + 1;
    return k === 1;
  }

  /** The length of bytes or text; `pos` is left at its first byte. */
  length(p: number): number {
    const length = this.int(p);
    if (length < 0) this.fail(`a length is negative: ${length}`, p);
    if (this.pos + length > this.end) this.truncated();
    return length;
  }

  slice(p: number): Buffer {
    const length = this.length(p);
    const start = this.pos;
    return this.bytes.subarray(start, (this.pos = start + length));
  }

  fixed(p: number, size: number): Buffer {
    if (p + size > this.end) this.truncated();
    return this.bytes.subarray(p, (this.pos = p + size));
  }

  /** Most text is short and comes again and again (filter, version, programme): it is built once. */
  text(p: number): string {
    const { bytes } = this;
    const first = bytes[p]!;
    let length: number;
    if (first < 128 && !(first & 1)) {
      length = first >>> 1;
      if (++p + length > this.end) this.truncated();
    } else {
      length = this.length(p);
      p = this.pos;
    }
    const end = (this.pos = p + length);
    if (length > INTERNED_LENGTH) return this.freshText(p, end);
    let hash = length;
    for (let i = p; i < end; i++) hash = (Math.imul(hash, 31) + bytes[i]!) | 0;
    const slot = (hash ^ (hash >>> 12)) & (INTERNED - 1);
    const known = this.interned[slot]!;
    if (known.length === length) {
      let i = 0;
      // Only ASCII is kept here, so a byte that is not cannot be equal.
      while (i < length && known.charCodeAt(i) === bytes[p + i]) i++;
      if (i === length) return known;
    }
    const text = this.freshText(p, end);
    if (isAscii(text, length)) this.interned[slot] = text;
    return text;
  }

  private freshText(start: number, end: number): string {
    const text = this.bytes.toString('utf8', start, end);
    if (this.strictText && text.includes('\uFFFD') && !isUtf8(this.bytes.subarray(start, end))) {
      this.fail('text is not UTF-8', start);
    }
    return text;
  }

  /**
   * The next block's count of an array or a map, 0 at its end. A negative count is followed by the block's size in
   * bytes. `least` is what one item takes at least, `gain` what it may make beyond its bytes.
   */
  blockCount(p: number, least: number, gain: number): number {
    let count = this.int(p);
    if (count < 0) {
      count = -count;
      const size = this.int(this.pos);
      if (size < 0) this.fail(`a block's size is negative: ${size}`, p);
      if (this.pos + size > this.end) this.truncated();
    }
    if (count * least > this.end - this.pos) {
      this.fail(`a block of ${count} items is longer than what is left`, p, 'APF_TRUNCATED');
    }
    if (gain > 0) this.grow(count * gain, p);
    return count;
  }

  /** As `blockCount`, for a block that is not built; -1 where `pos` was moved behind the block by its size. */
  skipCount(p: number, least: number, gain: number): number {
    const sized = this.int(p) < 0;
    const count = this.blockCount(p, least, gain);
    if (!sized) return count;
    this.int(p);
    const size = this.int(this.pos);
    this.pos += size;
    return -1;
  }

  skipLong(p: number): number {
    const start = p;
    while (this.byte(this.bytes[p++]) > 127) {
      if (p - start === 10) this.fail('a varint is longer than 10 bytes', p);
    }
    return p;
  }

  skipBytes(p: number): number {
    const length = this.length(p);
    return this.pos + length;
  }

  /** Into a record of a recursive schema. */
  enter(gain: number, p: number): void {
    if (++this.depth > MAX_DEPTH) this.fail(`records are nested more than ${MAX_DEPTH} deep`, p);
    if (gain > 0) this.grow(gain, p);
  }

  setProperty(map: Record<string, unknown>, key: string, value: unknown): void {
    // An assignment to this one key would change the object's prototype.
    if (key === '__proto__') {
      Object.defineProperty(map, key, { value, writable: true, enumerable: true, configurable: true });
    } else map[key] = value;
  }

  truncated(): never {
    throw new PoisonError(`cut short: the bytes end at ${this.end}, before what they hold does`, {
      code: 'APF_TRUNCATED',
    });
  }

  fail(what: string, p: number, code: ErrorCode = 'APF_DECODE'): never {
    throw new PoisonError(`${what} (at byte ${p})`, { code });
  }

  private byte(k: number | undefined): number {
    if (k === undefined) this.truncated();
    return k;
  }

  private grow(gain: number, p: number): void {
    this.gain += gain;
    if (this.gain > MAX_GAIN) this.fail('the message would grow to more than its bytes can stand for', p);
  }
}

function isAscii(text: string, byteLength: number): boolean {
  // As many characters as bytes: ASCII, or bytes that were not UTF-8.
  return text.length === byteLength && !text.includes('\uFFFD');
}
