import { writeFile } from 'node:fs/promises';
import { cannotWrite } from '@apf/connectors';
import { fileReason, printable, UsageError } from '@apf/core';

/**
 * Writes a file. One that is there already is kept unless `overwrite` is set.
 * @throws UsageError for one that is there, or in no folder; FatalError where it cannot be written
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
      throw new UsageError(`'${printable(path)}' is there already: --overwrite replaces it`, {
        code: 'APF_FILE',
        cause: error,
      });
    // A folder that is not there was mistyped; a disk that is full is not the command line's fault.
    if (['ENOENT', 'ENOTDIR', 'EISDIR'].includes((error as NodeJS.ErrnoException).code ?? ''))
      throw new UsageError(`'${printable(path)}' cannot be written: ${fileReason(error)}; check the path`, {
        code: 'APF_FILE',
        cause: error,
      });
    throw cannotWrite('the file', path, 'APF_FILE', error);
  }
}
