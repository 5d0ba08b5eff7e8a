import { printable, UsageError } from '@apf/core';
import { filterNameProblem } from '../../src/filters/alert-filter.js';
import { filterOf } from '../../src/filters/filter-of.js';

const wrong = (exported: unknown, name = 'it'): string => {
  try {
    filterOf(exported, name, 'filters/it.ts');
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
  throw new Error('it was taken');
};
const passes = (): boolean => true;
const fields = ['candid'];

describe('what a file of filters exports', () => {
  it('is a text, a definition or a class; a name of its own goes first', () => {
    class Mine {
      readonly fields = fields;
      readonly name = 'mine';
      passes = passes;
    }
    expect(filterOf('snr > 5', 'bright', '').definition).toEqual({ expression: 'snr > 5' });
    expect(filterOf({ fields, passes }, 'bright', '').name).toBe('bright');
    const { name, definition } = filterOf(Mine, 'bright', '');
    expect([name, definition]).toEqual(['mine', expect.any(Mine)]);
  });

  it.each([
    [undefined, 'its default export is no filter'],
    [5, 'its default export is no filter'],
    [passes, 'a bare function does not say which fields it reads'],
    [{}, 'it has no function passes(alert, derived)'],
    [{ pases: passes }, 'it has no function passes(alert, derived); it has pases'],
    [{ passes }, 'it reads nothing'],
    [{ passes, fields: 'candid' }, "'fields' is a list of names"],
    [{ passes, derived: ['mag', 'magnitude'] }, "there is no derived value 'magnitude'"],
    [{ passes, derived: ['__proto__'] }, "there is no derived value '__proto__'"],
    [{ passes, fields, expression: 'snr > 5' }, "both 'expression' and 'passes'"],
    [{ expression: 5 }, "'expression' is a text"],
    [{ expression: {} }, "'expression' is a text"],
    [{ expression: { constructor: 'snr > 5' } }, "not 'constructor'"],
    [{ expression: 'snr >' }, 'wrong at column 6'],
    [{ expression: '5' }, 'it is no condition'],
    [{ expression: 'snr > 5', cap: 0 }, "'cap' is a whole number of 1 or more"],
    [{ expression: 'snr > 5', cap: 1.5 }, "'cap' is a whole number of 1 or more"],
    [{ expression: 'snr > 5', survey: 'sdss' }, "'survey' is one or more of ztf, lsst, elasticc"],
    [{ expression: 'snr > 5', description: 5 }, "'description' is a text"],
    [{ expression: 'snr > 5', name: 5 }, "'name' is a text"],
    [
      class {
        constructor() {
          throw new Error('no model here');
        }
      },
      'its class cannot be made: no model here',
    ],
  ])('is refused in one line: %p', (exported, why) => {
    const message = wrong(exported);
    expect(message).toContain(why);
    expect(message).toMatch(/^filters\/it\.ts: .*$/);
  });

  it.each([
    '../up',
    'a/b',
    '..',
    '',
    'a b',
    'a\nb',
    '\u001b[31mred',
    '1st',
    '-x',
    'a'.repeat(101),
    'naïve',
    'a.b',
  ])('has no name such as %p', (name) => {
    expect(filterNameProblem(name)).toBeDefined();
    expect(wrong({ expression: 'snr > 5', name })).toContain('cannot name a filter');
    const message = wrong({ expression: 'snr > 5', name });
    expect(message).toBe(printable(message, 1000));
  });
});
