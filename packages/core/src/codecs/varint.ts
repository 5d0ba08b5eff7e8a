/** Avro's zigzag varint of a count or a length. */
export function writeLong(value: number): Buffer {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, (BigInt(value) << 1n) ^ (BigInt(value) >> 63n));
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  bytes.push(Number(rest));
  return Buffer.from(bytes);
}

/** Bytes (or text) with their length before them. */
export function writeBytes(value: Buffer): [Buffer, Buffer] {
  return [writeLong(value.length), value];
}
