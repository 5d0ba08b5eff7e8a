import { existsSync } from 'node:fs';
import { isAbsolute, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type CustomClass, nearest, toError, UsageError } from '@apf/core';

/** Imports a file; `apf run` gives one that understands TypeScript. */
export type Load = (path: string) => Promise<Readonly<Record<string, unknown>>>;

export const importFile: Load = async (path) =>
  (await import(pathToFileURL(path).href)) as Readonly<Record<string, unknown>>;

export interface Custom {
  /** The folder of the step: paths in settings are relative to it. */
  readonly folder: string;
  readonly load: Load | undefined;
}

/**
 * Makes an instance of a class that settings name as `./file.js#Name`, and checks that it has the methods it needs.
 * @param where the setting's path, for errors.
 * @throws UsageError that names the setting, the file, and what is wrong with it.
 */
export async function instantiate<T>(
  { file, name }: CustomClass,
  where: string,
  methods: readonly (keyof T & string)[],
  args: readonly unknown[],
  { folder, load }: Custom,
): Promise<T> {
  const refuse = (why: string, cause?: unknown): never => {
    throw new UsageError(`settings: ${where} '${file}#${name}': ${why}`, { code: 'APF_SETTINGS', cause });
  };
  const path = found(file, folder, load !== undefined) ?? refuse(`there is no such file in ${folder}`);
  let module: Readonly<Record<string, unknown>>;
  try {
    module = await (load ?? importFile)(path);
  } catch (error) {
    return refuse(`the file cannot be loaded: ${toError(error).message}`, error);
  }
  const Class = module[name];
  if (typeof Class !== 'function') {
    const near = nearest(name, Object.keys(module));
    const cure = near
      ? `did you mean '${near}'?`
      : `it exports ${Object.keys(module).join(', ') || 'nothing'}`;
    return refuse(`the file exports no class of that name; ${cure}`);
  }
  const instance = new (Class as new (...args: readonly unknown[]) => T)(...args);
  const missing = methods.filter((method) => typeof instance[method] !== 'function');
  if (missing.length > 0) refuse(`the class lacks the methods ${missing.join(', ')}`);
  return instance;
}

/** A built step has its files below `dist`; while it is edited, only the TypeScript file is there. */
function found(file: string, folder: string, typescript: boolean): string | undefined {
  const path = isAbsolute(file) ? file : join(folder, file);
  const inside = isAbsolute(file) ? undefined : join(folder, 'dist', relative(folder, path));
  const script = (name: string): string => name.replace(/\.([cm]?)ts$/, '.$1js');
  const source = (name: string): string => name.replace(/\.([cm]?)js$/, '.$1ts');
  const candidates = typescript
    ? [source(path), path]
    : [...(inside === undefined ? [] : [script(inside)]), script(path), path];
  return candidates.find((candidate) => existsSync(candidate));
}
