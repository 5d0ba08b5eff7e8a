import { nearest, type AvroSchema } from '@apf/core';
import type { Kind } from './values.js';

type Node = AvroSchema['root'];

/** A path as a schema resolves it. */
export interface ResolvedPath {
  /** Keys to read one after the other: a field named `a.b` is one. */
  readonly names: readonly string[];
  /** The path to give to a decoder's `fields`. */
  readonly field: string;
  readonly kind: Kind;
}

/** Proposals are looked for this deep, among so many paths, for names of up to so many characters. */
const PROPOSED_LEVELS = 4;
const PROPOSED_PATHS = 5000;
const PROPOSED_LENGTH = 100;

/** The field that a path means in a schema: the longest name first, as decoders take it. Undefined where it has none. */
export function resolvePath(schema: AvroSchema, names: readonly string[]): ResolvedPath | undefined {
  return resolve(schema.root, names, [], false);
}

function resolve(
  node: Node,
  names: readonly string[],
  walked: readonly string[],
  list: boolean,
): ResolvedPath | undefined {
  if (names.length === 0)
    return { names: walked, field: walked.join('.'), kind: list ? 'list' : kindOf(node) };
  for (const branch of branchesOf(node)) {
    if (branch.kind === 'array') {
      const found = resolve(branch.items, names, walked, true);
      if (found) return found;
    } else if (branch.kind === 'map') {
      // The keys of a map are data: a decoder reads it whole.
      const found = resolve(branch.values, names.slice(1), [...walked, names[0]!], list);
      if (found) return { ...found, field: walked.join('.') };
    } else if (branch.kind === 'record') {
      for (let taken = names.length; taken > 0; taken--) {
        const name = names.slice(0, taken).join('.');
        for (const field of branch.fields) {
          const found =
            field.name === name
              ? resolve(field.node, names.slice(taken), [...walked, name], list)
              : undefined;
          if (found) return found;
        }
      }
    }
  }
  return undefined;
}

function branchesOf(node: Node): readonly Node[] {
  return node.kind === 'union' ? node.branches.flatMap(branchesOf) : [node];
}

function kindOf(node: Node): Kind {
  const kinds = new Set(
    branchesOf(node)
      .filter((branch) => branch.kind !== 'null')
      .map(kindOfBranch),
  );
  return kinds.size === 1 ? [...kinds][0]! : kinds.size === 0 ? 'other' : 'any';
}

function kindOfBranch(node: Node): Kind {
  switch (node.kind) {
    case 'int':
    case 'long':
    case 'float':
    case 'double':
      return 'number';
    case 'string':
    case 'enum':
      return 'text';
    case 'boolean':
      return 'boolean';
    case 'array':
      return 'list';
    default:
      return 'other';
  }
}

/** The path that was probably meant: one that ends in the same name, else the one with the fewest edits. */
export function nearestPath(schema: AvroSchema, names: readonly string[]): string | undefined {
  const written = names.join('.');
  if (written.length > PROPOSED_LENGTH) return undefined;
  const paths: string[] = [];
  addPaths(schema.root, '', PROPOSED_LEVELS, paths);
  const last = names[names.length - 1]!;
  return paths.find((path) => path.endsWith(`.${last}`)) ?? nearest(written, paths);
}

function addPaths(node: Node, prefix: string, levels: number, paths: string[]): void {
  for (const branch of branchesOf(node)) {
    if (branch.kind === 'array') addPaths(branch.items, prefix, levels, paths);
    if (branch.kind !== 'record') continue;
    for (const field of branch.fields) {
      if (paths.length >= PROPOSED_PATHS) return;
      const path = prefix === '' ? field.name : `${prefix}.${field.name}`;
      paths.push(path);
      if (levels > 1) addPaths(field.node, path, levels - 1, paths);
    }
  }
}
