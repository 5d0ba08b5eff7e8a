import { resetTarget } from '../../src/administration/reset-target.js';

it.each([
  ['earliest', { kind: 'earliest' }],
  ['latest', { kind: 'latest' }],
  ['0', { kind: 'offset', offset: 0 }],
  ['1200', { kind: 'offset', offset: 1200 }],
  ['+100', { kind: 'shift', by: 100 }],
  ['-100', { kind: 'shift', by: -100 }],
  ['2026-03-01', { kind: 'datetime', time: Date.UTC(2026, 2, 1) }],
  ['2026-03-01T04:05', { kind: 'datetime', time: Date.UTC(2026, 2, 1, 4, 5) }],
  ['2026-03-01 04:05:06.5', { kind: 'datetime', time: Date.UTC(2026, 2, 1, 4, 5, 6, 500) }],
  ['2026-03-01T04:05:06Z', { kind: 'datetime', time: Date.UTC(2026, 2, 1, 4, 5, 6) }],
  ['2026-03-01T04:05:06-03:00', { kind: 'datetime', time: Date.UTC(2026, 2, 1, 7, 5, 6) }],
])('%s', (text, target) => {
  const zone = process.env.TZ;
  process.env.TZ = 'America/Santiago'; // a time without a zone does not depend on where the command runs
  try {
    expect(resetTarget(text)).toEqual(target);
  } finally {
    if (zone === undefined) delete process.env.TZ;
    else process.env.TZ = zone;
  }
});

it.each(['', 'first', '1.5', '1e3', '++1', '2026-13-01', '2026-02-30T25:00', 'yesterday', '9'.repeat(20)])(
  '%j is refused with what would do',
  (text) => {
    expect(() => resetTarget(text)).toThrow(/^a group can be moved to earliest, latest, a time such as /);
  },
);
