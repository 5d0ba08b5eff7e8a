import { UsageError } from '../errors.js';

export type Data = Record<string, unknown>;

export const isData = (value: unknown): value is Data => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  // A plain object of another realm has another Object.prototype; its own prototype is null all the same.
  return prototype === null || Object.getPrototypeOf(prototype) === null;
};

/**
 * A deep copy of settings, without keys that are undefined (a variable of the environment that is not set, say).
 * @throws UsageError for what is not plain data: convict would make `{}` of a function, a class or a Map.
 */
export function plainCopy(value: unknown, path = ''): unknown {
  if (Array.isArray(value)) return value.map((item, index) => plainCopy(item, `${path}[${index}]`));
  if (isData(value)) {
    const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
    return Object.fromEntries(
      entries.map(([key, inner]) => [key, plainCopy(inner, path ? `${path}.${key}` : key)]),
    );
  }
  if (value === null || ['string', 'number', 'boolean'].includes(typeof value)) return value;
  const cure = path.endsWith('CLASS')
    ? "name the class: './file.js#Name'"
    : 'settings hold plain data only (text, numbers, booleans, lists, objects); functions are methods of the step';
  throw new UsageError(`settings: ${path} is ${describe(value)}; ${cure}`, { code: 'APF_SETTINGS' });
}

function describe(value: unknown): string {
  if (typeof value === 'object') return `a ${value?.constructor.name ?? 'thing without a prototype'}`;
  return typeof value === 'function' ? 'a function' : `a ${typeof value}`;
}
