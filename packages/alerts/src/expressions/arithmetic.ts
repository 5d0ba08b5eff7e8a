import type { Arithmetic } from './syntax.js';
import { finite, toNumber, type Value } from './values.js';

/** Missing unless both are numbers. Sums, products and remainders of whole numbers stay exact where one is a bigint. */
export function calculate(operator: Arithmetic, a: Value, b: Value): number | bigint | undefined {
  if ((typeof a === 'bigint' || typeof b === 'bigint') && operator !== '/' && operator !== '**') {
    const [left, right] = [whole(a), whole(b)];
    if (left !== undefined && right !== undefined) return exactly(operator, left, right);
  }
  const [left, right] = [toNumber(a), toNumber(b)];
  return left === undefined || right === undefined ? undefined : finite(NUMBERS[operator](left, right));
}

/** The remainder has the divisor's sign, as in Python. */
const NUMBERS: Readonly<Record<Arithmetic, (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '%': (a, b) => ((a % b) + b) % b,
  '**': (a, b) => a ** b,
};

function exactly(operator: '+' | '-' | '*' | '%', a: bigint, b: bigint): bigint | undefined {
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '%':
      return b === 0n ? undefined : ((a % b) + b) % b;
  }
}

function whole(value: Value): bigint | undefined {
  if (typeof value === 'bigint') return value;
  return typeof value === 'number' && Number.isSafeInteger(value) ? BigInt(value) : undefined;
}
