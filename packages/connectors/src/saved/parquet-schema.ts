import { type AvroSchema, type SchemaNode, toJson } from '@apf/core';
import type { SchemaElement } from 'hyparquet-writer';

/** How a value of Avro becomes one of Parquet; undefined where it stays as it is. */
type Convert = ((value: unknown) => unknown) | undefined;

interface Part {
  readonly elements: SchemaElement[];
  readonly convert: Convert;
}

export interface ParquetColumn {
  readonly name: string;
  readonly convert: Convert;
  /** Bytes, or what is inside lists: neither minima nor a dictionary are worth their time. */
  readonly plain: boolean;
}

export interface ParquetModel {
  readonly schema: SchemaElement[];
  readonly columns: readonly ParquetColumn[];
}

/**
 * The columns of Parquet for a schema's alerts: records are groups, arrays lists, maps maps, longs INT64. A union of
 * several types that are not null, and a record inside itself, are JSON text, since Parquet has neither.
 */
export function parquetModel(schema: AvroSchema): ParquetModel {
  const { root } = schema;
  const fields = root.kind === 'record' ? root.fields : [{ name: 'value', node: root }];
  const parts = fields.map(({ name, node }) => ({ name, node, part: partOf(node, name, new Set([root])) }));
  return {
    schema: [{ name: 'root', num_children: parts.length }, ...parts.flatMap(({ part }) => part.elements)],
    columns: parts.map(({ name, node, part }) => ({
      name,
      convert: part.convert,
      plain: part.elements.length > 1 || (part.elements[0]?.converted_type === undefined && isBytes(node)),
    })),
  };
}

const isBytes = (node: SchemaNode): boolean =>
  (node.kind === 'union' ? node.branches : [node]).some(({ kind }) => kind === 'bytes' || kind === 'fixed');

function partOf(node: SchemaNode, name: string, above: ReadonlySet<SchemaNode>): Part {
  if (node.kind !== 'union') return typed(node, name, 'REQUIRED', above);
  const branches = node.branches.filter(({ kind }) => kind !== 'null');
  const repetition = branches.length < node.branches.length ? 'OPTIONAL' : 'REQUIRED';
  const [only] = branches;
  if (only && branches.length === 1) return typed(only, name, repetition, above);
  const numeric =
    branches.length > 0 && branches.every(({ kind }) => ['int', 'float', 'double'].includes(kind));
  if (numeric) return typed({ kind: 'double' }, name, repetition, above);
  return branches.length === 0 ? typed({ kind: 'string' }, name, 'OPTIONAL', above) : json(name, repetition);
}

type Repetition = 'REQUIRED' | 'OPTIONAL';

function typed(
  node: SchemaNode,
  name: string,
  repetition_type: Repetition,
  above: ReadonlySet<SchemaNode>,
): Part {
  const leaf = (element: Partial<SchemaElement>, convert?: Convert): Part => ({
    elements: [{ name, repetition_type, ...element }],
    convert: convert && nullable(convert),
  });
  switch (node.kind) {
    case 'boolean':
      return leaf({ type: 'BOOLEAN' });
    case 'int':
      return leaf({ type: 'INT32' });
    case 'long':
      return leaf({ type: 'INT64' }, toBigInt);
    case 'float':
      return leaf({ type: 'FLOAT' });
    case 'double':
      return leaf({ type: 'DOUBLE' });
    case 'bytes':
    case 'fixed':
      return leaf({ type: 'BYTE_ARRAY' });
    case 'string':
    case 'enum':
      return leaf({ type: 'BYTE_ARRAY', converted_type: 'UTF8' });
    case 'record': {
      if (above.has(node) || node.fields.length === 0) return json(name, repetition_type);
      const inside = new Set([...above, node]);
      const fields = node.fields.map((field) => ({ field, part: partOf(field.node, field.name, inside) }));
      const changed = fields.filter(({ part }) => part.convert);
      return {
        elements: [
          { name, repetition_type, num_children: fields.length },
          ...fields.flatMap(({ part }) => part.elements),
        ],
        convert:
          changed.length === 0
            ? undefined
            : nullable((value) => {
                const copy: Record<string, unknown> = { ...(value as object) };
                for (const { field, part } of changed) copy[field.name] = part.convert!(copy[field.name]);
                return copy;
              }),
      };
    }
    case 'array': {
      const items = partOf(node.items, 'element', above);
      return {
        elements: [
          { name, repetition_type, converted_type: 'LIST', num_children: 1 },
          { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
          ...items.elements,
        ],
        convert: items.convert && nullable((value) => (value as unknown[]).map(items.convert!)),
      };
    }
    case 'map': {
      const values = partOf(node.values, 'value', above);
      return {
        elements: [
          { name, repetition_type, converted_type: 'MAP', num_children: 1 },
          { name: 'key_value', repetition_type: 'REPEATED', num_children: 2 },
          { name: 'key', repetition_type: 'REQUIRED', type: 'BYTE_ARRAY', converted_type: 'UTF8' },
          ...values.elements,
        ],
        convert: nullable((value) =>
          Object.entries(value as object).map(([key, inner]: [string, unknown]) => ({
            key,
            value: values.convert ? values.convert(inner) : inner,
          })),
        ),
      };
    }
    default:
      return json(name, repetition_type);
  }
}

/** The decoder gives bigint; JSON's small integers are numbers. */
const toBigInt = (value: unknown): unknown =>
  typeof value === 'bigint' ? value : BigInt(value as number | string);

const nullable =
  (convert: (value: unknown) => unknown) =>
  (value: unknown): unknown =>
    value === null || value === undefined ? null : convert(value);

function json(name: string, repetition_type: Repetition): Part {
  return {
    elements: [{ name, repetition_type, type: 'BYTE_ARRAY', converted_type: 'UTF8' }],
    convert: nullable((value) => toJson(value, { nonFinite: 'literal' })),
  };
}
