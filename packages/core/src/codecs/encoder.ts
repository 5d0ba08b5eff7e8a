import avro from 'avsc';
import { PoisonError, toError } from '../errors.js';
import { branchOf, fallbackOf, mismatchOf, ownValue, toLong } from './conform.js';
import type { FieldNode, RecordNode, SchemaNode } from './schema-node.js';

/**
 * Writes values with avsc. avsc refuses much of what surveys publish, so it gets another schema of the same binary
 * form: types are called T0, T1, …; fields with names that it does not take F0, F1, …; a union with more than null and
 * one plain type is a union of records of one field, whose bytes are those of that field; and a default is given by us.
 */
export class Encoder {
  private readonly type: avro.Type;

  constructor(private readonly root: SchemaNode) {
    const options = { typeHook: hook, omitRecordMethods: true };
    this.type = avro.Type.forSchema(new Rewriter().rewrite(root) as avro.Schema, options);
  }

  encode(value: unknown): Buffer {
    try {
      return this.type.toBuffer(value);
    } catch (error) {
      const reason = mismatchOf(this.root, value) ?? toError(error).message;
      throw new PoisonError(`the value does not fit its schema: ${reason}`, {
        code: 'APF_ENCODE',
        cause: error,
      });
    }
  }
}

/** A type that avsc gets from us instead of building it: `type` is what it writes, `convert` makes the value for it. */
class Converted {
  constructor(
    readonly type: unknown,
    readonly convert: (value: unknown) => unknown,
  ) {}
}

/** A union whose values avsc gets as `{ branch: value }`, or else (null and one type) as they are. */
class Union {
  constructor(
    readonly branches: readonly unknown[],
    readonly wrapUnions: 'always' | 'never',
  ) {}
}

class ConvertedType extends avro.types.LogicalType {
  constructor(
    type: avro.Type,
    private readonly convert: (value: unknown) => unknown,
  ) {
    super(type);
  }
  protected override _toValue(value: unknown): unknown {
    return this.convert(value);
  }
}

/** As `noUnpack`: the methods get the varint's 8 plain bytes, and give them. */
const longType = avro.types.LongType.__with({
  fromBuffer: (bytes: Buffer) => bytes.readBigInt64LE(),
  toBuffer: (value: unknown) => {
    const bytes = Buffer.allocUnsafe(8);
    bytes.writeBigInt64LE(toLong(value)!);
    return bytes;
  },
  fromJSON: BigInt,
  toJSON: String,
  isValid: (value: unknown) => toLong(value) !== undefined,
  compare: (a: bigint, b: bigint) => (a < b ? -1 : a > b ? 1 : 0),
});

function hook(schema: unknown, options: object): avro.Type | undefined {
  if (schema === 'long') return longType;
  if (schema instanceof Union) {
    return avro.Type.forSchema(schema.branches as avro.Schema, { ...options, wrapUnions: schema.wrapUnions });
  }
  if (!(schema instanceof Converted)) return undefined;
  return new ConvertedType(avro.Type.forSchema(schema.type as avro.Schema, options), schema.convert);
}

class Rewriter {
  private readonly names = new Map<SchemaNode, string>();
  private count = 0;

  rewrite(node: SchemaNode): unknown {
    switch (node.kind) {
      case 'array':
        return { type: 'array', items: this.rewrite(node.items) };
      case 'map':
        return { type: 'map', values: this.rewrite(node.values) };
      case 'fixed':
        return { type: 'fixed', name: this.newName(), size: node.size };
      case 'enum':
        // An enum is written as an int; its symbols may be anything.
        return new Converted('int', (value) => {
          const index = node.symbols.indexOf(value as string);
          return index < 0 ? undefined : index;
        });
      case 'record':
        return this.record(node);
      case 'union':
        return this.union(node.branches);
      default:
        return node.kind;
    }
  }

  private newName(): string {
    return `T${this.count++}`;
  }

  private record(node: RecordNode): unknown {
    const plain = hasPlainNames(node.fields);
    const known = this.names.get(node);
    const name = known ?? this.newName();
    this.names.set(node, name);
    const schema = known ?? {
      type: 'record',
      name,
      fields: node.fields.map((field, i) => this.field(field, plain ? field.name : `F${i}`)),
    };
    return plain ? schema : new Converted(schema, (value) => renamed(node.fields, value));
  }

  private field(field: FieldNode, name: string): unknown {
    const type = this.rewrite(field.node);
    const fallback = fallbackOf(field.node, field.default);
    if (fallback === undefined) return { name, type };
    if (fallback === null && type instanceof Union && type.branches[0] === 'null')
      return { name, type, default: null };
    const orFallback = (value: unknown): unknown => (value === undefined ? fallback : value);
    // avsc takes no converted type of a converted union.
    if (!(type instanceof Converted)) return { name, type: new Converted(type, orFallback) };
    return { name, type: new Converted(type.type, (value) => type.convert(orFallback(value))) };
  }

  private union(branches: readonly SchemaNode[]): unknown {
    const types = branches.map((branch) => this.rewrite(branch));
    const others = types.filter((type) => type !== 'null');
    const isPlain = others.every((type) => !(type instanceof Converted || type instanceof Union));
    if (types.length === 2 && others.length === 1 && isPlain) return new Union(types, 'never');
    const names = types.map((type) => (type === 'null' ? 'null' : this.newName()));
    const wrapped = types.map((type, i) =>
      type === 'null' ? type : { type: 'record', name: names[i], fields: [{ name: 'value', type }] },
    );
    const convert = (value: unknown): unknown => {
      const index = branchOf(branches, value);
      if (index < 0) return undefined;
      return names[index] === 'null' ? null : { [names[index]!]: { value } };
    };
    return new Converted(new Union(wrapped, 'always'), convert);
  }
}

function hasPlainNames(fields: readonly FieldNode[]): boolean {
  const names = new Set(fields.map((field) => field.name));
  const inherited = (name: string): boolean => name in Object.prototype;
  return (
    names.size === fields.length &&
    fields.every(({ name }) => /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) && !inherited(name))
  );
}

function renamed(fields: readonly FieldNode[], value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.fromEntries(fields.map((field, i) => [`F${i}`, ownValue(value, field.name)]));
}
