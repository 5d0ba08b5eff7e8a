import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { join } from 'node:path';
import {
  ContainerReader,
  createCodec,
  folderSchemaSource,
  inspectFile,
  loadSchema,
  parseSchema,
  type AvroSchema,
  type Decoder,
} from '../../src/codecs/index.js';
import type { Type } from 'avsc';
import { PoisonError } from '../../src/errors.js';
import {
  alertsFolder,
  countNonFinite,
  describeReal,
  readAlert,
  readExpected,
  schemasFolder,
  valueAt,
  type Expected,
} from './real-data.js';
import { plainAvscType } from './plain-avsc.js';

const sha256 = (value: unknown): string =>
  createHash('sha256')
    .update(value as Buffer)
    .digest('hex');

/** The same but for prototypes: avsc's records are instances of classes. */
function isSame(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Buffer.isBuffer(a)) return Buffer.isBuffer(b) && a.equals(b);
  const keys = Object.keys(a);
  const values = (object: object, key: string): unknown => (object as Record<string, unknown>)[key];
  return (
    isDeepStrictEqual(keys, Object.keys(b)) && keys.every((key) => isSame(values(a, key), values(b, key)))
  );
}

/** Ids as the reference wrote them: integers as text. */
const idText = (value: unknown): unknown => (typeof value === 'bigint' ? value.toString() : value);

describeReal(alertsFolder, 'APF_ALERTS')('real alerts', () => {
  const expected = alertsFolder ? readExpected() : [];
  const reader = new ContainerReader();
  const isRead = (line: Expected): boolean =>
    line.framing === 'ocf' && (line.error === undefined || line.lenient !== undefined);

  it('decodes every container that the reference reads to the same records, ids, bytes and odd floats', () => {
    const differences: string[] = [];
    const differs = (line: Expected, what: string, got: unknown, want: unknown): void => {
      // The reference writes an id as text or as a number, whatever its type in the alert.
      if (String(got) !== String(want))
        differences.push(`${line.file} ${what}: ${String(got)}, not ${String(want)}`);
    };
    for (const line of expected.filter(isRead)) {
      const { schema, codec, records } = reader.read(readAlert(line.file));
      differs(line, 'records', records.length, line.records);
      differs(line, 'codec', codec, line.codec);
      differs(line, 'schema_name', schema.name, line.schema_name);
      const oddFloats = countNonFinite(records);
      if (line.nan !== undefined) differs(line, 'nan', oddFloats.nan, line.nan);
      if (line.inf !== undefined) differs(line, 'inf', oddFloats.inf, line.inf);
      line.ids?.forEach((ids, i) => {
        for (const [path, id] of Object.entries(ids))
          differs(line, path, idText(valueAt(records[i], path)), id);
      });
      line.bytes_fields?.forEach((fields, i) => {
        for (const field of fields)
          differs(line, field.path, sha256(valueAt(records[i], field.path)), field.sha256);
      });
    }
    expect(differences).toEqual([]);
    expect(expected.filter(isRead).length).toBeGreaterThan(1300);
  });

  it("gives the values that avsc's own reader gives, wherever avsc takes the schema", () => {
    const types = new Map<AvroSchema, Type | undefined>();
    const typeOf = (schema: AvroSchema): Type | undefined => {
      try {
        return plainAvscType(JSON.parse(schema.json));
      } catch {
        return undefined;
      }
    };
    const differences: string[] = [];
    let compared = 0;
    for (const line of expected.filter((candidate) => isRead(candidate) && candidate.codec === 'null')) {
      const bytes = readAlert(line.file);
      const { schema, records, length } = reader.read(bytes);
      if (!types.has(schema)) types.set(schema, typeOf(schema));
      const type = types.get(schema);
      if (!type || line.nblocks !== 1) continue;
      const long = parseSchema('"long"').decoder<bigint>({ strict: false });
      const size = Number(long.decode(bytes, length + 17));
      const start = bytes.length - 16 - size;
      let position = start;
      for (const record of records) {
        const { value, offset } = type.decode(bytes, position);
        if (!isSame(value, record)) differences.push(line.file);
        position = offset;
        compared++;
      }
    }
    expect(differences.map((file) => file.replace(/\w+~/, ''))).toEqual([
      // avsc wraps the values of their unions of int and double: {double: 1}.
      'kowalski/20220815/6a2a7ec4.avro',
      'kowalski/20220815/117da68c.avro',
    ]);
    expect(compared).toBeGreaterThan(1300);
  });

  it('names the fault of every file that the reference refuses', () => {
    const codes: Record<string, string> = {};
    for (const line of expected.filter(
      (candidate) => candidate.framing !== 'confluent' && !isRead(candidate),
    )) {
      try {
        createCodec({ framing: 'container' }).decode(readAlert(line.file));
        codes[line.file] = 'was read';
      } catch (error) {
        codes[line.file] = error instanceof PoisonError ? error.code : String(error);
      }
    }
    const counts: Record<string, number> = {};
    for (const code of Object.values(codes)) counts[code] = (counts[code] ?? 0) + 1;
    expect(counts).toEqual({ APF_TRUNCATED: 5, APF_LFS_POINTER: 3, APF_FRAMING: 3 });
  });

  it('describes every file as the reference does', async () => {
    const differences: unknown[] = [];
    for (const line of expected) {
      const { description } = await inspectFile(readAlert(line.file));
      const refused = !isRead(line);
      const want = {
        framing: line.framing,
        codec: line.codec,
        // A union at the root has no name; the reference wrote None.
        schema_name: line.schema_name === 'None' ? undefined : (line.schema_name ?? undefined),
        schema_id: line.schema_id,
        records: refused ? (line.framing === 'ocf' ? 0 : undefined) : line.records,
        refused,
      };
      const { framing, codec, schema_name, schema_id, records, error } = description;
      const got = { framing, codec, schema_name, schema_id, records, refused: error !== undefined };
      if (JSON.stringify(got) !== JSON.stringify(want))
        differences.push({ file: line.file, got, want, error });
    }
    expect(differences).toEqual([]);
  });

  it('writes every record to bytes that give it back, and to its own bytes where there is one way to write it', () => {
    const differences: string[] = [];
    let same = 0;
    for (const line of expected.filter(isRead)) {
      const bytes = readAlert(line.file);
      const { schema, records } = reader.read(bytes);
      const blocks = Buffer.concat(records.map((record) => schema.encode(record)));
      const again: unknown[] = [];
      decoderOf(schema).decodeBlock(blocks, 0, blocks.length, records.length, again);
      if (!isDeepStrictEqual(again, records)) differences.push(`${line.file}: other values`);
      // Of compressed and of several blocks the bytes stand elsewhere.
      if (line.codec !== 'null' || line.nblocks !== 1) continue;
      if (bytes.includes(blocks)) same++;
      else differences.push(`${line.file}: other bytes`);
    }
    expect(differences.map((difference) => difference.replace(/\w+~/, ''))).toEqual([
      // A whole number in a union of int and double: both ways to write it are right.
      'kowalski/20220815/6a2a7ec4.avro: other bytes',
      'kowalski/20220815/117da68c.avro: other bytes',
    ]);
    expect(same).toBeGreaterThan(1300);
  });
});

/** One decoder a schema: a night has thousands of alerts of one. */
const decoders = new Map<AvroSchema, Decoder>();
function decoderOf(schema: AvroSchema): Decoder {
  const decoder = decoders.get(schema) ?? schema.decoder();
  decoders.set(schema, decoder);
  return decoder;
}

describeReal(alertsFolder && schemasFolder, 'APF_ALERTS or APF_SCHEMAS')(
  'real alerts without a container',
  () => {
    const expected = alertsFolder ? readExpected() : [];
    const check = (line: Expected, value: unknown): void => {
      for (const [path, id] of Object.entries(line.raw?.ids ?? {})) {
        const got = valueAt(value, path) ?? null;
        expect([line.file, path, idText(got)]).toEqual([line.file, path, id]);
      }
      for (const [path, hash] of line.raw?.bytes_fields ?? [])
        expect(sha256(valueAt(value, path))).toBe(hash);
      if (line.raw?.nan)
        expect(countNonFinite(value)).toEqual({ nan: line.raw.nan[0], inf: line.raw.nan[1] });
    };

    it('decodes Confluent framing with the folders of published schemas', () => {
      const lines = expected.filter((line) => line.framing === 'confluent' && line.raw?.ids);
      for (const line of lines) {
        const survey = line.raw!.schema!.split('/')[0]!;
        const schemas = folderSchemaSource(join(schemasFolder!, survey));
        const values = createCodec({ framing: 'confluent', schemas }).decode(readAlert(line.file));
        expect(values).toHaveLength(1);
        check(line, values[0]);
      }
      expect(lines).toHaveLength(11);
    });

    it('names an id that the folder does not have, and reads it with a schema that is given', () => {
      const lines = expected.filter((line) => line.schema_id === 12345);
      for (const line of lines) {
        const bytes = readAlert(line.file);
        const schemas = folderSchemaSource(join(schemasFolder!, 'lsst'));
        expect(() => createCodec({ framing: 'confluent', schemas }).decode(bytes)).toThrow(
          'no schema for id 12345',
        );
        const version = /^lsst\/(\w+)/.exec(line.raw!.schema!)![1]!;
        const schema = loadSchema(join(schemasFolder!, 'lsst', version));
        expect(createCodec({ framing: 'confluent', schema }).decode(bytes)).toHaveLength(1);
      }
      expect(lines).toHaveLength(2);
    });

    it('decodes bare values with their schema', () => {
      let read = 0;
      for (const line of expected.filter((candidate) => candidate.framing === 'none')) {
        for (const path of line.raw!.schemas!.map((name) => join(schemasFolder!, name)).filter(existsSync)) {
          const schema = loadSchema(path);
          const values = createCodec({ framing: 'schemaless', schema }).decode(readAlert(line.file));
          expect(values).toHaveLength(1);
          expect(schema.encode(values[0])).toEqual(readAlert(line.file));
          read++;
        }
      }
      expect(read).toBeGreaterThanOrEqual(2);
    });
  },
);
