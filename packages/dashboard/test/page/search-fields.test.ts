import { searchFields } from '../../page/alert/search-fields.js';
import type { FieldNode } from '../../src/page-api.js';

const leaf = (name: string, value: string): FieldNode => ({ name, kind: 'text', value });
const ALERT: FieldNode = {
  name: '',
  kind: 'record',
  value: null,
  children: [
    leaf('objectId', 'ZTF26abc'),
    {
      name: 'candidate',
      kind: 'record',
      value: null,
      children: [leaf('magpsf', '17.39'), leaf('rb', '0.98'), leaf('candid', '3580374843515015041')],
    },
  ],
};

/** Paths of the leaves that are left. */
function leaves({ tree }: ReturnType<typeof searchFields>): string[] {
  const walk = (node: FieldNode, path: string): string[] =>
    node.children ? node.children.flatMap((child) => walk(child, `${path}/${child.name}`)) : [path];
  return tree ? walk(tree, '') : [];
}

describe('the search in an alert', () => {
  it.each([
    ['magpsf', ['/candidate/magpsf'], 1],
    ['MAG', ['/candidate/magpsf'], 1],
    ['candidate.r', ['/candidate/rb'], 1],
    ['515015041', ['/candidate/candid'], 1],
    ['ztf26', ['/objectId'], 1],
    // A record that is found is one, and whole.
    ['candidate', ['/candidate/magpsf', '/candidate/rb', '/candidate/candid'], 1],
    ['0.98', ['/candidate/rb'], 1],
    ['nothing of it', [], 0],
  ])('finds %s', (text, paths, count) => {
    const found = searchFields(ALERT, text);
    expect(leaves(found)).toEqual(paths);
    expect(found.count).toBe(count);
  });
});
