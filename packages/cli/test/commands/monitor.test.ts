import { apfHere } from '../in-process.js';

describe('apf monitor', () => {
  it.each([
    ['--interval', ['--interval', '0'], '--interval must be seconds'],
    ['--count', ['--count', '1.5'], '--count must be a whole number'],
    ['--servers', ['--servers', 'other:9092'], '--servers is given twice'],
    ['--once with --count', ['--once', '--count', '2'], 'give --once or --count'],
    ['--topics', ['--topics', '^('], "--topics '^(' is no regular expression"],
  ])('8: a mistake in %s is one line and exit 2', async (_what, args, said) => {
    const { code, stderr } = await apfHere(['monitor', '--servers', 'host:9092', ...args]);
    expect({ code, lines: stderr.trim().split('\n').length }).toEqual({ code: 2, lines: 1 });
    expect(stderr).toContain(said);
  });
});
