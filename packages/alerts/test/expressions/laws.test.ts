import fc from 'fast-check';
import { compileExpression } from '../../src/expressions/compile-expression.js';

const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
const OPERATORS = ['<', '<=', '>', '>=', '==', '!='] as const;

const evaluate = (text: string, alert: object): unknown => compileExpression(text).value(alert);

describe('the laws of expressions', () => {
  it('compares integers as integers, however they are written or held', () => {
    const held = (value: bigint): fc.Arbitrary<unknown> =>
      fc.constantFrom<unknown>(
        value,
        String(value),
        ...(Number.isSafeInteger(Number(value)) ? [Number(value)] : []),
      );
    const pair = fc
      .tuple(int64, fc.oneof(int64, fc.bigInt({ min: -2n, max: 2n })))
      .map(([a, d]) => [a, fc.sample(fc.boolean(), 1)[0] ? d : a + d] as const)
      .filter(([a, b]) => a !== -999n && b !== -999n)
      .chain(([a, b]) => fc.tuple(fc.constant(a), fc.constant(b), held(a)));
    fc.assert(
      fc.property(pair, fc.constantFrom(...OPERATORS), ([a, b, x], operator) => {
        const expected = { '<': a < b, '<=': a <= b, '>': a > b, '>=': a >= b, '==': a === b, '!=': a !== b };
        expect(evaluate(`x ${operator} ${b}`, { x })).toBe(expected[operator]);
      }),
    );
  });

  it('has == true for exactly one of <, == and > where nothing is missing, for none where something is', () => {
    const number = fc.oneof(fc.double(), fc.integer(), int64, fc.constantFrom(null, -999, undefined));
    fc.assert(
      fc.property(number, number, (a, b) => {
        const holding = ['<', '==', '>'].filter((operator) => evaluate(`a ${operator} b`, { a, b }));
        const missing = evaluate('a is missing or b is missing', { a, b });
        expect(holding).toHaveLength(missing ? 0 : 1);
        expect(evaluate('a != b', { a, b })).toBe(!missing && holding[0] !== '==');
      }),
    );
  });

  it('has the same answer for a list and for its members one by one, however long it is', () => {
    const scalar = fc.oneof(
      fc.integer({ min: -5, max: 5 }),
      fc.double({ min: -2, max: 2, noNaN: true }).filter((value) => Math.abs(value) > 1e-6),
      fc.bigInt({ min: 2n ** 60n, max: 2n ** 60n + 3n }),
      fc.constantFrom('a', 'b', '1', '01', '1.5', '-0', "it's"),
    );
    const written = (value: unknown): string =>
      typeof value === 'string' ? `'${value.replace("'", "\\'")}'` : String(value);
    fc.assert(
      fc.property(scalar, fc.array(scalar, { minLength: 1, maxLength: 20 }), (x, items) => {
        const one = items.map((item) => `x == ${written(item)}`).join(' or ');
        expect(evaluate(`x in (${items.map(written).join(', ')})`, { x })).toBe(evaluate(one, { x }));
      }),
    );
  });

  it('calculates with numbers as JavaScript does, what is not finite aside', () => {
    const number = fc.double({ noNaN: true, min: -1e6, max: 1e6 }).filter((value) => value !== -999);
    fc.assert(
      fc.property(number, number, number, (a, b, c) => {
        const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);
        expect(evaluate('a + b * c', { a, b, c })).toBe(a + b * c);
        expect(evaluate('(a - b) / c', { a, b, c })).toBe(finite((a - b) / c));
        expect(evaluate('-a ** 2', { a })).toBe(-(a ** 2));
        const remainder = evaluate('a % b', { a, b });
        if (b === 0) expect(remainder).toBeNull();
        else expect(Math.abs(remainder as number)).toBeLessThanOrEqual(Math.abs(b));
      }),
    );
  });
});
