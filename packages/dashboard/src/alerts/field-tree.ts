import { type AvroSchema, type SchemaNode, shortestFloat } from '@apf/core';
import type { FieldNode } from '../page-api.js';

/** A hostile alert may have millions of values, and texts of megabytes. */
const MOST_NODES = 30_000;
const LONGEST_TEXT = 4_000;

/** A value with all that is in it, for people to look through; every digit of its integers, never its bytes. */
export function fieldTree(value: unknown, schema?: AvroSchema): FieldNode {
  return new TreeMaker().node('', value, schema?.root, undefined);
}

class TreeMaker {
  private left = MOST_NODES;

  node(name: string, value: unknown, type: SchemaNode | undefined, doc: string | undefined): FieldNode {
    this.left--;
    const said = doc === undefined ? { name } : { name, doc };
    if (value === null || value === undefined) return { ...said, kind: 'null', value: 'null' };
    switch (typeof value) {
      case 'bigint':
        return { ...said, kind: 'integer', value: value.toString() };
      case 'number':
        return { ...said, kind: 'number', value: String(isFloat(type) ? shortestFloat(value) : value) };
      case 'boolean':
        return { ...said, kind: 'boolean', value: String(value) };
      case 'string':
        return {
          ...said,
          kind: 'text',
          value: value.slice(0, LONGEST_TEXT),
          ...(value.length > LONGEST_TEXT ? { leftOut: value.length - LONGEST_TEXT } : {}),
        };
      default:
        return { ...said, ...this.inner(value, type) };
    }
  }

  private inner(value: object, type: SchemaNode | undefined): Pick<FieldNode, 'kind' | 'value' | 'children'> {
    if (value instanceof Uint8Array)
      return { kind: 'bytes', value: `${value.length} ${value.length === 1 ? 'byte' : 'bytes'}` };
    if (Array.isArray(value)) {
      const items = branches(type).find((branch) => branch.kind === 'array')?.items;
      return this.children(
        'array',
        value.map((item: unknown, i) => [String(i), item, items, undefined]),
      );
    }
    const fields = fieldsFor(type, value);
    return this.children(
      'record',
      Object.entries(value).map(([name, item]) => [
        name,
        item as unknown,
        fields.get(name)?.node ?? valuesOf(type),
        fields.get(name)?.doc,
      ]),
    );
  }

  private children(
    kind: 'record' | 'array',
    all: readonly (readonly [string, unknown, SchemaNode | undefined, string | undefined])[],
  ): Pick<FieldNode, 'kind' | 'value' | 'children' | 'leftOut'> {
    const children: FieldNode[] = [];
    for (const one of all) {
      if (this.left <= 0) break;
      children.push(this.node(...one));
    }
    const leftOut = all.length - children.length;
    return { kind, value: null, children, ...(leftOut > 0 ? { leftOut } : {}) };
  }
}

function branches(type: SchemaNode | undefined): readonly SchemaNode[] {
  if (!type) return [];
  return type.kind === 'union' ? type.branches : [type];
}

function fieldsFor(
  type: SchemaNode | undefined,
  value: object,
): ReadonlyMap<string, { readonly node: SchemaNode; readonly doc?: string | undefined }> {
  for (const branch of branches(type)) {
    if (branch.kind !== 'record') continue;
    const fields = new Map(branch.fields.map((field) => [field.name, field]));
    if (Object.keys(value).every((name) => fields.has(name))) return fields;
  }
  return new Map();
}

const valuesOf = (type: SchemaNode | undefined): SchemaNode | undefined =>
  branches(type).find((branch) => branch.kind === 'map')?.values;

const isFloat = (type: SchemaNode | undefined): boolean =>
  branches(type).some(({ kind }) => kind === 'float') &&
  !branches(type).some(({ kind }) => kind === 'double');
