import type { SchemaNode } from '../codecs/schema-node.js';
import type { AvroSchema } from '../codecs/schema.js';
import { UsageError } from '../errors.js';
import { checkTables, type ColumnModel, type ColumnType, type TableModel } from './table-model.js';

export interface TableOfOptions {
  readonly name: string;
  /** The fields that tell its rows apart; they are never null. */
  readonly key: readonly string[];
}

/**
 * The table that takes the values of a record schema, a column for each field: numbers, text, booleans and bytes as they
 * are, records, arrays, maps, and unions of unlike types as JSON.
 * @throws UsageError (APF_TABLE) for a schema or names that can make no table
 */
export function tableOf(schema: AvroSchema, { name, key }: TableOfOptions): TableModel {
  const { root } = schema;
  if (root.kind !== 'record') {
    throw new UsageError(`a table is made of a record; the schema is of type ${root.kind}`, {
      code: 'APF_TABLE',
    });
  }
  // Of a repeated field the last is what a decoder gives.
  const fields = new Map(root.fields.map((field) => [field.name, field]));
  const columns = [...fields.values()].map((field): ColumnModel => {
    const { type, nullable } = columnOf(field.node);
    return { name: field.name, type, nullable: nullable && !key.includes(field.name), doc: field.doc };
  });
  const table: TableModel = { name, doc: root.doc, columns, key, indexes: [] };
  checkTables([table]);
  return table;
}

function columnOf(node: SchemaNode): { type: ColumnType; nullable: boolean } {
  const branches = node.kind === 'union' ? node.branches : [node];
  const kinds = new Set(branches.map(({ kind }) => kind));
  const nullable = kinds.delete('null');
  const types = new Set([...kinds].map(typeOf));
  return { type: types.size === 1 ? [...types][0]! : common(types), nullable };
}

function typeOf(kind: SchemaNode['kind']): ColumnType {
  switch (kind) {
    case 'boolean':
    case 'float':
    case 'double':
    case 'bytes':
      return kind;
    case 'int':
      return 'int32';
    case 'long':
      return 'int64';
    case 'string':
    case 'enum':
      return 'text';
    case 'fixed':
      return 'bytes';
    default:
      return 'json';
  }
}

/** A column that takes all of several types without changing a value; nested where there is none. */
function common(types: ReadonlySet<ColumnType>): ColumnType {
  const within = (...wide: ColumnType[]): boolean => [...types].every((type) => wide.includes(type));
  if (types.size === 0) return 'json';
  if (within('int32', 'int64')) return 'int64';
  if (within('int32', 'float', 'double')) return 'double';
  return 'json';
}
