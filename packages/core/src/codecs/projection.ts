import { FatalError } from '../errors.js';
import type { Projection } from './decoder-source.js';
import type { FieldNode, SchemaNode } from './schema-node.js';

/**
 * The fields to read, from dotted paths like `candidate.magpsf`. A path goes through arrays, maps and unions, to the
 * fields of the records in them. A field called `a.b` is found by its own name first. A trailing `?` marks a field
 * that may be missing from the schema, as in a stream whose version changes; its value is then `undefined`.
 * @throws FatalError (APF_SETTINGS) for a field that the schema does not have: no later message would have it either
 */
export function resolveProjection(root: SchemaNode, paths: readonly string[]): Projection {
  let projection: Projection = new Map();
  for (const path of paths) {
    const optional = path.endsWith('?');
    const part = select(root, (optional ? path.slice(0, -1) : path).split('.'), new Set());
    if (part) projection = merge(projection, part);
    else if (!optional) throw unknownField(root, path);
  }
  return projection;
}

function select(node: SchemaNode, names: readonly string[], seen: Set<SchemaNode>): Projection | undefined {
  if (names.length === 0) return true;
  const fields = fieldsOf(node, seen);
  for (let taken = names.length; taken > 0; taken--) {
    const name = names.slice(0, taken).join('.');
    let found: Projection | undefined;
    for (const field of fields) {
      const part = field.name === name ? select(field.node, names.slice(taken), new Set()) : undefined;
      if (part) found = found ? merge(found, part) : part;
    }
    if (found) return new Map([[name, found]]);
  }
  return undefined;
}

/** The fields of the records that stand at this place: the record itself, or those in its arrays, maps and unions. */
function fieldsOf(node: SchemaNode, seen: Set<SchemaNode>): readonly FieldNode[] {
  if (seen.has(node)) return [];
  seen.add(node);
  switch (node.kind) {
    case 'record':
      return node.fields;
    case 'array':
      return fieldsOf(node.items, seen);
    case 'map':
      return fieldsOf(node.values, seen);
    case 'union':
      return node.branches.flatMap((branch) => fieldsOf(branch, seen));
    default:
      return [];
  }
}

function merge(a: Projection, b: Projection): Projection {
  if (a === true || b === true) return true;
  const merged = new Map(a);
  for (const [name, part] of b) {
    const other = merged.get(name);
    merged.set(name, other ? merge(other, part) : part);
  }
  return merged;
}

function unknownField(root: SchemaNode, path: string): FatalError {
  const names = fieldsOf(root, new Set()).map((field) => field.name);
  const inside = path.includes('.') ? ` (in the record that holds it)` : '';
  const shown = names.slice(0, 30).join(', ') + (names.length > 30 ? ', …' : '');
  return new FatalError(
    `the schema has no field '${path}'${inside}; it has: ${shown}. Write '${path}?' for a field that may be missing`,
    { code: 'APF_SETTINGS' },
  );
}
