import fc from 'fast-check';

/** A schema without names, and an arbitrary of values for it as a decoder gives them. */
export interface Generated {
  readonly schema: unknown;
  readonly value: fc.Arbitrary<unknown>;
}

const int64 = fc.oneof(
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.bigInt({ min: -300n, max: 300n }),
  fc.constantFrom(
    2n ** 53n,
    -(2n ** 53n) - 1n,
    2n ** 31n,
    -(2n ** 31n),
    2n ** 56n,
    2n ** 63n - 1n,
    -(2n ** 63n),
  ),
);
const float = fc.oneof(fc.float(), fc.constantFrom(NaN, Infinity, -Infinity, 0, -0));
const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc.constantFrom('', 'r', 'null', '\0', 'é'),
);

const primitives: readonly Generated[] = [
  { schema: 'null', value: fc.constant(null) },
  { schema: 'boolean', value: fc.boolean() },
  { schema: 'int', value: fc.oneof(fc.integer(), fc.integer({ min: -70, max: 70 })) },
  { schema: 'long', value: int64 },
  { schema: 'float', value: float },
  { schema: 'double', value: fc.double() },
  { schema: 'bytes', value: fc.uint8Array().map((bytes) => Buffer.from(bytes)) },
  { schema: 'string', value: text },
  { schema: { type: 'long', logicalType: 'timestamp-millis' }, value: int64 },
];

const fixed = fc.integer({ min: 0, max: 20 }).map((size): Generated => ({
  schema: { type: 'fixed', size },
  value: fc.uint8Array({ minLength: size, maxLength: size }).map((bytes) => Buffer.from(bytes)),
}));
const enumeration = fc.integer({ min: 1, max: 80 }).map((count): Generated => {
  const symbols = Array.from({ length: count }, (_, i) => `S${i}`);
  return { schema: { type: 'enum', symbols }, value: fc.constantFrom(...symbols) };
});

/** Generated types, at most `depth` levels deep; `key` gives the names of fields and of maps' entries. */
export function generatedType(depth: number, key: fc.Arbitrary<string>): fc.Arbitrary<Generated> {
  const leaf = fc.oneof(fc.constantFrom(...primitives), fixed, enumeration);
  if (depth === 0) return leaf;
  const inner = generatedType(depth - 1, key);
  const nullable = inner
    .filter(({ schema }) => schema !== 'null' && !Array.isArray(schema))
    .chain(({ schema, value }) =>
      fc.constantFrom(['null', schema], [schema, 'null'], [schema]).map((union) => ({
        schema: union,
        value: union.length === 1 ? value : fc.option(value),
      })),
    );
  const array = inner.map(({ schema, value }) => ({
    schema: { type: 'array', items: schema },
    value: fc.array(value, { maxLength: 6 }),
  }));
  const map = inner.map(({ schema, value }) => ({
    schema: { type: 'map', values: schema },
    value: fc.array(fc.tuple(key, value), { maxLength: 5 }).map(objectOf),
  }));
  return fc.oneof({ weight: 2, arbitrary: leaf }, nullable, array, map, generatedRecord(depth, key));
}

export function generatedRecord(depth: number, key: fc.Arbitrary<string>): fc.Arbitrary<Generated> {
  return fc
    .uniqueArray(fc.tuple(key, generatedType(depth - 1, key)), { maxLength: 8, selector: ([name]) => name })
    .map((fields) => ({
      schema: { type: 'record', fields: fields.map(([name, { schema }]) => ({ name, type: schema })) },
      value: fc
        .tuple(...fields.map(([, { value }]) => value))
        .map((values) => objectOf(fields.map(([name], i) => [name, values[i]]))),
    }));
}

/** As a decoder makes it: any key is an own property. */
function objectOf(entries: readonly (readonly [string, unknown])[]): object {
  const result = {};
  for (const [key, value] of entries) {
    Object.defineProperty(result, key, { value, writable: true, enumerable: true, configurable: true });
  }
  return result;
}

/** The schema with a name for each type that needs one. */
export function named(schema: unknown, counter = { next: 0 }): unknown {
  if (Array.isArray(schema)) return schema.map((branch) => named(branch, counter));
  if (typeof schema !== 'object' || schema === null) return schema;
  const result: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(schema)) {
    if (key === 'items' || key === 'values') result[key] = named(value, counter);
    else if (key === 'fields') {
      result[key] = (value as { name: string; type: unknown }[]).map((field) => ({
        name: field.name,
        type: named(field.type, counter),
      }));
    } else result[key] = value;
  }
  if (['record', 'enum', 'fixed'].includes(result.type as string)) result.name = `N${counter.next++}`;
  return result;
}

export const plainKey = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,8}$/).filter((name) => !(name in {}));

/** What surveys and ill will put into names. */
export const anyKey = fc.oneof(
  plainKey,
  fc.string({ maxLength: 12 }),
  fc.constantFrom(
    '__proto__',
    'constructor',
    'toString',
    'W1-W2',
    'Power_rate_1/2',
    'class',
    '"];throw 1;//',
    '0',
    '',
  ),
);
