import { nearest, printable, UsageError, type AvroSchema } from '@apf/core';
import { valueAt } from '@apf/alerts';

type Node = AvroSchema['root'];

/**
 * The field whose values follow a stream on the screen: `diaSource,midPointTai`, as Fink's DISPLAY_FIELD has it, or with
 * dots. Values are written as Python writes them: 59590.0, None, True.
 */
export class ShownField {
  readonly path: string;
  private readonly nodes = new Map<AvroSchema, Node>();

  constructor(private readonly written: string) {
    this.path = written
      .split(/[,.]/)
      .map((name) => name.trim())
      .join('.');
  }

  /** @throws UsageError where the schema of the alert has no such field */
  textOf(alert: unknown, schema: AvroSchema): string {
    let node = this.nodes.get(schema);
    if (!node) this.nodes.set(schema, (node = this.find(schema)));
    return printable(pythonText(valueAt(alert, this.path), node));
  }

  private find(schema: AvroSchema): Node {
    let node: Node = schema.root;
    for (const name of this.path.split('.')) {
      const fields = recordIn(node)?.fields ?? [];
      const field = fields.find((each) => each.name === name);
      if (!field)
        throw this.unknown(
          name,
          fields.map((each) => each.name),
        );
      node = field.node;
    }
    return node;
  }

  private unknown(name: string, names: readonly string[]): UsageError {
    const near = nearest(name, names);
    const hint = near
      ? `did you mean '${printable(near)}'?`
      : `there are: ${names
          .slice(0, 12)
          .map((each) => printable(each))
          .join(', ')}`;
    return new UsageError(
      `the alerts have no field '${printable(this.written)}' to display${names.length > 0 ? `; ${hint}` : ''}`,
      { code: 'APF_SETTINGS' },
    );
  }
}

/** The record that stands at a place, which may be null there. */
function recordIn(node: Node): Extract<Node, { kind: 'record' }> | undefined {
  if (node.kind === 'record') return node;
  return node.kind === 'union' ? node.branches.map(recordIn).find((found) => found) : undefined;
}

/** A number may be whole and still be a float, which only the schema says. */
function pythonText(value: unknown, node: Node): string {
  switch (typeof value) {
    case 'string':
      return value;
    case 'bigint':
      return value.toString();
    case 'boolean':
      return value ? 'True' : 'False';
    case 'number':
      return Number.isInteger(value) && isFloat(node) ? `${value}.0` : String(value);
    case 'object':
      return value === null ? 'None' : '(a record)';
    default:
      return 'None';
  }
}

function isFloat(node: Node): boolean {
  if (node.kind === 'union') return node.branches.some(isFloat);
  return node.kind === 'float' || node.kind === 'double';
}

/** Seconds since 1970 as Python's time.time() prints them. */
export function pythonTime(ms: number): string {
  return pythonText(ms / 1000, { kind: 'double' });
}
