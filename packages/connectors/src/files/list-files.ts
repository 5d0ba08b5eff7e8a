import { stat } from 'node:fs/promises';
import { isAbsolute, join, resolve } from 'node:path';
import { FatalError, type Logger, UsageError, fileReason, printable } from '@apf/core';
import { glob, isDynamicPattern } from 'tinyglobby';

/**
 * The files that `paths` stand for, in the order of `paths`, each folder and glob sorted by name. A path that exists is
 * taken literally, also when it looks like a glob, and a file that is named is taken whatever its ending; in folders
 * (all levels) and globs only files with one of `endings` count.
 *
 * @throws UsageError for a path that does not exist, or has no such file; FatalError for one that cannot be read.
 */
export async function listFiles(
  paths: readonly string[],
  endings: readonly string[],
  logger: Logger,
): Promise<string[]> {
  const files = new Set<string>();
  for (const path of paths) {
    for (const file of await filesOf(path, endings, logger)) files.add(file);
  }
  return [...files];
}

async function filesOf(path: string, endings: readonly string[], logger: Logger): Promise<string[]> {
  const kind = await kindOf(path);
  if (kind === 'file') return [path];
  if (kind === 'missing' && !isDynamicPattern(path)) {
    throw new UsageError(
      `there is no file or folder '${printable(path)}' (looked for ${printable(resolve(path))}): check the path`,
      { code: 'APF_FILE' },
    );
  }
  const found =
    kind === 'folder'
      ? (await glob('**/*', { cwd: path, expandDirectories: false })).map((name) => join(path, name))
      : await glob(path, { absolute: isAbsolute(path), expandDirectories: false });
  const wanted: string[] = [];
  for (const file of found.sort(byName)) {
    if (endings.some((ending) => file.toLowerCase().endsWith(ending))) wanted.push(file);
    else logger.debug({ file: printable(file) }, 'skipped: not a file of this kind by its name');
  }
  if (wanted.length === 0) {
    const what = kind === 'folder' ? `the folder '${printable(path)}' has` : `'${printable(path)}' matches`;
    throw new UsageError(
      `${what} ${found.length === 0 ? 'no file' : `${found.length} files, but none`} named ${endings
        .map((ending) => `*${ending}`)
        .join(', ')}: check the path, or name a file itself`,
      { code: 'APF_FILE' },
    );
  }
  return wanted;
}

async function kindOf(path: string): Promise<'file' | 'folder' | 'missing'> {
  try {
    return (await stat(path)).isDirectory() ? 'folder' : 'file';
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 'missing';
    throw new FatalError(`'${printable(path)}' cannot be read: ${fileReason(error)}`, {
      code: 'APF_FILE',
      cause: error,
    });
  }
}

/** By UTF-16 code units: the same order in every locale. */
function byName(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
