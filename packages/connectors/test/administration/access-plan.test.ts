import { aclsOf } from '../../src/administration/acl.js';
import {
  type AccessState,
  isDone,
  planAccess,
  type PlanOptions,
} from '../../src/administration/access-plan.js';
import { checkGrant, type Grant, grantAcls, isExpired } from '../../src/administration/grant.js';

const JANE: Grant = { user: 'jane', topics: ['sn', 'stamp_*'], groupPrefix: 'uchile', hosts: ['192.0.2.7'] };
const NOW = Date.UTC(2026, 5, 1);
const user = (name: string): AccessState['users'][number] => ({
  user: name,
  mechanisms: [{ mechanism: 'SCRAM-SHA-512', iterations: 4096 }],
});
const DONE: AccessState = { users: [user('jane')], acls: grantAcls(JANE) };

const plan = (
  grants: readonly Grant[],
  state: AccessState,
  options: Partial<PlanOptions> & { keep?: string[] } = {},
): ReturnType<typeof planAccess> =>
  planAccess({ grants, keep: options.keep ?? [] }, state, {
    now: NOW,
    prune: false,
    self: undefined,
    ...options,
  });

it('a new grant becomes a user and its permissions', () => {
  expect(plan([JANE], { users: [], acls: [] })).toMatchObject({
    addUsers: ['jane'],
    addAcls: grantAcls(JANE),
    removeAcls: [],
    removeUsers: [],
  });
});

it('there is nothing to do twice', () => {
  expect(isDone(plan([JANE], DONE))).toBe(true);
  expect(isDone(plan([JANE], DONE, { prune: true }))).toBe(true);
});

it('what the file does not give to its own users is taken away, but not denials nor what a grant cannot say', () => {
  const more = aclsOf({ user: 'jane', operations: ['WRITE'], topic: 'sn' });
  const [denial] = more.map((acl) => ({ ...acl, permission: 'DENY' as const }));
  const cluster = { ...more[0]!, resource: 'CLUSTER' as const, name: 'kafka-cluster' };
  const state = { users: DONE.users, acls: [...DONE.acls, ...more, denial!, cluster] };
  expect(plan([JANE], state).removeAcls).toEqual(more);
});

it('a changed address is one permission away and one there', () => {
  const moved = { ...JANE, hosts: ['192.0.2.8'] };
  expect(plan([moved], DONE)).toMatchObject({
    addAcls: grantAcls(moved),
    removeAcls: grantAcls(JANE),
    addUsers: [],
  });
});

it('a grant that is over takes everything along, its user too', () => {
  const over = { ...JANE, until: '2026-05-31' };
  expect(plan([over], DONE)).toMatchObject({
    removeAcls: DONE.acls,
    removeUsers: ['jane'],
    expired: ['jane'],
  });
  expect(isDone(plan([over], { users: [], acls: [] }))).toBe(true);
});

it.each([
  ['2026-05-31', true],
  ['2026-06-01', false],
])('a grant until %s is over on 1 June: %s', (until, over) => {
  expect(isExpired({ ...JANE, until }, NOW)).toBe(over);
  expect(isExpired({ ...JANE, until }, NOW + 24 * 3_600_000)).toBe(true);
});

describe('somebody who is not in the file', () => {
  const bob = { ...JANE, user: 'bob' };
  const state = { users: [user('admin'), user('bob')], acls: grantAcls(bob) };

  it('stays, and is named', () => {
    expect(plan([], state)).toMatchObject({ removeAcls: [], removeUsers: [], unlisted: ['bob'] });
  });

  it('goes with --prune, unless without permissions, as an administrator may be', () => {
    expect(plan([], state, { prune: true })).toMatchObject({
      removeAcls: grantAcls(bob),
      removeUsers: ['bob'],
      unlisted: [],
    });
  });

  it.each([['bob'], ['b*']])("stays where 'keep' has %s", (name) => {
    expect(isDone(plan([], state, { prune: true, keep: [name] }))).toBe(true);
  });

  it('stays when it is who does this', () => {
    expect(isDone(plan([], state, { prune: true, self: 'bob' }))).toBe(true);
    expect(() => plan([{ ...bob, until: '2020-01-01' }], state, { self: 'bob' })).toThrow(
      /^the grant of bob is over, who is logged in here/,
    );
  });

  it('and no user, is nobody of ours', () => {
    const group = grantAcls(bob).map((acl) => ({ ...acl, principal: 'Group:astronomers' }));
    const all = plan([], { users: [], acls: group }, { prune: true });
    expect(isDone(all) && all.unlisted.length === 0).toBe(true);
  });
});

it('who writes gets transactions below the group prefix', () => {
  const acls = grantAcls({ ...JANE, topics: [], writes: ['sn'] });
  expect(
    acls.map(({ resource, operation, name, pattern }) => [resource, operation, name, pattern].join(' ')),
  ).toEqual([
    'TOPIC WRITE sn LITERAL',
    'TOPIC DESCRIBE sn LITERAL',
    'TOPIC CREATE sn LITERAL',
    'TRANSACTIONAL_ID WRITE uchile PREFIXED',
    'TRANSACTIONAL_ID DESCRIBE uchile PREFIXED',
  ]);
});

it.each<[Partial<Grant>, RegExp]>([
  [{ user: 'a b' }, /'a b' cannot name a user/],
  [{ topics: [] }, /^the grant of jane names no topic/],
  [{ topics: ['a/b'] }, /'a\/b' is not a legal topic name/],
  [{ groupPrefix: '' }, /^the grant of jane has no group prefix/],
  [{ groupPrefix: 'uchile*' }, /^the grant of jane has a star in its group prefix/],
  [{ hosts: ['home.example.org'] }, /'home\.example\.org' is not an IP address/],
  [{ until: '31.12.2026' }, /^the grant of jane ends at '31\.12\.2026', which is no day such as/],
  [{ until: '2026-02-30' }, /^the grant of jane ends at '2026-02-30'/],
])('a grant with %j is refused', (part, message) => {
  expect(() => checkGrant({ ...JANE, ...part })).toThrow(message);
});
