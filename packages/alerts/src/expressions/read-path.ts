import { isMissing } from '../missing-values.js';
import type { Scalar, Value } from './values.js';

type Holder = Readonly<Record<string, unknown>>;

/**
 * A function that reads a path of an alert: undefined where any part of it is missing. Through an array it gives the
 * values of all its elements that are not missing; an array, record or bytes at the end count as a value that is there.
 */
export function pathReader(names: readonly string[]): (alert: unknown) => Value {
  const last = names[names.length - 1]!;
  const clean = (value: unknown): Value => {
    if (isMissing(value, last)) return undefined;
    if (typeof value !== 'object') return value as Scalar;
    if (!Array.isArray(value)) return PRESENT;
    return (value as unknown[]).flatMap((item) => {
      if (isMissing(item, last)) return [];
      return [typeof item === 'object' ? true : (item as Scalar)];
    });
  };
  const own = names.map((name) => (name in Object.prototype ? ownField(name) : field(name)));
  const from = (value: unknown, level: number): Value => {
    for (let i = level; i < own.length; i++) {
      if (typeof value !== 'object' || value === null) return undefined;
      if (Array.isArray(value)) return value.flatMap((item) => scalars(from(item, i)));
      value = own[i]!(value as Holder);
    }
    return clean(value);
  };
  return (alert) => from(alert, 0);
}

/** What stands for a record or bytes: it is there, and no comparison holds for it. */
export const PRESENT: readonly Scalar[] = [];

function scalars(value: Value): readonly Scalar[] {
  return value === undefined ? [] : Array.isArray(value) ? (value as readonly Scalar[]) : [value as Scalar];
}

const field =
  (name: string) =>
  (holder: Holder): unknown =>
    holder[name];

/** `constructor` and the like are there in every object without being a field. */
const ownField =
  (name: string) =>
  (holder: Holder): unknown =>
    Object.hasOwn(holder, name) ? holder[name] : undefined;
