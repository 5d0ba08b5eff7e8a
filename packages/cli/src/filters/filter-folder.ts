import { readdirSync } from 'node:fs';
import { join, parse, resolve } from 'node:path';
import { type AlertFilter, filterNameProblem, filterOf } from '@apf/alerts';
import { printable, toError, UsageError } from '@apf/core';
import { filterImport } from './filter-loader.js';

/** Where a project keeps its filters. */
export const FILTER_FOLDER = 'filters';

const SCRIPT = /\.[cm]?[jt]s$/;
const NO_FILTER = /(?:\.d|\.test|\.spec|\.config)\.[cm]?[jt]s$|^index\./;

/** The files that may hold a filter, in the order of their names; none where there is no such folder. */
export function filterFiles(folder: string): readonly string[] {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw new UsageError(`the filters' folder ${folder} cannot be read: ${toError(error).message}`, {
      code: 'APF_FILE',
      cause: error,
    });
  }
  return names
    .filter((name) => SCRIPT.test(name) && !NO_FILTER.test(name))
    .sort()
    .map((name) => join(folder, name));
}

/** The name of the filter that a file holds. */
export const filterNameOf = (file: string): string => parse(file).name;

/**
 * The filter that a TypeScript or JavaScript file exports by default.
 * @throws UsageError that names the file and what is wrong with it
 */
export async function loadFilter(file: string): Promise<AlertFilter> {
  const path = resolve(file);
  const name = filterNameOf(path);
  const where = `filter ${printable(file, 200)}`;
  const problem = filterNameProblem(name);
  if (problem) throw new UsageError(`${where}: '${printable(name, 60)}' ${problem}`);
  let module: Readonly<Record<string, unknown>>;
  try {
    module = await filterImport(path)(path);
  } catch (error) {
    throw new UsageError(`${where} cannot be loaded: ${toError(error).message}`, { cause: error });
  }
  return filterOf(module.default, name, where);
}
