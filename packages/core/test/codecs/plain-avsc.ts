import avro from 'avsc';

const long = avro.types.LongType.__with({
  fromBuffer: (bytes: Buffer) => bytes.readBigInt64LE(),
  toBuffer: (value: bigint) => {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64LE(value);
    return bytes;
  },
  fromJSON: BigInt,
  toJSON: String,
  isValid: (value: unknown) => typeof value === 'bigint',
  compare: (a: bigint, b: bigint) => (a < b ? -1 : a > b ? 1 : 0),
});

/** avsc by itself, knowing nothing of ours; without the defaults, which it refuses and a reader does not need. */
export function plainAvscType(schema: unknown): avro.Type {
  return avro.Type.forSchema(withoutDefaults(schema) as avro.Schema, {
    typeHook: (inner: unknown) =>
      inner === 'long' || (inner as { type?: unknown }).type === 'long' ? long : undefined,
  });
}

function withoutDefaults(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(withoutDefaults);
  if (typeof schema !== 'object' || schema === null) return schema;
  const kept = Object.entries(schema).filter(([key]) => key !== 'default');
  return Object.fromEntries(kept.map(([key, value]) => [key, withoutDefaults(value)]));
}
