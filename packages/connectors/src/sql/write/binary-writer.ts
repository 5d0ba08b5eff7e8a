/** Writes PostgreSQL's binary formats (big endian, each value after its length), into memory that grows and is used again. */
export class BinaryWriter {
  private bytes = Buffer.allocUnsafe(1 << 16);
  private at = 0;

  /** Forgets what was written; slices taken before are not valid any more. */
  reset(): void {
    this.at = 0;
  }

  get position(): number {
    return this.at;
  }

  since(position: number): Buffer {
    return this.bytes.subarray(position, this.at);
  }

  int16(value: number): void {
    this.reserve(2);
    this.at = this.bytes.writeInt16BE(value, this.at);
  }

  int32(value: number): void {
    this.reserve(4);
    this.at = this.bytes.writeInt32BE(value, this.at);
  }

  /** A length, then the value: of NULL the length is -1. */
  null(): void {
    this.int32(-1);
  }

  sizedBoolean(value: boolean): void {
    this.int32(1);
    this.reserve(1);
    this.bytes[this.at++] = value ? 1 : 0;
  }

  sizedInt32(value: number): void {
    this.int32(4);
    this.int32(value);
  }

  sizedInt64(value: number | bigint): void {
    this.int32(8);
    this.reserve(8);
    if (typeof value === 'bigint') {
      this.at = this.bytes.writeBigInt64BE(value, this.at);
    } else {
      const high = Math.floor(value / 2 ** 32);
      this.bytes.writeInt32BE(high, this.at);
      this.at = this.bytes.writeUInt32BE(value - high * 2 ** 32, this.at + 4);
    }
  }

  sizedFloat(value: number): void {
    this.int32(4);
    this.reserve(4);
    this.at = this.bytes.writeFloatBE(value, this.at);
  }

  sizedDouble(value: number): void {
    this.int32(8);
    this.reserve(8);
    this.at = this.bytes.writeDoubleBE(value, this.at);
  }

  /** @param before written in front of the text, as a part of the value */
  sizedText(value: string, before?: number): void {
    // At most three bytes for each unit of UTF-16.
    this.reserve(5 + value.length * 3);
    const from = this.at + 4;
    let to = from;
    if (before !== undefined) this.bytes[to++] = before;
    to += this.bytes.write(value, to);
    this.bytes.writeInt32BE(to - from, this.at);
    this.at = to;
  }

  sizedBytes(value: Buffer): void {
    this.int32(value.length);
    this.raw(value);
  }

  raw(value: Buffer): void {
    this.reserve(value.length);
    this.at += value.copy(this.bytes, this.at);
  }

  private reserve(count: number): void {
    if (this.at + count <= this.bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.bytes.length * 2, this.at + count));
    this.bytes.copy(larger, 0, 0, this.at);
    this.bytes = larger;
  }
}
