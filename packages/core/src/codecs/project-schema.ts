import type { Projection } from './decoder-source.js';
import { resolveProjection } from './projection.js';
import type { FieldNode, RecordNode, SchemaNode } from './schema-node.js';
import { AvroSchema } from './schema.js';

/**
 * The schema of what a decoder gives that reads only some fields: `fields` as {@link resolveProjection} takes them.
 * A record that is wanted in several shapes has a number after its name from the second on.
 */
export function projectSchema(schema: AvroSchema, fields: readonly string[]): AvroSchema {
  const root = new Pruner().prune(schema.root, resolveProjection(schema.root, fields));
  return new AvroSchema(root, JSON.stringify(new Writer().write(root)));
}

class Pruner {
  private readonly made = new Map<SchemaNode, Map<string, SchemaNode>>();
  private readonly names = new Map<string, number>();

  prune(node: SchemaNode, wanted: Projection): SchemaNode {
    if (wanted === true) return node;
    switch (node.kind) {
      case 'array':
        return { kind: 'array', items: this.prune(node.items, wanted) };
      case 'map':
        return { kind: 'map', values: this.prune(node.values, wanted) };
      case 'union':
        return { kind: 'union', branches: node.branches.map((branch) => this.prune(branch, wanted)) };
      case 'record':
        return this.record(node, wanted);
      default:
        return node;
    }
  }

  private record(node: RecordNode, wanted: ReadonlyMap<string, Projection>): SchemaNode {
    const shape = shapeOf(wanted);
    let shapes = this.made.get(node);
    if (!shapes) this.made.set(node, (shapes = new Map<string, SchemaNode>()));
    const known = shapes.get(shape);
    if (known) return known;
    const used = this.names.get(node.name) ?? 0;
    this.names.set(node.name, used + 1);
    const fields: FieldNode[] = [];
    const pruned: RecordNode = { ...node, name: used === 0 ? node.name : `${node.name}_${used + 1}`, fields };
    shapes.set(shape, pruned);
    for (const field of node.fields) {
      const part = wanted.get(field.name);
      if (part) fields.push({ ...field, node: this.prune(field.node, part) });
    }
    return pruned;
  }
}

function shapeOf(projection: Projection): string {
  if (projection === true) return '*';
  return `{${[...projection].map(([name, part]) => `${JSON.stringify(name)}:${shapeOf(part)}`).join()}}`;
}

/** Writes a tree of nodes as a schema's JSON: a named type where it is first met, its name from then on. */
class Writer {
  private readonly names = new Map<SchemaNode, string>();
  private readonly taken = new Set<string>();

  write(node: SchemaNode): unknown {
    switch (node.kind) {
      case 'array':
        return { type: 'array', items: this.write(node.items) };
      case 'map':
        return { type: 'map', values: this.write(node.values) };
      case 'union':
        return node.branches.map((branch) => this.write(branch));
      case 'fixed':
        return this.named(node, (name) => ({ type: 'fixed', name, size: node.size }));
      case 'enum':
        return this.named(node, (name) => ({ type: 'enum', name, symbols: node.symbols }));
      case 'record':
        return this.named(node, (name) => ({
          type: 'record',
          name,
          ...(node.doc === undefined ? {} : { doc: node.doc }),
          fields: node.fields.map((field) => ({
            name: field.name,
            ...(field.doc === undefined ? {} : { doc: field.doc }),
            type: this.write(field.node),
            ...(field.default === undefined ? {} : { default: field.default }),
          })),
        }));
      default:
        return node.kind;
    }
  }

  /** A definition that stands twice in the original, which is against the rules but happens, gets a name of its own. */
  private named(node: SchemaNode & { readonly name: string }, define: (name: string) => unknown): unknown {
    const known = this.names.get(node);
    if (known !== undefined) return known;
    let name = node.name;
    for (let number = 2; this.taken.has(name); number++) name = `${node.name}_${number}`;
    this.taken.add(name);
    this.names.set(node, name);
    return define(name);
  }
}
