import type { FieldNode } from '../../src/page-api.js';

export interface FoundFields {
  /** The tree with what was found and the way to it; null where nothing was. */
  readonly tree: FieldNode | null;
  readonly count: number;
}

/**
 * The fields of a tree whose path (`candidate.magpsf`) or value has a text in it, in upper or lower case. A record that is
 * found by its own name is given whole.
 */
export function searchFields(root: FieldNode, text: string): FoundFields {
  const needle = text.trim().toLowerCase();
  let count = 0;
  const search = (node: FieldNode, path: string): FieldNode | null => {
    if (path.includes(needle) || (node.value?.toLowerCase().includes(needle) ?? false)) {
      count++;
      return node;
    }
    const children = node.children?.flatMap((child) => {
      const name = child.name.toLowerCase();
      return search(child, path === '' ? name : `${path}.${name}`) ?? [];
    });
    return children && children.length > 0 ? { ...node, children } : null;
  };
  return { tree: search(root, ''), count };
}
