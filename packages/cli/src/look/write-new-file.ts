import { writeFile } from 'node:fs/promises';
import { FatalError, toError, UsageError } from '@apf/core';

/**
 * Writes a file. One that is there already is kept unless `overwrite` is set.
 * @throws UsageError for one that is there, FatalError where it cannot be written
 */
export async function writeNewFile(
  path: string,
  content: string | Buffer,
  overwrite: boolean,
): Promise<void> {
  try {
    await writeFile(path, content, { flag: overwrite ? 'w' : 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST')
      throw new UsageError(`'${path}' is there already: --overwrite replaces it`, {
        code: 'APF_FILE',
        cause: error,
      });
    throw new FatalError(`cannot write '${path}': ${toError(error).message}`, {
      code: 'APF_FILE',
      cause: error,
    });
  }
}
