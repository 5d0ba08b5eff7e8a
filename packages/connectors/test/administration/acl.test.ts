import fc from 'fast-check';
import { aclHost, aclsOf, consumerAcls, producerAcls } from '../../src/administration/acl.js';

const said = (acls: ReturnType<typeof consumerAcls>): string[] =>
  acls.map(({ principal, host, operation, permission, resource, name, pattern }) =>
    [permission, principal, host, operation, resource, pattern, name].join(' '),
  );

it('a consumer may read and describe its topics, and read in its groups', () => {
  expect(said(consumerAcls({ user: 'jane', topics: ['sn', 'stamp_*'], groups: ['uchile*'] }))).toEqual([
    'ALLOW User:jane * READ TOPIC LITERAL sn',
    'ALLOW User:jane * DESCRIBE TOPIC LITERAL sn',
    'ALLOW User:jane * READ TOPIC PREFIXED stamp_',
    'ALLOW User:jane * DESCRIBE TOPIC PREFIXED stamp_',
    'ALLOW User:jane * READ GROUP PREFIXED uchile',
  ]);
});

it('a producer may write, describe and create its topics, at each of its addresses', () => {
  const hosts = ['10.0.0.1', '10.0.0.2'];
  expect(said(producerAcls({ user: 'p', hosts, topics: ['sn'], groups: ['ignored'] }))).toEqual(
    hosts.flatMap((host) =>
      ['WRITE', 'DESCRIBE', 'CREATE'].map((what) => `ALLOW User:p ${host} ${what} TOPIC LITERAL sn`),
    ),
  );
});

it('a lone star is everything, which Kafka writes as a literal', () => {
  expect(said(aclsOf({ user: '*', operations: ['READ'], topic: '*', prefix: true }))).toEqual([
    'ALLOW User:* * READ TOPIC LITERAL *',
  ]);
});

describe('a host', () => {
  it.each([
    ['*', '*'],
    ['192.168.0.1', '192.168.0.1'],
    ['::1', '0:0:0:0:0:0:0:1'],
    ['::', '0:0:0:0:0:0:0:0'],
    ['2001:DB8::00ff', '2001:db8:0:0:0:0:0:ff'],
    ['::ffff:10.1.2.3', '10.1.2.3'],
    ['::ffff:0a01:0203', '10.1.2.3'],
    ['64:ff9b::10.1.2.3', '64:ff9b:0:0:0:0:a01:203'],
  ])('%s is what Java prints: %s', (host, printed) => {
    expect(aclHost(host)).toBe(printed);
  });

  it('is the same however its zeros are abbreviated', () => {
    const part = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 0xffff }));
    fc.assert(
      fc.property(fc.array(part, { minLength: 8, maxLength: 8 }), fc.nat(8), fc.nat(8), (parts, a, b) => {
        fc.pre(parts.slice(0, 6).join() !== '0,0,0,0,0,65535');
        const hex = parts.map((each) => each.toString(16));
        const full = hex.join(':');
        expect(aclHost(hex.map((each) => each.padStart(4, '0').toUpperCase()).join(':'))).toBe(full);
        const [from, to] = [Math.min(a, b), Math.max(a, b)];
        fc.pre(to > from && parts.slice(from, to).every((each) => each === 0));
        expect(aclHost(`${hex.slice(0, from).join(':')}::${hex.slice(to).join(':')}`)).toBe(full);
      }),
    );
  });

  it.each([
    ['kafka.example.org', /is not an IP address: permissions go by address, names are not supported/],
    ['localhost', /is not an IP address/],
    ['10.0.0.0/8', /is a network; Kafka's permissions know single addresses/],
    ['fe80::1%eth0', /is not an IP address/],
    ['', /is not an IP address/],
    ['1.2.3.4\u001b[31m', /^'1\.2\.3\.4\\u001b\[31m' is not an IP address/],
  ])('%j is refused', (host, message) => {
    expect(() => aclHost(host)).toThrow(message);
  });
});

it.each([
  [{ topics: ['a/b'] }, /'a\/b' is not a legal topic name/],
  [{ topics: ['a*b'] }, /'a\*b' is not a topic name/],
  [{ topics: ['a\u0000'] }, /'a\\u0000' is not a legal topic name/],
  [{ topics: ['x'.repeat(10_000_000)] }, /is not a legal topic name/],
  [{ groups: ['a*b'] }, /'a\*b' cannot be a group/],
  [{ groups: ['a\nb'] }, /'a\\u000ab' cannot be a group/],
  [{ groups: [''] }, /cannot be a group/],
])('names that Kafka would never match are refused: %#', (names, message) => {
  expect(() => consumerAcls({ user: 'jane', ...names })).toThrow(message);
});
