import type { SchemaNode } from './schema-node.js';
import type { AvroSchema } from './schema.js';

export interface ToJsonOptions {
  /** Spaces by level; everything on one line unless given. */
  readonly indent?: number | undefined;
  readonly sortKeys?: boolean | undefined;
  /** NaN and the infinities as `null` (unless told otherwise), as `NaN` and `Infinity` (as Python does), or in quotes. */
  readonly nonFinite?: 'null' | 'literal' | 'string' | undefined;
  /** With it a 32-bit float has the fewest digits that give it back: 17.45, not 17.450000762939453. */
  readonly schema?: AvroSchema | undefined;
}

/**
 * JSON of any alert: 64-bit integers (bigint) as digits, bytes in base64, -0 with its sign, a double beyond 2^53 with a
 * fraction (`1e18` as 1000000000000000000.0), Date and others with `toJSON` as that says. `JSON.stringify` throws on a bigint. `undefined` in an object is left out.
 */
export function toJson(value: unknown, options: ToJsonOptions = {}): string {
  const writer = new JsonWriter(options);
  return writer.write(value, options.schema?.root, '') ?? 'null';
}

class JsonWriter {
  private readonly indent: string;
  private readonly sortKeys: boolean;
  private readonly nonFinite: 'null' | 'literal' | 'string';

  constructor(options: ToJsonOptions) {
    this.indent = ' '.repeat(options.indent ?? 0);
    this.sortKeys = options.sortKeys ?? false;
    this.nonFinite = options.nonFinite ?? 'null';
  }

  write(value: unknown, node: SchemaNode | undefined, margin: string): string | undefined {
    switch (typeof value) {
      case 'string':
        return JSON.stringify(value);
      case 'number':
        return this.number(value, node);
      case 'bigint':
        return value.toString();
      case 'boolean':
        return value ? 'true' : 'false';
      case 'object':
        return value === null ? 'null' : this.object(value, node, margin);
      default:
        return undefined;
    }
  }

  private number(value: number, node: SchemaNode | undefined): string {
    if (!Number.isFinite(value)) {
      if (this.nonFinite === 'null') return 'null';
      return this.nonFinite === 'string' ? `"${value}"` : `${value}`;
    }
    if (Object.is(value, -0)) return '-0';
    const text = String(isFloat(node) ? shortestFloat(value) : value);
    // Digits alone would be read as a bigint.
    return Math.abs(value) > Number.MAX_SAFE_INTEGER && /^-?\d+$/.test(text) ? `${text}.0` : text;
  }

  private object(value: object, node: SchemaNode | undefined, margin: string): string | undefined {
    if (value instanceof Uint8Array) {
      return `"${Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64')}"`;
    }
    if (typeof (value as { toJSON?: unknown }).toJSON === 'function') {
      return this.write((value as { toJSON(): unknown }).toJSON(), undefined, margin);
    }
    const inner = margin + this.indent;
    if (Array.isArray(value)) {
      const items = itemsOf(node);
      return this.join(
        '[',
        value.map((item) => this.write(item, items, inner) ?? 'null'),
        ']',
        margin,
      );
    }
    const colon = this.indent === '' ? ':' : ': ';
    const keys = Object.keys(value);
    if (this.sortKeys) keys.sort();
    const typeOf = memberTypes(node, keys);
    const members: string[] = [];
    for (const key of keys) {
      const text = this.write((value as Record<string, unknown>)[key], typeOf(key), inner);
      if (text !== undefined) members.push(`${JSON.stringify(key)}${colon}${text}`);
    }
    return this.join('{', members, '}', margin);
  }

  private join(open: string, parts: readonly string[], close: string, margin: string): string {
    if (parts.length === 0) return open + close;
    if (this.indent === '') return open + parts.join(',') + close;
    const inner = `\n${margin}${this.indent}`;
    return `${open}${inner}${parts.join(`,${inner}`)}\n${margin}${close}`;
  }
}

/** A float, or a union in which no other number type could stand. */
function isFloat(node: SchemaNode | undefined): boolean {
  if (node?.kind !== 'union') return node?.kind === 'float';
  const numeric = node.branches.filter((branch) => ['int', 'long', 'float', 'double'].includes(branch.kind));
  return numeric.length > 0 && numeric.every((branch) => branch.kind === 'float' || branch.kind === 'int');
}

export function itemsOf(node: SchemaNode | undefined): SchemaNode | undefined {
  return branchesOf(node).find((branch) => branch.kind === 'array')?.items;
}

function branchesOf(node: SchemaNode | undefined): readonly SchemaNode[] {
  if (node === undefined) return [];
  return node.kind === 'union' ? node.branches : [node];
}

/** The types of an object's members: of the record that has all its keys, or else of the first map. */
export function memberTypes(
  node: SchemaNode | undefined,
  keys: readonly string[],
): (key: string) => SchemaNode | undefined {
  for (const branch of branchesOf(node)) {
    if (branch.kind !== 'record') continue;
    const fields = new Map(branch.fields.map((field) => [field.name, field.node]));
    if (keys.every((key) => fields.has(key))) return (key) => fields.get(key);
  }
  const values = branchesOf(node).find((branch) => branch.kind === 'map')?.values;
  return () => values;
}

/** Any 32-bit float is told from its neighbours by 9 digits, and every decimal of 6 survives the way through one. */
const MOST_DIGITS = 9;
const SAFE_DIGITS = 6;
const SMALLEST_NORMAL = 2 ** -126;

/** The double with the fewest decimal digits that is nearest to the given 32-bit float. */
export function shortestFloat(value: number): number {
  if (value === 0 || Math.fround(value) !== value) return value;
  const least = Math.abs(value) < SMALLEST_NORMAL ? 1 : SAFE_DIGITS;
  for (let digits = least; digits < MOST_DIGITS; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return short;
  }
  return Number(value.toPrecision(MOST_DIGITS));
}
