import fc from 'fast-check';
import { parseSchema, readContainer, writeContainer } from '../../src/codecs/index.js';
import { PoisonError } from '../../src/errors.js';
import { anyKey, generatedRecord, generatedType, named, plainKey } from './generated-schemas.js';
import { plainAvscType } from './plain-avsc.js';

const schemaAndValue = (depth: number, key = plainKey): fc.Arbitrary<[unknown, unknown]> =>
  generatedType(depth, key).chain(({ schema, value }) => fc.tuple(fc.constant(named(schema)), value));

describe('a compiled decoder', () => {
  it("gives the values that avsc's own reader gives, of bytes that avsc wrote", () => {
    fc.assert(
      fc.property(schemaAndValue(3), ([schema, value]) => {
        const type = plainAvscType(schema);
        const bytes = type.toBuffer(value);
        const decoded = parseSchema(schema as object)
          .decoder()
          .decode(bytes);
        expect(decoded).toEqual(type.fromBuffer(bytes));
        expect(decoded).toEqual(value);
      }),
      { numRuns: 400 },
    );
  });

  it('gives back what was encoded, whatever the names', () => {
    fc.assert(
      fc.property(schemaAndValue(3, anyKey), ([json, value]) => {
        const schema = parseSchema(JSON.stringify(json));
        expect(schema.decoder().decode(schema.encode(value))).toEqual(value);
      }),
      { numRuns: 300 },
    );
  });

  it('refuses every value that is cut short, and never with anything but a PoisonError', () => {
    fc.assert(
      fc.property(
        schemaAndValue(2),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        ([json, value], at) => {
          const schema = parseSchema(json as object);
          const bytes = schema.encode(value);
          fc.pre(bytes.length > 0);
          const cut = Buffer.from(bytes.subarray(0, Math.floor(bytes.length * at)));
          expect(() => schema.decoder().decode(cut)).toThrow(PoisonError);
        },
      ),
      { numRuns: 400 },
    );
  });

  it('refuses bytes that follow the value', () => {
    fc.assert(
      fc.property(schemaAndValue(2), ([json, value]) => {
        const schema = parseSchema(json as object);
        const bytes = Buffer.concat([schema.encode(value), Buffer.of(0)]);
        expect(() => schema.decoder().decode(bytes)).toThrow(
          expect.objectContaining({ code: 'APF_TRAILING' }),
        );
        expect(schema.decoder({ strict: false }).decode(bytes)).toEqual(value);
      }),
    );
  });

  it('reads or refuses any bytes, but neither crashes nor hangs', () => {
    fc.assert(
      fc.property(schemaAndValue(3, anyKey), fc.uint8Array({ maxLength: 200 }), ([json], noise) => {
        const decoder = parseSchema(json as object).decoder();
        try {
          decoder.decode(Buffer.from(noise));
        } catch (error) {
          expect(error).toBeInstanceOf(PoisonError);
        }
        expect(({} as Record<string, unknown>).polluted).toBeUndefined();
      }),
      { numRuns: 400 },
    );
  });

  it('gives the same fields with a projection as without, skipping all others', () => {
    const cases = generatedRecord(3, plainKey).chain(({ schema, value }) =>
      fc.tuple(
        fc.constant(named(schema) as { fields: { name: string }[] }),
        fc.array(value, { minLength: 1, maxLength: 4 }),
        fc.infiniteStream(fc.boolean()),
      ),
    );
    fc.assert(
      fc.property(cases, ([json, values, choice]) => {
        const fields = json.fields.map(({ name }) => name).filter(() => choice.next().value as boolean);
        const bytes = writeContainer(parseSchema(json), values);
        const picked = values.map((value) =>
          Object.fromEntries(fields.map((name) => [name, (value as Record<string, unknown>)[name]])),
        );
        expect(readContainer(bytes, { fields }).records).toEqual(picked);
      }),
      { numRuns: 300 },
    );
  });
});
