import type { RecordNode, SchemaNode } from './schema-node.js';

const INT_MIN = -0x80000000;
const INT_MAX = 0x7fffffff;
const DECIMAL = /^-?\d{1,19}$/;

/**
 * Why a value cannot be written with a schema, as `path: reason`; `undefined` if it can. A field that is missing is
 * taken as its default, or as null where it may be null.
 */
export function mismatchOf(node: SchemaNode, value: unknown, path = ''): string | undefined {
  switch (node.kind) {
    case 'array': {
      if (!Array.isArray(value)) return wrong(path, value, 'an array');
      return firstMismatch(value, (item, i) => mismatchOf(node.items, item, `${path}[${i}]`));
    }
    case 'map': {
      if (!isPlainObject(value)) return wrong(path, value, 'an object');
      return firstMismatch(Object.entries(value), ([key, item]) =>
        mismatchOf(node.values, item, `${path}[${JSON.stringify(key)}]`),
      );
    }
    case 'record': {
      if (!isPlainObject(value)) return wrong(path, value, `an object (${node.name})`);
      return firstMismatch(node.fields, (field) => {
        const given = ownValue(value, field.name);
        const own = given === undefined ? fallbackOf(field.node, field.default) : given;
        const here = path === '' ? field.name : `${path}.${field.name}`;
        return own === undefined ? `${here}: is missing` : mismatchOf(field.node, own, here);
      });
    }
    case 'union': {
      const index = branchOf(node.branches, value);
      if (index >= 0) return mismatchOf(node.branches[index]!, value, path);
      const likely = node.branches.filter((branch) => accepts(branch, value));
      if (likely.length === 1) return mismatchOf(likely[0]!, value, path);
      return wrong(path, value, `one of ${node.branches.map(describe).join(', ')}`);
    }
    default:
      return accepts(node, value) ? undefined : wrong(path, value, describe(node));
  }
}

/**
 * The branch of a union to write a value with, -1 if none takes it. A bigint goes to `long`, a whole number to `int`
 * and else to `double` or `float`, an object to the record with just its keys, then to the first record or map that
 * takes all of it.
 */
export function branchOf(branches: readonly SchemaNode[], value: unknown): number {
  if (typeof value === 'number') return numberBranch(branches, value);
  const candidates: number[] = [];
  branches.forEach((branch, index) => {
    if (accepts(branch, value)) candidates.push(index);
  });
  if (candidates.length > 1 && typeof value === 'string') {
    // Decimal text is a long only where nothing else takes text.
    return candidates.find((index) => branches[index]!.kind !== 'long')!;
  }
  if (candidates.length > 1 && typeof value === 'object' && value !== null) {
    const keys = Object.keys(value);
    const exact = candidates.find((index) => hasExactly(branches[index]!, keys, value));
    return exact ?? candidates.find((index) => mismatchOf(branches[index]!, value) === undefined) ?? -1;
  }
  return candidates[0] ?? -1;
}

function hasExactly(branch: SchemaNode, keys: readonly string[], value: object): boolean {
  if (branch.kind !== 'record' || mismatchOf(branch, value) !== undefined) return false;
  const names = new Set(branch.fields.map((field) => field.name));
  return names.size === keys.length && keys.every((key) => names.has(key));
}

function numberBranch(branches: readonly SchemaNode[], value: number): number {
  const find = (...kinds: string[]): number => {
    const index = branches.findIndex((branch) => kinds.includes(branch.kind) && accepts(branch, value));
    return index < 0 ? Infinity : index;
  };
  // -0 is not an int's: it would come back as 0.
  const int = Object.is(value, -0) ? Infinity : find('int');
  const exactFloat = Math.fround(value) === value || Number.isNaN(value) ? find('float') : Infinity;
  for (const index of [int, Math.min(exactFloat, find('double')), find('float'), find('long')]) {
    if (index !== Infinity) return index;
  }
  return -1;
}

/** Whether a value is of a type's kind; what is inside an object or an array is not looked at. */
function accepts(node: SchemaNode, value: unknown): boolean {
  switch (node.kind) {
    case 'null':
      return value === null || value === undefined;
    case 'boolean':
      return typeof value === 'boolean';
    case 'int':
      return typeof value === 'number' && Number.isInteger(value) && value >= INT_MIN && value <= INT_MAX;
    case 'long':
      return toLong(value) !== undefined;
    case 'float':
    case 'double':
      return typeof value === 'number';
    case 'bytes':
      return Buffer.isBuffer(value);
    case 'fixed':
      return Buffer.isBuffer(value) && value.length === node.size;
    case 'string':
      return typeof value === 'string';
    case 'enum':
      return typeof value === 'string' && node.symbols.includes(value);
    case 'array':
      return Array.isArray(value);
    case 'map':
    case 'record':
      return isPlainObject(value);
    case 'union':
      return branchOf(node.branches, value) >= 0;
  }
}

/** A 64-bit integer from a bigint, a safe number or decimal text; `undefined` for anything else. */
export function toLong(value: unknown): bigint | undefined {
  let long: bigint;
  if (typeof value === 'bigint') long = value;
  else if (typeof value === 'number' && Number.isSafeInteger(value)) long = BigInt(value);
  else if (typeof value === 'string' && DECIMAL.test(value)) long = BigInt(value);
  else return undefined;
  return BigInt.asIntN(64, long) === long ? long : undefined;
}

/**
 * The value of a field that is missing: its default if that fits the type, else null where null does (surveys publish
 * `["float", "null"]` with the default null), else `undefined`.
 */
export function fallbackOf(node: SchemaNode, json: unknown): unknown {
  const value = json === undefined ? undefined : defaultOf(node, json);
  if (value !== undefined) return value;
  const nullable = node.kind === 'union' && node.branches.some((branch) => branch.kind === 'null');
  return nullable ? null : undefined;
}

function defaultOf(node: SchemaNode, json: unknown): unknown {
  if (node.kind === 'union') {
    for (const branch of node.branches) {
      const value = defaultOf(branch, json);
      if (value !== undefined) return value;
    }
    return undefined;
  }
  let value = json;
  if ((node.kind === 'bytes' || node.kind === 'fixed') && typeof json === 'string') {
    // The specification: each character's code point is a byte.
    value = Buffer.from(json, 'latin1');
  } else if (node.kind === 'record' && isPlainObject(json)) {
    value = Object.fromEntries(
      node.fields.map((field) => [field.name, fieldDefault(node, field.name, ownValue(json, field.name))]),
    );
  }
  return mismatchOf(node, value) === undefined ? value : undefined;
}

function fieldDefault(record: RecordNode, name: string, json: unknown): unknown {
  const field = record.fields.find((candidate) => candidate.name === name)!;
  return fallbackOf(field.node, json === undefined ? field.default : json);
}

/** An own property only: a record may well have a field called `constructor`. */
export function ownValue(object: object, name: string): unknown {
  return Object.hasOwn(object, name) ? (object as Record<string, unknown>)[name] : undefined;
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !Buffer.isBuffer(value);
}

function firstMismatch<V>(
  values: readonly V[],
  mismatch: (value: V, index: number) => string | undefined,
): string | undefined {
  for (let i = 0; i < values.length; i++) {
    const found = mismatch(values[i]!, i);
    if (found !== undefined) return found;
  }
  return undefined;
}

function describe(node: SchemaNode): string {
  if (node.kind === 'fixed') return `a Buffer of ${node.size} bytes`;
  if (node.kind === 'bytes') return 'a Buffer';
  if (node.kind === 'long') return 'a long (a bigint, a safe integer or decimal text)';
  if (node.kind === 'enum') return `one of ${node.symbols.slice(0, 10).join(', ')}`;
  return 'name' in node ? node.name : node.kind;
}

function wrong(path: string, value: unknown, expected: string): string {
  const shown = typeof value === 'string' ? JSON.stringify(value.slice(0, 40)) : shortOf(value);
  return `${path === '' ? 'the value' : path}: ${shown} is not ${expected}`;
}

function shortOf(value: unknown): string {
  if (typeof value === 'bigint') return `${value}n`;
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'object' && value !== null) return Buffer.isBuffer(value) ? 'a Buffer' : 'an object';
  return typeof value === 'function' || typeof value === 'symbol' ? `a ${typeof value}` : String(value);
}
