import { type AvroSchema, nearest, printable, UsageError } from '@apf/core';

type Node = AvroSchema['root'];
type Record = Extract<Node, { kind: 'record' }>;

/** What is distributed of an alert, and which alerts. Paths are dotted: `candidate.ra`. */
export interface DistributionRules {
  /** Fields that are kept; all where absent. */
  readonly select?: readonly string[] | undefined;
  /** Fields that are left out of these. */
  readonly drop: readonly string[];
  /** An expression that must hold. */
  readonly filter?: string | undefined;
}

/**
 * The fields that rules leave of a schema, as the fewest paths.
 * @throws UsageError for a path that the schema does not have, or where nothing is left
 */
export function keptFields({ root }: AvroSchema, { select, drop }: DistributionRules): readonly string[] {
  const top = recordIn(root);
  if (!top) throw new UsageError('rules are for alerts that are records');
  for (const path of [...(select ?? []), ...drop]) demand(top, path);
  const kept = left(top, '', select, drop);
  if (kept.length === 0) throw new UsageError('the rules leave no field to distribute');
  return kept;
}

function left(
  record: Record,
  prefix: string,
  select: readonly string[] | undefined,
  drop: readonly string[],
): string[] {
  return record.fields.flatMap(({ name, node }) => {
    const path = prefix + name;
    if (drop.includes(path)) return [];
    const inside = (paths: readonly string[]): boolean => paths.some((each) => each.startsWith(`${path}.`));
    const whole = select === undefined || select.includes(path);
    if (whole && !inside(drop)) return [path];
    if (!whole && !inside(select)) return [];
    const inner = recordIn(node);
    return inner ? left(inner, `${path}.`, whole ? undefined : select, drop) : [];
  });
}

function demand(top: Record, path: string): void {
  let at: Record | undefined = top;
  for (const name of path.split('.')) {
    const found: Record['fields'][number] | undefined = at?.fields.find((field) => field.name === name);
    if (!found) {
      const near = nearest(name, at?.fields.map((field) => field.name) ?? []);
      throw new UsageError(
        `Invalid column: ${printable(path, 100)}${near === undefined ? '' : `; did you mean '${near}'?`}`,
      );
    }
    at = recordIn(found.node);
  }
}

/** The record of a field, be it in a list, or where it may be null. */
function recordIn(node: Node): Record | undefined {
  switch (node.kind) {
    case 'record':
      return node;
    case 'array':
      return recordIn(node.items);
    case 'union':
      return node.branches.map(recordIn).find((record) => record !== undefined);
    default:
      return undefined;
  }
}
