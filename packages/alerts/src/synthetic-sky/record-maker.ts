/**
 * Makes records with the fields of a table: those of the parts, null for the rest. What Avro keeps as 32-bit floats is
 * rounded, so that a record equals itself after encoding and decoding. (V8 fills a copy of a complete object a hundred
 * times faster than it makes a large object grow.)
 */
export function recordMaker<Full extends object>(
  fields: readonly (readonly [name: string, type: string, ...rest: unknown[]])[],
): (a: Partial<Full>, b?: Partial<Full>, c?: Partial<Full>, d?: Partial<Full>) => Full {
  const blank: Readonly<Record<string, unknown>> = Object.fromEntries(fields.map(([name]) => [name, null]));
  const floats = fields.filter(([, type]) => type.startsWith('float')).map(([name]) => name);
  return (a, b, c, d) => {
    const record: Record<string, unknown> = { ...blank, ...a, ...b, ...c, ...d };
    for (const name of floats) {
      const value = record[name];
      if (typeof value === 'number') record[name] = Math.fround(value);
    }
    return record as Full;
  };
}
