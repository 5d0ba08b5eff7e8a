import { toError, UsageError } from '@apf/core';
import { list } from './stream-plan.js';

/**
 * Names, or regular expressions that begin with ^, as they are given to an option.
 * @throws UsageError for an empty name, or an expression that cannot be one
 */
export function namePatterns(
  values: readonly string[] | undefined,
  option: string,
): readonly string[] | undefined {
  const all = list(values);
  for (const name of all ?? []) {
    if (name === '') throw new UsageError(`${option} has an empty name`);
    if (!name.startsWith('^')) continue;
    try {
      new RegExp(name);
    } catch (error) {
      throw new UsageError(`${option} '${name}' is no regular expression: ${toError(error).message}`);
    }
  }
  return all;
}
