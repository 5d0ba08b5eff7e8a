/**
 * A schema with every name resolved. Named types are shared nodes, so a recursive schema is a cyclic graph.
 * https://avro.apache.org/docs/1.12.0/specification/
 */
export type SchemaNode = PrimitiveNode | FixedNode | EnumNode | ArrayNode | MapNode | UnionNode | RecordNode;

export const PRIMITIVES = ['null', 'boolean', 'int', 'long', 'float', 'double', 'bytes', 'string'] as const;

export interface PrimitiveNode {
  readonly kind: (typeof PRIMITIVES)[number];
}

export interface FixedNode {
  readonly kind: 'fixed';
  readonly name: string;
  /** Bytes. */
  readonly size: number;
}

export interface EnumNode {
  readonly kind: 'enum';
  readonly name: string;
  readonly doc?: string | undefined;
  readonly symbols: readonly string[];
}

export interface ArrayNode {
  readonly kind: 'array';
  items: SchemaNode;
}

export interface MapNode {
  readonly kind: 'map';
  values: SchemaNode;
}

export interface UnionNode {
  readonly kind: 'union';
  readonly branches: SchemaNode[];
}

export interface FieldNode {
  readonly name: string;
  readonly node: SchemaNode;
  readonly doc?: string | undefined;
  /** As written in the schema; `undefined` where there is none. */
  readonly default?: unknown;
}

export interface RecordNode {
  readonly kind: 'record';
  /** The full name, namespace included. */
  readonly name: string;
  readonly doc?: string | undefined;
  readonly fields: FieldNode[];
}

/** The nodes directly below one node. */
export function childrenOf(node: SchemaNode): readonly SchemaNode[] {
  switch (node.kind) {
    case 'array':
      return [node.items];
    case 'map':
      return [node.values];
    case 'union':
      return node.branches;
    case 'record':
      return node.fields.map((field) => field.node);
    default:
      return [];
  }
}

/** The records below (and including) `root` that contain themselves, directly or through others. */
export function recursiveRecords(root: SchemaNode): ReadonlySet<RecordNode> {
  // Tarjan's strongly connected components: linear in the schema, however large a stranger made it.
  const recursive = new Set<RecordNode>();
  const index = new Map<SchemaNode, number>();
  const low = new Map<SchemaNode, number>();
  const stack: SchemaNode[] = [];
  const onStack = new Set<SchemaNode>();
  const visit = (node: SchemaNode): number => {
    const mine = index.size;
    let lowest = mine;
    index.set(node, mine);
    stack.push(node);
    onStack.add(node);
    let selfLoop = false;
    for (const child of childrenOf(node)) {
      selfLoop ||= child === node;
      const known = index.get(child);
      if (known === undefined) lowest = Math.min(lowest, visit(child));
      else if (onStack.has(child)) lowest = Math.min(lowest, known);
    }
    low.set(node, lowest);
    if (lowest === mine) {
      const component = stack.splice(stack.lastIndexOf(node));
      for (const member of component) {
        onStack.delete(member);
        if (member.kind === 'record' && (component.length > 1 || selfLoop)) recursive.add(member);
      }
    }
    return lowest;
  };
  visit(root);
  return recursive;
}

/** How many bytes a value must take at least, and what it can grow to: see {@link costOf}. */
export interface Cost {
  readonly bytes: number;
  readonly gain: number;
}

/** Up to this many objects and fields a byte is what honest data may make of its bytes. */
const NODES_PER_BYTE = 64;

/**
 * What a hostile count or schema can make of few bytes. `bytes` is the least that a value takes; `gain` how many
 * objects and fields a value can have beyond {@link NODES_PER_BYTE} for each of its bytes: null takes none, so an
 * array of a billion nulls is five bytes. A record inside itself counts nothing here; its depth is limited.
 */
export function costOf(node: SchemaNode, known: Map<SchemaNode, Cost>): Cost {
  const found = known.get(node);
  if (found) return found;
  known.set(node, { bytes: 0, gain: 0 });
  const cost = computeCost(node, known);
  known.set(node, cost);
  return cost;
}

function computeCost(node: SchemaNode, known: Map<SchemaNode, Cost>): Cost {
  switch (node.kind) {
    case 'null':
      return leaf(0);
    case 'float':
      return leaf(4);
    case 'double':
      return leaf(8);
    case 'fixed':
      return leaf(node.size);
    case 'record': {
      const costs = node.fields.map((field) => costOf(field.node, known));
      return {
        bytes: costs.reduce((sum, cost) => sum + cost.bytes, 0),
        gain: costs.reduce((sum, cost) => sum + cost.gain, 1),
      };
    }
    case 'union': {
      const costs = node.branches.map((branch) => costOf(branch, known));
      return {
        bytes: costs.reduce((least, cost) => Math.min(least, cost.bytes), Infinity) + 1,
        gain: costs.reduce((most, cost) => Math.max(most, cost.gain), 0) - NODES_PER_BYTE,
      };
    }
    default:
      return leaf(1);
  }
}

function leaf(bytes: number): Cost {
  return { bytes, gain: 1 - NODES_PER_BYTE * bytes };
}
