import type { Literal } from './syntax.js';
import { compare, DIGITS, type Value } from './values.js';

type Read = (alert: unknown) => Value;

/** Lists up to this long are compared one by one, longer ones looked up. */
const FEW = 8;

/**
 * Whether a value is among others, which are literals or read from the alert. False where it is missing, negated or
 * not.
 */
export function membership(operand: Read, items: readonly (Literal | Read)[], negated: boolean): Read {
  const reads = items.filter((item) => typeof item === 'function');
  const literals = items.filter((item) => typeof item !== 'function');
  const table = literals.length > FEW ? new Set(literals.map(keyOf)) : undefined;
  return (alert) => {
    const value = operand(alert);
    if (value === undefined) return false;
    const found =
      (table
        ? isScalar(value) && table.has(keyOf(value))
        : literals.some((literal) => compare('==', value, literal))) ||
      reads.some((read) => compare('==', value, read(alert)));
    return found !== negated;
  };
}

/** Equal values have equal keys, and no others, as `compare` has it: 5, 5n and '5' are one. */
function keyOf(value: Literal): string {
  switch (typeof value) {
    case 'number':
      return Number.isInteger(value) ? BigInt(value).toString() : String(value);
    case 'bigint':
      return value.toString();
    case 'string':
      return DIGITS.test(value) ? value : `'${value}`;
    case 'boolean':
      return `is ${value}`;
  }
}

function isScalar(value: Value): value is Literal {
  return typeof value !== 'object';
}
