import { type AvroSchema, PoisonError } from '@apf/core';

type Node = AvroSchema['root'];

/** Refuses values with fields that the schema does not have; Avro itself drops them silently. */
export class StrictFields {
  readonly #names = new WeakMap<Node, ReadonlySet<string>>();

  constructor(private readonly schema: AvroSchema) {}

  /** @throws PoisonError (APF_ENCODE) that names the first such field by its path. */
  check(value: unknown): void {
    const extra = this.#extra(this.schema.root, value, '');
    if (extra !== undefined) {
      throw new PoisonError(
        `the result has the field '${extra}', which its schema has not; remove it, or set STRICT to false`,
        { code: 'APF_ENCODE' },
      );
    }
  }

  #extra(node: Node, value: unknown, path: string): string | undefined {
    if (typeof value !== 'object' || value === null || Buffer.isBuffer(value)) return undefined;
    switch (node.kind) {
      case 'record':
        return this.#extraOfRecord(node, value as Readonly<Record<string, unknown>>, path);
      case 'array':
        if (!Array.isArray(value)) return undefined;
        return first(value, (item, index) => this.#extra(node.items, item, `${path}[${index}]`));
      case 'map':
        return first(Object.entries(value), ([key, item]) => this.#extra(node.values, item, join(path, key)));
      case 'union': {
        // The branch that takes all fields, if any; what the value is otherwise, the encoder says.
        const extras = node.branches
          .filter(({ kind }) => ['record', 'array', 'map'].includes(kind))
          .map((branch) => this.#extra(branch, value, path));
        return extras.includes(undefined) ? undefined : extras[0];
      }
      default:
        return undefined;
    }
  }

  #extraOfRecord(
    node: Extract<Node, { kind: 'record' }>,
    value: Readonly<Record<string, unknown>>,
    path: string,
  ): string | undefined {
    let names = this.#names.get(node);
    if (!names) this.#names.set(node, (names = new Set(node.fields.map(({ name }) => name))));
    for (const name of Object.keys(value)) {
      if (value[name] !== undefined && !names.has(name)) return join(path, name);
    }
    return first(node.fields, (field) => this.#extra(field.node, value[field.name], join(path, field.name)));
  }
}

const join = (path: string, name: string): string => (path === '' ? name : `${path}.${name}`);

function first<T>(
  items: readonly T[],
  find: (item: T, index: number) => string | undefined,
): string | undefined {
  for (const [index, item] of items.entries()) {
    const found = find(item, index);
    if (found !== undefined) return found;
  }
  return undefined;
}
