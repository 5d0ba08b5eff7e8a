import fc from 'fast-check';
import { UsageError } from '@apf/core';
import { compileExpression, compileFilter } from '../../src/expressions/compile-expression.js';
import { ExpressionError } from '../../src/expressions/expression-error.js';
import { ALERT, SMALL_ZTF } from './alerts.js';

function mistake(text: string): ExpressionError {
  try {
    compileFilter(text, { schema: SMALL_ZTF });
  } catch (error) {
    if (error instanceof ExpressionError) return error;
    throw error;
  }
  throw new Error(`no mistake was found in ${text}`);
}

describe('mistakes in expressions', () => {
  it.each([
    ['', 1, 'it is empty'],
    ['  ', 3, 'it is empty'],
    ['candidate.fid <', 16, 'expected, not the end'],
    ['(candidate.fid == 1', 20, "')' is expected"],
    ['candidate.fid == 1)', 19, "')' is not expected here"],
    ['candidate.fid == 1 candid', 20, "'candid' is not expected here"],
    ['candidate.fid = 1', 15, "write '=='"],
    ['good && good', 6, "write 'and'"],
    ['good || good', 6, "write 'or'"],
    ['!good', 1, "write 'not'"],
    ['candid == 12abc', 11, "'12abc' is no number"],
    ["objectId == 'ZTF", 13, 'no closing'],
    ['objectId == #', 13, "'#' has no place here"],
    ['candid in ()', 13, 'one value at least'],
    ['candid in 5', 11, 'comes a list'],
    ['candid is 5', 11, "'missing' is expected"],
    ['candid not 5', 12, "'in' is expected"],
    ['candid == null', 11, "write 'is missing'"],
    ['candidate.magps < 20', 1, "did you mean 'candidate.magpsf'?"],
    ['good and magpsf < 20', 10, "did you mean 'candidate.magpsf'?"],
    ['Candidate.magpsf < 20', 1, "did you mean 'candidate.magpsf'?"],
    ['snrr > 5', 1, "did you mean 'snr'?"],
    ['candidate.candidate.fid == 1', 1, 'there is no field'],
    ['cone(1, 2)', 1, 'cone(ra, dec, radius)'],
    ['ecliptic_lat(1) > 2', 1, 'ecliptic_lat([ra, dec])'],
    ['min() > 2', 1, 'min(x, …)'],
    ['coone(1, 2, 3)', 1, "did you mean 'cone'?"],
    ["abs('x') > 1", 5, 'a number is expected, this is a text'],
    ['lower(1) == "x"', 7, 'a text is expected, this is a number'],
    ["objectId + 1 == 'x'", 1, 'a number is expected, this is a text'],
    ['not candid', 5, 'a condition is expected, this is a number'],
    ['good and candid', 10, 'a condition is expected, this is a number'],
    ['candid', 1, 'no condition'],
    ["candidate.fid == 'g'", 1, 'a number never equals a text'],
    ['candidate.fid in (1, "g")', 1, 'a number never equals a text'],
    ['good < true', 1, "'<' has no meaning for conditions"],
    ['prv_candidates.magpsf < 19', 1, 'this is a list'],
    ['stamp == 1', 1, "'missing' or not"],
    ['candidate.ssdistnr == -999', 23, 'write: candidate.ssdistnr is missing'],
    ["candidate.ssnamenr in ('x', 'null')", 29, 'write: candidate.ssnamenr is missing'],
    ['candid == 1e999', 11, 'too large'],
    ['candidate. == 1', 12, "a field's name is expected"],
  ])('%s: column %d, %s', (text, column, what) => {
    const error = mistake(text);
    expect(error).toBeInstanceOf(UsageError);
    expect(error).toMatchObject({ column, code: 'APF_EXPRESSION' });
    expect(error.message).toContain(`at column ${column}: `);
    expect(error.message).toContain(what);
    expect(error.message).not.toContain('\n');
  });

  it('says what a schema cannot be asked', () => {
    const message = (text: string): string => mistake(text).message;
    expect(message('diaSource.psfFlux > 1')).toContain("no field 'diaSource.psfFlux'");
    expect(() => compileExpression('snr', { schema: SMALL_ZTF, survey: 'lsst' })).toThrow(
      "this schema has no field to make 'snr' of",
    );
  });

  it.each([
    ['ten million characters', 'x'.repeat(10_000_000)],
    ['a hundred thousand parentheses', '('.repeat(100_000)],
    ['a hundred thousand minus signs', '-'.repeat(100_000)],
    ['a hundred thousand nots', 'not '.repeat(60_000)],
    ['a long sum', `${'1+'.repeat(100_000)}1`],
    ['a tower of powers', `${'2**'.repeat(80_000)}2`],
    ['a path of many names', `${'a.'.repeat(100_000)}a`],
    ['nested functions', `${'abs('.repeat(60_000)}1`],
    ['a long unknown name', `${'x'.repeat(200_000)} == 1`],
    ['a text without an end', `'${'\\'.repeat(200_000)}`],
  ])('refuses %s, and needs no stack for it', (_, text) => {
    expect(mistake(text).message.length).toBeLessThan(400);
  });

  it('takes a long list of ids and a long chain of conditions', () => {
    const ids = Array.from({ length: 5_000 }, (_, i) => 10n ** 18n + BigInt(i));
    const expression = compileFilter(`candid in (${ids.join(', ')})`, { schema: SMALL_ZTF });
    expect(expression.test({ candid: ids[4321] })).toBe(true);
    expect(expression.test({ candid: 10n ** 18n - 1n })).toBe(false);
    const chain = compileFilter(
      ids
        .slice(0, 4000)
        .map((id) => `candid != ${id}`)
        .join(' and '),
    );
    expect(chain.test(ALERT)).toBe(true);
  });

  it('gives an expression or an ExpressionError for any text', () => {
    const word = fc.constantFrom(
      ...'candid candidate.fid mag objectId and or not in is missing true ( ) [ ] , . + - * / % ** < <= == != 1 2.5 1e400'.split(
        ' ',
      ),
      ...["'text'", '`W1-W2`', 'abs(', 'first(', '"', '`', '&', '\\', '9007199254740993'],
    );
    const texts = fc.oneof(
      fc.string(),
      fc.array(word, { maxLength: 20 }).map((words) => words.join(' ')),
    );
    fc.assert(
      fc.property(texts, fc.boolean(), (text, known) => {
        try {
          const expression = compileExpression(text, known ? { schema: SMALL_ZTF } : {});
          for (const alert of [ALERT, null, {}, [], 5, { candidate: [] }]) {
            expect(typeof expression.test(alert)).toBe('boolean');
            expect(expression.value(alert)).toBeDefined();
          }
        } catch (error) {
          expect(error).toBeInstanceOf(ExpressionError);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
