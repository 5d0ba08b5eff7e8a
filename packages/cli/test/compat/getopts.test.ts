import { getopts } from '../../src/compat/getopts.js';

const SPEC = 'adu:p:h';

it.each([
  [
    ['-a', '-u', 'Bob', '-p', 'x'],
    [{ letter: 'a' }, { letter: 'u', argument: 'Bob' }, { letter: 'p', argument: 'x' }],
  ],
  [['-auBob'], [{ letter: 'a' }, { letter: 'u', argument: 'Bob' }]],
  [
    ['-au', '-d'],
    [{ letter: 'a' }, { letter: 'u', argument: '-d' }],
  ],
  [['-a', 'word', '-d'], [{ letter: 'a' }]],
  [['-a', '--', '-d'], [{ letter: 'a' }]],
  [['-'], []],
  [[], []],
])('%j is read as bash reads it', (argv, met) => {
  expect(getopts(argv, SPEC)).toEqual(met);
});

it.each([
  [['-a', '-x'], { problem: 'unknown', letter: 'x', met: [{ letter: 'a' }] }],
  [['-:'], { problem: 'unknown', letter: ':', met: [] }],
  [['-d', '-u'], { problem: 'no-argument', letter: 'u', met: [{ letter: 'd' }] }],
])('%j stops it', (argv, stopped) => {
  expect(getopts(argv, SPEC)).toEqual(stopped);
});
