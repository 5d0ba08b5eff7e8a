import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import {
  createCodec,
  loadSchema,
  parseSchema,
  readContainer,
  schemaToTypes,
  writeContainer,
} from '../../src/codecs/index.js';
import type { RecordNode, SchemaNode } from '../../src/codecs/schema-node.js';
import { compile } from './compile-types.js';
import { alertsFolder, describeReal, schemasFolder } from './real-data.js';

/** Values of a schema, as a decoder gives them. */
function valuesOf(node: SchemaNode, depth = 0): fc.Arbitrary<unknown> {
  switch (node.kind) {
    case 'null':
      return fc.constant(null);
    case 'boolean':
      return fc.boolean();
    case 'int':
      return fc.integer();
    case 'long':
      return fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
    case 'float':
      return fc.float();
    case 'double':
      return fc.double();
    case 'bytes':
      return fc.uint8Array({ maxLength: 9 }).map((bytes) => Buffer.from(bytes));
    case 'fixed':
      return fc.constant(Buffer.alloc(node.size, 1));
    case 'string':
      return fc.string();
    case 'enum':
      return fc.constantFrom(...node.symbols);
    case 'array':
      return fc.array(valuesOf(node.items, depth + 1), { maxLength: depth > 3 ? 0 : 2 });
    case 'map':
      // One entry at least: of an empty map nobody can tell which of two map types it was.
      return fc
        .tuple(fc.string({ minLength: 1 }), valuesOf(node.values, depth + 1))
        .map(([key, value]) => ({ [`k${key}`]: value }));
    case 'union': {
      // A number alone does not say which of int and double it was.
      const kinds = new Set(node.branches.map((branch) => branch.kind));
      const branches = node.branches.filter(
        (branch) => branch.kind !== 'int' || !(kinds.has('float') || kinds.has('double')),
      );
      return fc.oneof(...branches.map((branch) => valuesOf(branch, depth + 1)));
    }
    case 'record':
      return fc
        .tuple(...node.fields.map((field) => valuesOf(field.node, depth + 1)))
        .map((values) => Object.fromEntries(node.fields.map((field, i) => [field.name, values[i]])));
  }
}

const isJson = (path: string): boolean => {
  try {
    JSON.parse(readFileSync(path, 'utf8'));
    return true;
  } catch {
    return false;
  }
};

describeReal(schemasFolder, 'APF_SCHEMAS')('published schemas', () => {
  const files = schemasFolder
    ? readdirSync(schemasFolder, { recursive: true, encoding: 'utf8' })
        .filter((file) => file.includes('.avsc'))
        .map((file) => join(schemasFolder, file))
        .sort()
    : [];

  it('parse and take values there and back, all but those that are not JSON', () => {
    const refused: string[] = [];
    for (const file of files) {
      let schema;
      try {
        schema = loadSchema(file);
      } catch (error) {
        refused.push(
          `${file.slice(schemasFolder!.length + 1)}: ${(error as Error).message.includes('JSON')}`,
        );
        continue;
      }
      fc.assert(
        fc.property(valuesOf(schema.root), (value) => {
          expect(schema.decoder().decode(schema.encode(value))).toEqual(value);
        }),
        { numRuns: 3 },
      );
      // In one piece, as a container carries it, it is the same schema.
      expect(parseSchema(schema.json).root).toEqual(schema.root);
    }
    expect(refused).toEqual([
      'alerce/stamp_classifier.atlas.raw-invalid-json.avsc: true',
      // It names the next one.
      'ztf/none-f5380ddc/alert.avsc: true',
      'ztf/none-f5380ddc/candidate.avsc: true',
    ]);
    expect(files.filter((file) => !isJson(file))).toHaveLength(2);
    expect(files.length).toBeGreaterThan(200);
  });

  it('have types that compile, and differ where the schemas do', () => {
    const sources = [
      'lsst/v7_4',
      'lsst/v10_0',
      'ztf/4.02',
      'elasticc/v0_9_1',
      'alerce/lc_classifier.avsc',
    ].map((path, i) => `namespace S${i} {\n${schemaToTypes(loadSchema(join(schemasFolder!, path)))}}\n`);
    expect(compile(sources.join('\n'))).toBe('');
  });

  it("reach all names of ALeRCE's light curve classifier, without a wrapper in any value", () => {
    const schema = loadSchema(join(schemasFolder!, 'alerce/lc_classifier.avsc'));
    const features = (schema.root as RecordNode).fields.find((field) => field.name === 'features')!
      .node as RecordNode;
    expect(features.fields).toHaveLength(178);
    const value = {
      ...(fc.sample(valuesOf(schema.root), { numRuns: 1, seed: 1 })[0] as object),
      features: Object.fromEntries(features.fields.map(({ name }, i) => [name, i + 0.5])),
    };
    const lateClassification = (value as unknown as { lc_classification: { hierarchical: object } })
      .lc_classification;
    const hierarchical = {
      top: { Transient: 0.5, Periodic: 0.25 },
      children: { Transient: { SNIa: 0.5, SNII: 0.125 } },
    };
    lateClassification.hierarchical = hierarchical;
    const codec = createCodec<typeof value>({ framing: 'container', schema });
    const [decoded] = codec.decode(codec.encode(value));
    expect(decoded).toEqual(value);
    expect(
      (decoded as unknown as { lc_classification: { hierarchical: object } }).lc_classification.hierarchical,
    ).toEqual(hierarchical);
    const types = schemaToTypes(schema);
    for (const { name } of features.fields)
      expect(types).toMatch(new RegExp(`^  '?${name.replace('/', '\\/')}'?: `, 'm'));
  });
});

describeReal(alertsFolder, 'APF_ALERTS')('the conformance files of other Avro libraries', () => {
  const file = (name: string): Buffer => readFileSync(join(alertsFolder!, 'avro-conformance', name));

  it('give the same records however they are compressed', () => {
    const { records } = readContainer(file('data/weather.avro'));
    expect(records).toHaveLength(5);
    for (const codec of ['deflate', 'snappy', 'zstd']) {
      expect(readContainer(file(`data/weather-${codec}.avro`)).records).toEqual(records);
    }
  });

  it('are all read, but for those that are damaged', () => {
    const folder = join(alertsFolder!, 'avro-conformance');
    const refused: Record<string, string> = {};
    let read = 0;
    for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()) {
      if (!name.endsWith('.avro')) continue;
      const bytes = file(name);
      if (bytes.subarray(0, 4).toString('latin1') !== 'Obj\x01') continue;
      try {
        const { schema, records } = readContainer(bytes);
        expect(readContainer(writeContainer(schema, records)).records).toEqual(records);
        read++;
      } catch (error) {
        refused[name] = (error as { code?: string }).code ?? String(error);
      }
    }
    expect({ refused, read }).toEqual({
      refused: {
        // A line feed follows the last block.
        'dat/person-10.no-codec.1.avro': 'APF_TRUNCATED',
        'dat/person-10.no-codec.avro': 'APF_TRUNCATED',
        'tests/avro-1237-bad-union-discriminant.avro': 'APF_DECODE',
        'tests/avro-1238-truncated.avro': 'APF_TRUNCATED',
      },
      read: 56,
    });
  });
});
